import { compare, product, valuesOf, type Bench } from './bench';
import type { GemmPeak } from './report';
import { rounded } from './statistics';

/** What the GEMM peak was measured with. */
export interface PeakDetails {
  readonly peak: GemmPeak;
  readonly note: string;
}

/** The speed of a large square matrix product in each precision: the better of our kernels and TensorFlow's. */
export async function measurePeak(bench: Pick<Bench, 'bf16' | 'options'>): Promise<PeakDetails> {
  const { smoke, repeats } = bench.options;
  const spec = { size: smoke ? 256 : 2048, times: smoke ? 1 : 5 };
  const precisions = bench.bf16 ? (['fp32', 'bf16'] as const) : (['fp32'] as const);
  const starts = Object.fromEntries(precisions.map((name) => [name, () => product('gemm', spec, name)]));
  const measured = await compare(starts, Math.min(3, repeats));
  const best = (precision: string, name: string): number => Math.max(0, ...valuesOf(measured[precision], name));
  const peakOf = (precision: string): number | null => {
    const fastest = Math.max(best(precision, 'own'), best(precision, 'tensorflow'));
    return fastest > 0 ? rounded(fastest) : null;
  };
  const note = precisions
    .map(
      (each) => `${each}: own ${rounded(best(each, 'own'))}, TensorFlow ${rounded(best(each, 'tensorflow'))} GFLOP/s`,
    )
    .join(' · ');
  return { peak: { fp32: peakOf('fp32'), bf16: bench.bf16 ? peakOf('bf16') : null }, note };
}
