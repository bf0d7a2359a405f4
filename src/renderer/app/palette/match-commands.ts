import type { Command } from '../../stores/commands-store';

/** More than letters that stand somewhere in a title in this order, less than letters that stand there together. */
const byWords = 18;

/**
 * The commands that what was typed may mean, best first: every typed letter must be in the title or group, in order, or
 * every typed word must begin a word of the title, the group, or the other words for the command. Letters at beginnings
 * of words and runs of letters count more, as does what was done lately.
 *
 * @param wordsOf other words that a command is known by
 */
export function matchCommands(
  commands: readonly Command[],
  typed: string,
  recent: readonly string[],
  wordsOf: (id: string) => string = () => '',
): readonly Command[] {
  const tokens = plain(typed).split(/\s+/).filter(Boolean);
  const wanted = tokens.join('');
  const scored = commands.flatMap((command, place) => {
    const [title, group] = [plain(command.title), plain(command.group)];
    const byLetters = wanted === '' ? 0 : scoreOf(title, group, wanted);
    const named = byLetters !== null && byLetters >= byWords;
    const isMeant = !named && wanted !== '' && beginWords(`${title} ${group} ${plain(wordsOf(command.id))}`, tokens);
    // Of commands that go by the same words, the one whose title says more of them comes first.
    const inTitle = tokens.filter((token) => beginWords(title, [token])).length;
    const score = isMeant ? byWords + inTitle / tokens.length : byLetters;
    if (score === null) return [];
    const lately = recent.indexOf(command.id);
    return [{ command, score: score + (lately < 0 ? 0 : 3 - Math.min(2, lately)), place }];
  });
  return scored.sort((a, b) => b.score - a.score || a.place - b.place).map(({ command }) => command);
}

/** Whether every token is the beginning of a word. */
function beginWords(text: string, tokens: readonly string[]): boolean {
  const words = text.split(/[^\p{L}\p{N}]+/u);
  return tokens.every((token) => words.some((word) => word.startsWith(token)));
}

/** Without case and accents, and with ordinary spaces. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ').toLowerCase();
}

function scoreOf(title: string, group: string, wanted: string): number | null {
  const inTitle = subsequenceScore(title, wanted);
  if (inTitle !== null) return inTitle + 2;
  return subsequenceScore(`${group} ${title}`, wanted);
}

function subsequenceScore(text: string, wanted: string): number | null {
  const whole = text.indexOf(wanted);
  if (whole >= 0)
    return 20 + (whole === 0 || /\W/.test(text[whole - 1] ?? '') ? 10 : 0) - Math.min(5, text.length / 20);
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return null;
    score += next === at + 1 ? 2 : next === 0 || /\W/.test(text[next - 1] ?? '') ? 1.5 : 0.2;
    at = next;
  }
  return score;
}
