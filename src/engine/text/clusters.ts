import { classesAt, classesBefore, CLUSTER, codePointBefore, ICON } from './char-classes';

/*
 * Tokens must not cut through what a reader sees as one character: a letter with its marks, an emoji with its skin tone
 * or joined with others, a flag. Only the few rules of Unicode's grapheme clusters that a cut can break are needed here;
 * `Intl.Segmenter` takes time that grows with the square of a text's length.
 */

const JOINER = 0x200d;
const NON_JOINER = 0x200c;

/** Whether a chunk holds anything that may belong to the character before it. */
export function hasCluster(chunk: string): boolean {
  for (let i = 0; i < chunk.length; i++) {
    if (chunk.charCodeAt(i) >= 0x300 && classesAt(chunk, i) & CLUSTER) return true;
  }
  return false;
}

/** Joins tokens wherever the cut between them lies inside one character. */
export function keepClusters(chunk: string, tokens: readonly string[]): readonly string[] {
  const whole: string[] = [];
  let position = 0;
  let flagHalves = 0;
  for (const token of tokens) {
    const flagHalf = isFlagHalf(token.codePointAt(0) ?? 0);
    const joined = whole.length > 0 && (flagHalf ? flagHalves % 2 === 1 : isInside(chunk, position));
    if (joined) whole[whole.length - 1] += token;
    else whole.push(token);
    flagHalves = flagHalf ? flagHalves + 1 : 0;
    position += token.length;
  }
  return whole;
}

/** Whether a cut at `position` would part a character; flags, which need counting, apart. */
function isInside(chunk: string, position: number): boolean {
  const code = chunk.codePointAt(position) ?? 0;
  const before = codePointBefore(chunk, position);
  // A joiner that has nothing to join on its left (it clings to a bracket, say) holds nothing together.
  if (code === JOINER || code === NON_JOINER) return (classesBefore(chunk, position) & (ICON | CLUSTER)) !== 0;
  if (before === JOINER) return (classesAt(chunk, position) & ICON) !== 0;
  return (classesAt(chunk, position) & CLUSTER) !== 0;
}

/** Flags are pairs of regional indicators, each of which spaCy takes for a symbol of its own. */
function isFlagHalf(point: number): boolean {
  return point >= 0x1f1e6 && point <= 0x1f1ff;
}
