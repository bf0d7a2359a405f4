import { compare, peer, product, valuesOf, type Bench } from '../bench';
import { range } from '../precisions';
import { row, type DetailedRow } from '../report';
import { median } from '../statistics';

/** The top rung of Human Numbers: seconds of 15 epochs, and accuracy after the last. Each repeat has another seed. */
export async function humanNumbers(bench: Bench): Promise<DetailedRow[]> {
  const { smoke, repeats } = bench.options;
  const spec = { epochs: smoke ? 1 : 15 };
  const measured = await compare(
    { product: () => product('human-numbers', spec), peer: () => peer(bench, 'human_numbers', spec) },
    repeats,
  );
  return (['seconds', 'accuracy'] as const).map((name) => {
    const ours = valuesOf(measured['product'], name);
    const theirs = valuesOf(measured['peer'], name);
    const what = `Human Numbers, AWD-LSTM rung, ${spec.epochs} epochs: ${name}`;
    return row('human-numbers', what, name === 'seconds' ? 's' : 'share', {
      product: median(ours),
      peer: theirs.length > 0 ? median(theirs) : null,
      note: theirs.length > 0 ? `${range(ours)} · peer ${range(theirs)}` : range(ours),
    });
  });
}
