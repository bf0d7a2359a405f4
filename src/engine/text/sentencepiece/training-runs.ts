import { SPACE_MARK } from './normalizer';
import { INHERITED, scriptOf } from './scripts-of-characters';

/**
 * The text that pieces are learned from: every run of characters that a piece may lie in, once, with how often it stood.
 * A run ends where a word does, where the script changes, and at characters too rare to be learned.
 */
export interface TrainingRuns {
  /** Numbers of characters from 1 on; 0 stands before each run and at the end. */
  readonly chars: Uint16Array;
  /** Where each run begins; one more entry than runs. The character before the next run is its end. */
  readonly starts: Int32Array;
  /** How often each run stood. */
  readonly counts: Float64Array;
  /** The characters by their numbers; 0 has none. */
  readonly alphabet: readonly string[];
  /** How often each character stood, by number. */
  readonly frequencies: Float64Array;
}

/** What {@link trainingRuns} does with the words. */
export interface RunOptions {
  /** Share of all characters that must be learned. */
  readonly coverage: number;
  /** Symbols that are never part of another piece. */
  readonly symbols: readonly string[];
  /** Most characters that are learned. */
  readonly mostCharacters: number;
  /** Most characters in all runs together; words beyond that are left out evenly. */
  readonly mostUnits: number;
}

/** Longer runs are cut: sums of probabilities stay within the range of numbers. */
const LONGEST_RUN = 128;
const MOST_ALPHABET = 0xfffe;

/** Cuts counted words (normalized, each with the mark of the space before it) into runs. */
export function trainingRuns(words: ReadonlyMap<string, number>, options: RunOptions): TrainingRuns {
  const parts = withoutSymbols(words, options.symbols);
  const { alphabet, numbers, frequencies } = alphabetOf(parts, options);
  const runs = new Map<string, number>();
  let units = 0;
  for (const [word, count] of evenly(parts, options.mostUnits)) {
    for (const run of runsOf(word, numbers)) {
      const before = runs.get(run);
      if (before === undefined) units += run.length + 1;
      runs.set(run, (before ?? 0) + count);
    }
  }
  const chars = new Uint16Array(units + 1);
  const starts = new Int32Array(runs.size + 1);
  let at = 1;
  let index = 0;
  for (const run of runs.keys()) {
    starts[index++] = at;
    for (const character of run) chars[at++] = numbers.get(character) ?? 0;
    at++;
  }
  starts[index] = at;
  return { chars: chars.subarray(0, at), starts, counts: Float64Array.from(runs.values()), alphabet, frequencies };
}

function withoutSymbols(words: ReadonlyMap<string, number>, symbols: readonly string[]): Map<string, number> {
  const parts = new Map<string, number>();
  for (const [word, count] of words) {
    const symbol = symbols.find((each) => word.startsWith(each));
    const rest = symbol === undefined ? word : word.slice(symbol.length);
    if (rest !== '') parts.set(rest, (parts.get(rest) ?? 0) + count);
  }
  return parts;
}

/** The most frequent characters that together make up the share that is wanted. */
function alphabetOf(words: ReadonlyMap<string, number>, options: RunOptions) {
  const counts = new Map<string, number>();
  let total = 0;
  for (const [word, count] of words) {
    for (const character of word) {
      counts.set(character, (counts.get(character) ?? 0) + count);
      total += count;
    }
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const alphabet = [''];
  const frequencies = [0];
  let covered = 0;
  for (const [character, count] of sorted) {
    if (covered / total >= options.coverage || alphabet.length > Math.min(options.mostCharacters, MOST_ALPHABET)) break;
    covered += count;
    alphabet.push(character);
    frequencies.push(count);
  }
  const numbers = new Map(alphabet.slice(1).map((character, i) => [character, i + 1]));
  return { alphabet, numbers, frequencies: Float64Array.from(frequencies) };
}

/** All words, or every so many-th where they are too long together. */
function* evenly(words: ReadonlyMap<string, number>, mostUnits: number): Generator<[string, number]> {
  let units = 0;
  for (const word of words.keys()) units += word.length;
  const share = Math.min(1, mostUnits / Math.max(1, units));
  let due = 0;
  for (const entry of words) {
    due += share;
    if (due < 1) continue;
    due -= 1;
    yield entry;
  }
}

function* runsOf(word: string, numbers: ReadonlyMap<string, number>): Generator<string> {
  let run = '';
  let length = 0;
  let script = -1;
  for (const character of word) {
    const known = numbers.has(character);
    const own = character === SPACE_MARK ? -1 : scriptOf(character);
    const next = own === INHERITED ? script : own;
    const parted = script >= 0 && next >= 0 && next !== script;
    if (run !== '' && (!known || parted || length >= LONGEST_RUN)) {
      yield run;
      [run, length, script] = ['', 0, -1];
    }
    if (!known) continue;
    run += character;
    length++;
    if (next >= 0) script = next;
  }
  if (run !== '') yield run;
}
