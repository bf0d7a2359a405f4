import { compare, peer, product, valuesOf, type Bench } from './bench';
import { row, type DetailedRow, type SectionName } from './report';
import { median, rounded, spread } from './statistics';

/** A comparison of model work in both precisions. */
export interface ModelComparison {
  readonly section: SectionName;
  readonly what: string;
  readonly unit: string;
  /** The product's task, and its peer among `bench/peers`; both get the spec, the peer with `bf16` in it. */
  readonly task: string;
  readonly peer: string;
  readonly spec: object;
  /** Floating-point operations of one unit of work; 0: not told. */
  readonly operations: number;
}

/** Product and peer in turn, each in fp32 and (where the processor has it) in bf16; the faster of each is compared. */
export async function comparePrecisions(bench: Bench, wanted: ModelComparison): Promise<DetailedRow> {
  const { section, what, unit, spec, operations } = wanted;
  const ours = (precision: 'fp32' | 'bf16') => () => product(wanted.task, spec, precision);
  const theirs = (bf16: boolean) => () => peer(bench, wanted.peer, { ...spec, bf16 });
  const both = bench.bf16 && !bench.options.smoke;
  const measured = await compare(
    {
      ...(both ? { ours16: ours('bf16') } : {}),
      ...(both ? { theirs16: theirs(true) } : {}),
      ours32: ours('fp32'),
      theirs32: theirs(false),
    },
    bench.options.repeats,
  );
  const [ours16, ours32, theirs16, theirs32] = ['ours16', 'ours32', 'theirs16', 'theirs32'].map((name) =>
    valuesOf(measured[name], 'rate'),
  ) as [Rates, Rates, Rates, Rates];
  const fast = faster(ours16, ours32);
  const theirFast = faster(theirs16, theirs32);
  const share = shareOfPeak(bench, fast === ours16 ? 'bf16' : 'fp32', middle(fast), operations);
  const parts = [`${fast === ours16 ? 'bf16' : 'fp32'} ${range(fast)}`];
  if (theirFast.length > 0) parts.push(`peer ${theirFast === theirs16 ? 'bf16' : 'fp32'} ${range(theirFast)}`);
  if (both) parts.push(`fp32 ${range(ours32)}`);
  if (both && theirs32.length > 0) parts.push(`peer fp32 ${range(theirs32)}`);
  if (share !== null) parts.push(`${(100 * share).toFixed(0)} % of the GEMM peak`);
  return row(section, what, unit, {
    product: middle(fast),
    peer: middle(theirFast),
    fp32: [middle(ours32), middle(theirs32)],
    note: parts.join(' · '),
  });
}

type Rates = readonly number[];

function faster(a: Rates, b: Rates): Rates {
  return a.length > 0 && median(a) > median(b) ? a : b;
}

function middle(values: readonly number[]): number | null {
  return values.length === 0 ? null : median(values);
}

function shareOfPeak(bench: Bench, precision: 'fp32' | 'bf16', rate: number | null, operations: number): number | null {
  const peak = bench.gemmPeak[precision];
  return rate === null || peak === null || operations === 0 ? null : (rate * operations) / (peak * 1e9);
}

/** "least to greatest", rounded. */
export function range(values: readonly number[]): string {
  if (values.length === 0) return '–';
  const [least, greatest] = spread(values);
  return values.length === 1 ? String(rounded(least)) : `${rounded(least)} to ${rounded(greatest)}`;
}
