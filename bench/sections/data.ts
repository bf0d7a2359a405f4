import { join } from 'node:path';
import { compare, peer, product, valuesOf, type Bench } from '../bench';
import { corpus, csvOf, shortRows, writeLines } from '../corpus';
import { range } from '../precisions';
import { row, type DetailedRow } from '../report';
import { median } from '../statistics';

/** Texts to tokens on all cores: tokens a second. The product also makes the vocabulary and writes the ids to disk. */
export async function tokenize(bench: Bench): Promise<DetailedRow[]> {
  const { smoke, repeats } = bench.options;
  const { name, texts } = await corpus(bench, smoke ? 50 : 25_000);
  const [all, part] = [join(bench.work, 'texts.jsonl'), join(bench.work, 'texts-part.jsonl')];
  // The peer gets a part: its rate does not depend on how many there are, once there are enough for its processes.
  const peerTexts = texts.slice(0, 4000);
  writeLines(all, texts);
  writeLines(part, peerTexts);
  const measured = await compare(
    {
      product: () => product('tokenize', { file: all }),
      peer: () => peer(bench, 'tokenize_texts', { file: part }),
    },
    repeats,
  );
  const rates = valuesOf(measured['product'], 'rate');
  const theirs = valuesOf(measured['peer'], 'rate');
  const tokens = valuesOf(measured['product'], 'tokens')[0] ?? 0;
  const cpu = median(valuesOf(measured['product'], 'cpuSeconds'));
  const what = `tokenization, ${texts.length} texts of ${name}, all cores (peer: rules + spaCy on ${peerTexts.length})`;
  const peerNote = theirs.length > 0 ? ` · peer ${range(theirs)}` : '';
  return [
    row('tokenize', what, 'tokens/s', {
      product: median(rates),
      peer: theirs.length > 0 ? median(theirs) : null,
      note: `${range(rates)}${peerNote} · ${tokens} tokens in ${cpu.toFixed(1)} s of processor time`,
    }),
  ];
}

/** A large CSV file into a project, beside DuckDB's own reader into a table: seconds. And pages of a large table. */
export async function importCsv(bench: Bench): Promise<DetailedRow[]> {
  const { smoke, repeats } = bench.options;
  const texts = await corpus(bench, smoke ? 50 : 25_000);
  const bytes = smoke ? 2e5 : 1e9;
  const file = await csvOf(bench, texts, bytes);
  const spec = { file, folder: bench.work };
  const measured = await compare(
    { product: () => product('import', spec), peer: () => product('read-csv', spec) },
    Math.min(repeats, 3),
  );
  const [ours, theirs] = [valuesOf(measured['product'], 'seconds'), valuesOf(measured['peer'], 'seconds')];
  const memory = Math.max(...valuesOf(measured['product'], 'megabytes'));
  const cpu = [measured['product'], measured['peer']].map((each) => median(valuesOf(each, 'cpuSeconds')).toFixed(1));
  const size = smoke ? '200 kB' : '1 GB';
  const rowsWanted = smoke ? 2_000 : 5_000_000;
  const short = await shortRows(bench, texts.texts, smoke ? 1_000 : 1_000_000);
  const paged = await compare({ product: () => product('pages', { file: short, rowsWanted }) }, 1);
  const slowest = valuesOf(paged['product'], 'slowest')[0] ?? NaN;
  return [
    row('import', `import of a CSV of ${size} (peer: read_csv into a table)`, 's', {
      product: median(ours),
      peer: median(theirs),
      note: `${range(ours)} · peer ${range(theirs)} · processor time ${cpu.join(' and ')} s`,
    }),
    row('import', `import of a CSV of ${size}: most memory of the process`, 'MB', { product: memory }),
    row('import', `a page of 100 rows of ${rowsWanted.toLocaleString('en-GB')}, slowest of 20 places`, 'ms', {
      product: slowest,
    }),
  ];
}
