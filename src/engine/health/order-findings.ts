import { finding, rowsWhere, type Finding, type RowFacts } from './findings';
import type { ScanResult } from './health-scan';
import { CLOSE } from './nearest-texts';
import { runsTest } from './runs-test';

/** In fewer rows an order says nothing. */
const FEWEST_ROWS = 100;
/** Labels that change less often than this share of what chance would do are in an order. */
const FEW_CHANGES = 0.6;
/** Chance gives such a share of pairs of texts that stand close. */
const CHANCE_CLOSE = 2 * CLOSE - CLOSE ** 2;
/** Like texts that stand together so much more often than by chance are in an order. */
const MANY_CLOSE = 1.2;
/** Standard deviations from chance, beside the share itself: small files vary. */
const CLEAR = 6;

/** Whether the rows stand in an order: sorted by label, or like texts together (by time, by source). */
export function orderFindings(facts: RowFacts, scan: ScanResult): readonly Finding[] {
  const byLabel = labelOrder(facts);
  // Where labels stand together, their texts do too: once is enough.
  const found = byLabel ?? textOrder(scan);
  return found === null ? [] : [found];
}

function labelOrder(facts: RowFacts): Finding | null {
  const rows = rowsWhere(facts, (row) => facts.labelSetOf(row) >= 0);
  const { changes, expected, z, longest } = runsTest(rows.map((row) => facts.labelSetOf(row)));
  if (rows.length < FEWEST_ROWS || changes >= FEW_CHANGES * expected || z > -CLEAR) return null;
  const stretch = rows.slice(longest.at, longest.at + longest.length);
  const [first = 0] = stretch;
  return finding({
    id: 'label-order',
    weight: isCutAlong(facts, rows) ? 'warning' : 'note',
    rows: stretch,
    facts: {
      changes,
      expected: Math.round(expected),
      label: facts.labelsOf(facts.labelSetOf(first)).join(', '),
      first: first + 1,
      last: (stretch.at(-1) ?? first) + 1,
    },
    remedies: [],
  });
}

/** Whether what is learned from and what is measured on stand in different places of the file, and not mixed. */
function isCutAlong(facts: RowFacts, rows: Int32Array): boolean {
  const learned = rows.map((row) => Number(facts.splitOf(row) === 'train'));
  const { changes, expected, z } = runsTest(learned);
  return changes < FEW_CHANGES * expected && z < -CLEAR;
}

function textOrder({ sampled, pairs, closePairs }: ScanResult): Finding | null {
  const share = closePairs / Math.max(1, pairs);
  const deviation = Math.sqrt((CHANCE_CLOSE * (1 - CHANCE_CLOSE)) / Math.max(1, pairs));
  if (sampled.length < FEWEST_ROWS || share < MANY_CLOSE * CHANCE_CLOSE) return null;
  if (share - CHANCE_CLOSE < CLEAR * deviation) return null;
  return finding({
    id: 'text-order',
    weight: 'note',
    rows: new Int32Array(0),
    count: closePairs,
    facts: { share: Math.round(100 * share), chance: Math.round(100 * CHANCE_CLOSE), looked: sampled.length },
    remedies: [],
  });
}
