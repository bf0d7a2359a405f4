import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CsvWriter } from '../../src/engine/data/csv-writer';
import { readBatches } from '../../src/engine/data/read-batches';
import { Random } from '../../src/engine/train/random';
import { bundleFolder } from '../../src/main/platform/paths';
import { compare, peer, type Bench } from '../bench';
import { ResultBook, type Result } from '../result-book';
import { row, type DetailedRow } from '../report';
import { thaw } from '../thaw';
import { median } from '../statistics';

const presets = ['quick', 'standard'] as const;

/** A set's rows to learn from and to measure, with the columns `text` and `label`. */
export interface LabelledSet {
  readonly name: string;
  readonly train: string;
  readonly test: string;
}

/**
 * Accuracy of the presets beside TF-IDF and ready-made sentence vectors on every set of the data folder. Each finished
 * training is written down at once: a run that was cut off goes on where it stopped.
 */
export async function quality(bench: Bench): Promise<DetailedRow[]> {
  const { dataDir, seeds, minutes } = bench.options;
  const book = new ResultBook(join(bench.work, 'quality'));
  const sets = bench.options.smoke ? [await sampleSet(bench)] : await labelledSets(bench, dataDir);
  if (sets.length === 0) {
    return [row('quality', 'accuracy', 'share', { product: null, note: 'no set with text and label in --data-dir' })];
  }
  for (const set of sets) {
    for (const work of ['tfidf', 'vectors']) {
      await book.once({ set: set.name, method: work, minutes: 0, seed: 0 }, () => baseline(bench, set, work));
    }
    for (const preset of bench.options.smoke ? (['quick'] as const) : presets) {
      for (let seed = 1; seed <= (bench.options.smoke ? 1 : seeds); seed++) {
        const key = { set: set.name, method: preset, minutes, seed };
        await book.once(key, () => trained(bench, set, preset, seed));
      }
    }
  }
  bench.say(`written to ${book.write()}`);
  return sets.flatMap((set) => rowsOf(book.of(set.name), minutes));
}

function rowsOf(results: readonly Result[], minutes: number): DetailedRow[] {
  const of = (method: string): number[] =>
    results
      .filter((each) => each.method === method && (each.minutes === 0 || each.minutes === minutes))
      .map((each) => each.accuracy);
  const [tfidf, vectors] = [of('tfidf')[0], of('vectors')[0]];
  const best = Math.max(tfidf ?? -1, vectors ?? -1);
  return presets.flatMap((preset) => {
    const accuracies = of(preset);
    if (accuracies.length === 0) return [];
    const set = results[0]?.set ?? '';
    const seeds = accuracies.map((each) => each.toFixed(4)).join(', ');
    return [
      row('quality', `accuracy on ${set}, preset ${preset}, ${minutes} min (peer: the better baseline)`, 'share', {
        product: median(accuracies),
        peer: best < 0 ? null : best,
        note: `seeds ${seeds} · TF-IDF ${tfidf?.toFixed(4) ?? '–'} · sentence vectors ${vectors?.toFixed(4) ?? '–'}`,
      }),
    ];
  });
}

async function baseline(bench: Bench, { train, test }: LabelledSet, work: string): Promise<number | null> {
  const spec = { work, train, test, text: ['text'], label: 'label' };
  const measured = await compare({ peer: () => peer(bench, 'baselines', spec) }, 1);
  return measured['peer']?.[0]?.['accuracy'] ?? null;
}

/** Trains with `thaw train`, as a user does. */
async function trained(bench: Bench, set: LabelledSet, preset: string, seed: number): Promise<number | null> {
  const { minutes, smoke } = bench.options;
  const project = join(bench.work, `quality-${set.name}-${preset}-${seed}`);
  await rm(project, { recursive: true, force: true });
  bench.say(`training on ${set.name}: ${preset}, ${minutes} min, seed ${seed}`);
  const request = ['--preset', preset, '--minutes', String(smoke ? 0.2 : minutes), '--seed', String(seed)];
  const files = ['--data', set.train, '--test', set.test, '--text', 'text', '--label', 'label'];
  const { accuracy } = await thaw(['train', '--project', project, ...files, ...request]);
  await rm(project, { recursive: true, force: true });
  return typeof accuracy === 'number' ? accuracy : null;
}

/** The sets of a folder: `NAME/train.csv`, with `NAME/test.csv` where it is there, else a fifth of the rows. */
export async function labelledSets(bench: Bench, dataDir: string | null): Promise<LabelledSet[]> {
  if (dataDir === null) return [];
  const { sets } = bench.options;
  const found: LabelledSet[] = [];
  for (const name of readdirSync(dataDir).sort()) {
    const train = join(dataDir, name, 'train.csv');
    if ((sets.length > 0 && !sets.includes(name)) || !existsSync(train) || !hasColumns(train)) continue;
    const test = join(dataDir, name, 'test.csv');
    found.push(existsSync(test) && hasColumns(test) ? { name, train, test } : await divided(bench, name, train));
  }
  return found;
}

function hasColumns(file: string): boolean {
  const names = (readFileSync(file, 'utf8').slice(0, 1000).split('\n')[0] ?? '').trim().split(',');
  return names.includes('text') && names.includes('label');
}

function sampleSet(bench: Bench): Promise<LabelledSet> {
  return divided(bench, 'sample', join(bundleFolder(), '../../resources/samples/subjectivity/data.csv'), 300);
}

/** Puts every fifth row, by chance and the same each time, aside for the test. */
async function divided(bench: Bench, name: string, file: string, most = Infinity): Promise<LabelledSet> {
  const folder = join(bench.work, 'quality', name);
  const set = { name, train: join(folder, 'train.csv'), test: join(folder, 'test.csv') };
  if (existsSync(set.test)) return set;
  mkdirSync(folder, { recursive: true });
  const random = new Random(0);
  const writers = [
    await CsvWriter.create(set.train, ['text', 'label']),
    await CsvWriter.create(set.test, ['text', 'label']),
  ];
  let rows = 0;
  for await (const batch of readBatches(file, {}, ['text', 'label'], 1024)) {
    const cells = batch.rows.slice(0, most - rows).map((each) => batch.wanted.map((place) => each[place] ?? ''));
    rows += cells.length;
    const forTest = cells.map(() => random.uniform() < 0.2);
    for (const [i, writer] of writers.entries()) await writer.write(cells.filter((_, at) => forTest[at] === (i === 1)));
  }
  for (const writer of writers) await writer.close();
  return set;
}
