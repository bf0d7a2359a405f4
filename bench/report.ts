import { rounded } from './statistics';

/** The parts of the bench, in the order in which they run. */
export const sectionNames = [
  'lm-train',
  'classifier-train',
  'predict',
  'tokenize',
  'import',
  'human-numbers',
  'startup',
  'memory',
  'million',
  'quality',
  'sizes',
] as const;
export type SectionName = (typeof sectionNames)[number];

/** One line of the result. `ratio` is product / peer in the unit given: for times less is better, for rates more. */
export interface BenchRow {
  readonly section: SectionName;
  readonly what: string;
  readonly unit: string;
  readonly product: number | null;
  readonly peer: number | null;
  readonly ratio: number | null;
  /** The same with both in 32-bit arithmetic. */
  readonly fp32Ratio: number | null;
}

/** A row with how far its values lie apart, for people. */
export interface DetailedRow extends BenchRow {
  readonly note: string;
}

/** GFLOP/s of a large square matrix product, the better of our kernels and TensorFlow's; null where there are none. */
export interface GemmPeak {
  readonly fp32: number | null;
  readonly bf16: number | null;
}

/** A row; missing values stay null, and so do ratios with one of them. */
export function row(
  section: SectionName,
  what: string,
  unit: string,
  values: {
    readonly product: number | null;
    readonly peer?: number | null;
    readonly fp32?: readonly [product: number | null, peer: number | null];
    readonly note?: string;
  },
): DetailedRow {
  const { product, peer = null, fp32 = [null, null], note = '' } = values;
  const round = (value: number | null): number | null => (value === null ? null : rounded(value));
  return {
    section,
    what,
    unit,
    product: round(product),
    peer: round(peer),
    ratio: round(ratioOf(product, peer)),
    fp32Ratio: round(ratioOf(...fp32)),
    note,
  };
}

function ratioOf(product: number | null, peer: number | null): number | null {
  return product === null || peer === null || peer === 0 ? null : product / peer;
}

/** The row as the last line of output has it. */
export function plainRow({ section, what, unit, product, peer, ratio, fp32Ratio }: DetailedRow): BenchRow {
  return { section, what, unit, product, peer, ratio, fp32Ratio };
}

/** Rows for a person. */
export function lineOf(each: DetailedRow): string {
  const number = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en-GB'));
  const ratio = each.ratio === null ? '' : `, ratio ${number(each.ratio)}`;
  const fp32 = each.fp32Ratio === null ? '' : `, in fp32 ${number(each.fp32Ratio)}`;
  const peer = each.peer === null ? '' : `, peer ${number(each.peer)}`;
  const note = each.note === '' ? '' : `\n      ${each.note}`;
  return `  ${each.what}: ${number(each.product)} ${each.unit}${peer}${ratio}${fp32}${note}`;
}
