import type { Command } from '../../stores/commands-store';

/**
 * The commands that what was typed may mean, best first: every typed letter must be in the title or group, in order.
 * Letters at beginnings of words and runs of letters count more, as does what was done lately.
 */
export function matchCommands(
  commands: readonly Command[],
  typed: string,
  recent: readonly string[],
): readonly Command[] {
  const wanted = plain(typed).replace(/\s+/g, '');
  const scored = commands.flatMap((command, place) => {
    const score = wanted === '' ? 0 : scoreOf(plain(command.title), plain(command.group), wanted);
    if (score === null) return [];
    const lately = recent.indexOf(command.id);
    return [{ command, score: score + (lately < 0 ? 0 : 3 - Math.min(2, lately)), place }];
  });
  return scored.sort((a, b) => b.score - a.score || a.place - b.place).map(({ command }) => command);
}

/** Without case and accents. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
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
