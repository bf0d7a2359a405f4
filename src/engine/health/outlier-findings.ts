import { finding, type Finding, type RowFacts } from './findings';
import type { ScanResult } from './health-scan';

/** Among fewer texts nothing is unlike all others: there is too little to be like. */
const FEWEST_TEXTS = 100;
/** So far below the median, in deviations of the logarithms below it: what like texts leave empty. */
const DEVIATIONS = 5;
/** And below this share of the median, however alike all other texts are. */
const LEAST_SHARE = 0.4;
/** The lower quartile of a normal distribution, in deviations from its middle. */
const QUARTILE = 0.6745;
/** A likeness of nothing has no logarithm. */
const NO_LIKENESS = 1e-3;

/** Texts that are like none of the others, those first that are least so. */
export function outlierFindings(facts: RowFacts, { sampled, likeness }: ScanResult): readonly Finding[] {
  if (sampled.length < FEWEST_TEXTS) return [];
  const limit = likenessLimit(likeness);
  const places = Array.from(sampled.keys()).filter(
    (place) => (likeness[place] ?? 0) < limit && !facts.isSetAside(sampled[place] ?? 0),
  );
  places.sort((a, b) => (likeness[a] ?? 0) - (likeness[b] ?? 0) || a - b);
  const rows = Int32Array.from(places, (place) => sampled[place] ?? 0);
  if (rows.length === 0) return [];
  return [
    finding({
      id: 'outlier',
      weight: 'note',
      rows,
      facts: { looked: sampled.length },
      remedies: [['set-aside', rows]],
    }),
  ];
}

/** Below this mean likeness a text stands alone: far below the median on the scale of the texts' own spread. */
function likenessLimit(likeness: Float32Array): number {
  const sorted = Float32Array.from(likeness, (value) => Math.log(Math.max(NO_LIKENESS, value))).sort();
  const median = sorted[sorted.length >> 1] ?? 0;
  const deviation = (median - (sorted[sorted.length >> 2] ?? 0)) / QUARTILE;
  return Math.min(Math.exp(median - DEVIATIONS * deviation), LEAST_SHARE * Math.exp(median));
}
