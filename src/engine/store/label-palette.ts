/**
 * Eight colours that people with any of the common colour-vision deficiencies tell apart (after Okabe and Ito, 2008),
 * the yellow darkened so that it shows on white.
 */
const BASE = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9', '#b8a800', '#7f7f7f'] as const;
/** Later rounds mix the same hues with black or white: share and target. */
const ROUNDS: readonly (readonly [share: number, target: number])[] = [
  [0, 0],
  [0.35, 0],
  [0.4, 255],
  [0.6, 0],
  [0.2, 255],
];

/** The colour of a label by its number: always the same, and for the first eight safe for colour-blind eyes. */
export function labelColor(id: number): string {
  const base = BASE[id % BASE.length] ?? BASE[0];
  const [share, target] = ROUNDS[Math.floor(id / BASE.length) % ROUNDS.length] ?? [0, 0];
  const mixed = [1, 3, 5].map((at) => {
    const channel = parseInt(base.slice(at, at + 2), 16);
    return Math.round(channel + share * (target - channel))
      .toString(16)
      .padStart(2, '0');
  });
  return `#${mixed.join('')}`;
}
