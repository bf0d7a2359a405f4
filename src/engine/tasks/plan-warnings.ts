import { FEWEST_JUDGED, FEWEST_MEASURED, isTooFewToMeasure } from '../../shared/evidence';
import { labelDoubt } from '../../shared/label-doubt';
import type { PlanWarning } from '../../shared/run-notes';
import { wilsonInterval } from '../evaluate/wilson';

/** What a run would have to learn from, choose by and be measured on. */
export interface LabelledFacts {
  /** Every label with the labelled rows that have it, on any side. */
  readonly labels: readonly { readonly name: string; readonly count: number }[];
  /** Labelled rows on all sides. */
  readonly labelled: number;
  readonly validRows: number;
  /** Training rows that folds of a linear head are asked about: they judge beside the validation rows. */
  readonly foldRows: number;
  readonly testRows: number;
  /** Whether the test rows are a share that the request sets, and not given, locked or divided by the project's plan. */
  readonly testByShare: boolean;
  /** Whether validation is to say if the blend with the baseline is used. */
  readonly judgesBlend: boolean;
}

/** A label with fewer rows than this has seven or eight to learn from and one to be measured on. */
const FEWEST_OF_A_CLASS = 10;
/** More than this share kept for the test would be missed in training. */
const MOST_TEST_SHARE = 0.3;
/** So many of the rarest labels are named. */
const NAMED = 5;
/** What a useful classifier about gets right, for an interval before anything is measured. */
const LIKELY_ACCURACY = 0.9;

/** What a person should know of the data before a run begins, the gravest first. */
export function planWarnings(facts: LabelledFacts): PlanWarning[] {
  const doubt = doubtOf(facts);
  // Where the column is the wrong one, no count of rows is the trouble.
  return doubt ? [doubt] : [...fewTestRows(facts), ...fewValidationRows(facts), ...smallClasses(facts)];
}

function doubtOf({ labels, labelled }: LabelledFacts): PlanWarning | null {
  const values = labels.map(({ name }) => name);
  const alone = labels.filter(({ count }) => count === 1).length;
  const doubt = labelDoubt({ values, alone, rows: labelled });
  if (doubt === null) return null;
  const code = doubt === 'numbers' ? 'labels-are-numbers' : 'labels-nearly-unique';
  return { code, labels: values.length, texts: labelled };
}

function fewTestRows({ labelled, testRows, testByShare }: LabelledFacts): PlanWarning[] {
  if (!isTooFewToMeasure(testRows)) return [];
  // In whole percent, and enough also where classes round down.
  const wanted = Math.ceil((105 * FEWEST_MEASURED) / Math.max(1, labelled)) / 100;
  const testShare = testByShare && wanted <= MOST_TEST_SHARE ? wanted : null;
  if (testRows === 0) return [{ code: 'no-test-rows', testShare }];
  const [low, high] = wilsonInterval(LIKELY_ACCURACY * testRows, testRows);
  return [{ code: 'few-test-rows', n: testRows, points: Math.round(50 * (high - low)), testShare }];
}

function fewValidationRows({ validRows, foldRows, judgesBlend }: LabelledFacts): PlanWarning[] {
  const n = validRows + foldRows;
  return judgesBlend && n < FEWEST_JUDGED ? [{ code: 'few-validation-rows', n, needed: FEWEST_JUDGED }] : [];
}

function smallClasses({ labels }: LabelledFacts): PlanWarning[] {
  const small = labels.filter(({ count }) => count < FEWEST_OF_A_CLASS).sort((a, b) => a.count - b.count);
  if (small.length === 0) return [];
  const named = small.slice(0, NAMED).map(({ name, count }) => `${name} (${count})`);
  const shown = small.length > NAMED ? [...named, '…'] : named;
  return [{ code: 'small-classes', n: small.length, fewest: FEWEST_OF_A_CLASS, labels: shown }];
}
