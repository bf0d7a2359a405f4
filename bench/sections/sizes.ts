import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CsvWriter } from '../../src/engine/data/csv-writer';
import { readBatches } from '../../src/engine/data/read-batches';
import { seededOrder } from '../../src/engine/evaluate/seeded-order';
import type { Bench } from '../bench';
import { row, type DetailedRow } from '../report';
import { thaw } from '../thaw';
import { labelledSets, type LabelledSet } from './quality';

/** Enough to learn a vocabulary from, and more than a short run reads. */
const CORPUS_CHARACTERS = 20_000_000;
/** Rows of each set that a head learns from, and as many again at most that measure it. */
const ROWS = 2000;

interface Candidate {
  readonly name: string;
  readonly flags: readonly string[];
}

function candidate(name: string, sizes: readonly number[], ...more: readonly string[]): Candidate {
  const names = ['--vocabulary', '--embedding', '--hidden', '--layers'];
  return { name, flags: [...names.flatMap((flag, i) => [flag, String(sizes[i])]), ...more] };
}

/** Around the shipped size, one thing changed at a time, and the size of the ULMFiT paper. */
const candidates: readonly Candidate[] = [
  candidate('words 24,000 / 320 / 800 / 2', [24_000, 320, 800, 2]),
  candidate('words 12,000 / 320 / 800 / 2', [12_000, 320, 800, 2]),
  candidate('words 24,000 / 200 / 500 / 2', [24_000, 200, 500, 2]),
  candidate('words 24,000 / 320 / 800 / 3', [24_000, 320, 800, 3]),
  candidate('words 30,000 / 400 / 1152 / 3', [30_000, 400, 1152, 3]),
  candidate('QRNN, words 24,000 / 320 / 800 / 3', [24_000, 320, 800, 3], '--encoder', 'qrnn'),
  candidate('sub-words 12,000 / 320 / 800 / 2', [12_000, 320, 800, 2], '--tokenizer', 'sentencepiece'),
];

/**
 * What a language model of each size has learned after the same minutes: perplexity and bits a character on text it has not read, and what a
 * head on its frozen states gets right. Needs `--corpus` and `--valid`; each figure is written down at once, so a run that was
 * cut off goes on where it stopped.
 */
export async function sizes(bench: Bench): Promise<DetailedRow[]> {
  const { corpus, valid, minutes, dataDir } = bench.options;
  if (corpus === null || valid === null) {
    return [row('sizes', 'perplexity', 'nats', { product: null, note: 'name the texts with --corpus and --valid' })];
  }
  const folder = join(bench.work, 'sizes');
  mkdirSync(folder, { recursive: true });
  const sets = await Promise.all((await labelledSets(bench, dataDir)).map((set) => shortened(folder, set)));
  const rows: DetailedRow[] = [];
  for (const each of candidates) {
    const figures = figuresIn(join(folder, `${idOf(each)}-${minutes}.json`));
    const model = join(folder, idOf(each));
    if (Object.keys(figures.read()).length === 0) figures.add(await pretrain(bench, each, model));
    for (const set of sets) {
      const name = `right with a head on ${set.name}`;
      if (figures.read()[name] === undefined) figures.add({ [name]: await headAccuracy(bench, set, model) });
    }
    for (const [what, product] of Object.entries(figures.read())) {
      rows.push(row('sizes', `${each.name}, ${minutes} min: ${what}`, '', { product }));
    }
  }
  return rows;
}

type Figures = Readonly<Record<string, number | null>>;

/** Figures in a JSON file, written as they come. */
function figuresIn(file: string): { read(): Figures; add(more: Figures): void } {
  const read = (): Figures => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Figures) : {});
  const add = (more: Figures): void => writeFileSync(file, `${JSON.stringify({ ...read(), ...more }, null, 2)}\n`);
  return { read, add };
}

function idOf({ name }: Candidate): string {
  return name.replaceAll(/[^\w]+/g, '-');
}

async function pretrain(bench: Bench, { name, flags }: Candidate, out: string): Promise<Figures> {
  const { corpus, valid, minutes } = bench.options;
  await rm(out, { recursive: true, force: true });
  await rm(`${out}.work`, { recursive: true, force: true });
  bench.say(`pretraining ${name}, ${minutes} min`);
  const texts = ['--corpus', corpus ?? '', '--valid', valid ?? '', '--max-characters', String(CORPUS_CHARACTERS)];
  const made = await thaw(['pretrain', '--out', out, ...texts, ...flags, '--minutes', String(minutes)]);
  const perplexity = typeof made['perplexity'] === 'number' ? made['perplexity'] : null;
  const header = JSON.parse(readFileSync(join(`${out}.work`, 'valid', 'shards.json'), 'utf8')) as { tokens: number };
  const bits = perplexity === null ? null : (header.tokens * Math.log2(perplexity)) / charactersOf(valid ?? '');
  await rm(`${out}.work`, { recursive: true, force: true });
  return { perplexity, 'bits a character': bits, 'million tokens read': Number(made['tokensSeen']) / 1e6 };
}

/** Characters of a text file, or of all in a folder. */
function charactersOf(place: string): number {
  const files = statSync(place).isDirectory() ? readdirSync(place).map((name) => join(place, name)) : [place];
  return files.reduce((sum, file) => sum + readFileSync(file, 'utf8').length, 0);
}

/** Accuracy of a head on the frozen states: the language model and the encoder stay as they were pretrained. */
async function headAccuracy(bench: Bench, set: LabelledSet, model: string): Promise<number | null> {
  const project = join(bench.work, 'sizes', 'project');
  await rm(project, { recursive: true, force: true });
  bench.say(`a head on ${set.name}`);
  const files = ['--data', set.train, '--test', set.test, '--text', 'text', '--label', 'label'];
  const frozen = ['unfreezing=last', 'classifierHeadEpochs=0', 'classifierEpochs=8', 'blend=off'];
  const options = frozen.flatMap((option) => ['--option', option]);
  const request = ['--project', project, ...files, '--pretrained', model, '--no-language-model', ...options];
  const { accuracy } = await thaw(['train', ...request, '--seed', '1']);
  await rm(project, { recursive: true, force: true });
  return typeof accuracy === 'number' ? accuracy : null;
}

/** The first rows of a set, in an order drawn by chance, so that short runs stay short. */
async function shortened(folder: string, set: LabelledSet): Promise<LabelledSet> {
  const few = async (file: string, side: string): Promise<string> => {
    const rows: (readonly string[])[] = [];
    for await (const batch of readBatches(file, {}, ['text', 'label'], 1024)) {
      rows.push(...batch.rows.map((each) => batch.wanted.map((place) => each[place] ?? '')));
    }
    const out = join(folder, `${set.name}-${side}.csv`);
    const writer = await CsvWriter.create(out, ['text', 'label']);
    const order = seededOrder(rows.length, 0)();
    await writer.write(Array.from(order.subarray(0, ROWS), (i) => rows[i] ?? []));
    await writer.close();
    return out;
  };
  return { ...set, train: await few(set.train, 'train'), test: await few(set.test, 'test') };
}
