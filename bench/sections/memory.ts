import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TokenizationPool } from '../../src/main/workers/tokenization-pool';
import { compare, product, valuesOf, type Bench } from '../bench';
import { corpus, shortRows, type Corpus } from '../corpus';
import { row, type DetailedRow } from '../report';

const sizes = { vocabulary: 8_000, embedding: 200, hidden: 400, layers: 2 };
const tiny = { vocabulary: 200, embedding: 16, hidden: 24, layers: 2 };

/** What must not grow: memory of prediction from file to file, and the cost of a token from small texts to large ones. */
export async function memory(bench: Bench): Promise<DetailedRow[]> {
  const { smoke } = bench.options;
  const texts = await corpus(bench, smoke ? 50 : 25_000);
  return [...(await fileToFile(bench, texts)), ...(await costAgainstSize(bench, texts))];
}

/** A million short rows from file to file, beside a few of them in one batch; and the memory early and late. */
async function fileToFile(bench: Bench, { texts }: Corpus): Promise<DetailedRow[]> {
  const { smoke } = bench.options;
  const [rows, few] = smoke ? [500, 100] : [1_000_000, 50_000];
  const folder = join(bench.work, 'classifier');
  const out = join(bench.work, 'predicted.csv');
  const spec = { folder, out };
  const model = { ...(smoke ? tiny : sizes), folder };
  await compare({ model: () => product('save-classifier', model) }, 1);
  const precision = bench.bf16 ? 'bf16' : 'fp32';
  const [whole, part] = [await shortRows(bench, texts, rows), await shortRows(bench, texts, few)];
  const measured = await compare(
    {
      part: () => product('predict-file', { ...spec, file: part }, precision),
      whole: () => product('predict-file', { ...spec, file: whole }, precision),
    },
    1,
  );
  const of = (which: string, name: string): number => valuesOf(measured[which], name)[0] ?? NaN;
  const growth = of('whole', 'late') - of('whole', 'early');
  return [
    row('memory', `prediction of ${rows} short rows from file to file (beside: ${few} rows)`, 'rows/s', {
      product: of('whole', 'rate'),
      peer: of('part', 'rate'),
    }),
    row('memory', 'its memory in the last quarter (beside: in the second)', 'MB', {
      product: of('whole', 'late'),
      peer: of('whole', 'early'),
      note: `grew by ${growth.toFixed(0)} MB`,
    }),
  ];
}

/** Microseconds a token of tokenization, of loading windows and of training steps, for texts of 1 to 30 million tokens. */
async function costAgainstSize(bench: Bench, texts: Corpus): Promise<DetailedRow[]> {
  const { smoke } = bench.options;
  const rows: DetailedRow[] = [];
  for (const millions of smoke ? [0.002] : [1, 3, 10, 30]) {
    const shards = join(bench.work, `shards-${texts.name}-${millions}`);
    await shardsOf(bench, texts, millions * 1e6, shards);
    const model = smoke ? { ...tiny, batch: 4, bptt: 8 } : { ...sizes, batch: 32, bptt: 64 };
    const spec = { ...model, vocabulary: smoke ? 5_000 : 60_000, shards, steps: smoke ? 1 : 30 };
    const precision = bench.bf16 ? 'bf16' : 'fp32';
    const measured = await compare({ epoch: () => product('language-model-epoch', spec, precision) }, 1);
    for (const what of ['loading', 'training'] as const) {
      rows.push(
        row('memory', `cost against size, ${millions} M tokens: ${what}`, 'µs/token', {
          product: valuesOf(measured['epoch'], what)[0] ?? NaN,
        }),
      );
    }
    if (!smoke && millions === 30) await rm(shards, { recursive: true, force: true });
  }
  return rows;
}

/** A shard folder of at least so many tokens, made of the texts again and again. */
async function shardsOf(bench: Bench, { texts }: Corpus, tokens: number, dir: string): Promise<void> {
  if (existsSync(dir)) return;
  bench.say(`tokenizing ${tokens / 1e6} million tokens`);
  const pool = new TokenizationPool();
  let done = 0;
  async function* batches(): AsyncGenerator<readonly (readonly string[])[]> {
    for (let start = 0; done < tokens; start = (start + 500) % texts.length) {
      yield texts.slice(start, start + 500).map((text) => [text]);
    }
  }
  try {
    await pool.buildShards(batches(), {
      dir,
      tokenizer: { language: 'en' },
      vocabulary: { maxSize: 60_000, minCount: 1 },
      onProgress: (_documents, counted) => (done = counted),
    });
  } finally {
    await pool.close();
  }
}
