import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sectionNames, type SectionName } from './report';

/** What the bench was asked for. */
export interface BenchOptions {
  readonly sections: readonly SectionName[];
  readonly json: boolean;
  /** Everything tiny, once and without peers: whether it runs, not how fast. */
  readonly smoke: boolean;
  readonly repeats: number;
  readonly peers: boolean;
  /** A Python that has the peers already; null: the bench sets up its own. */
  readonly python: string | null;
  /** Folder of `imdb/train.csv` and of the sets of the quality section; null: texts of the samples. */
  readonly dataDir: string | null;
  readonly minutes: number;
  /** Texts that the sizes section pretrains on, a file or a folder, and others to measure its perplexity. */
  readonly corpus: string | null;
  readonly valid: string | null;
  readonly seeds: number;
  /** Sets of the quality section; empty: all that are in the data folder. */
  readonly sets: readonly string[];
}

/** What `npm run bench -- --help` says. */
export const usage = `npm run bench -- [SECTION…] [options]
Measures Thaw, and beside it fastai, spaCy and others (bench/peers). Sections (none: all but the last three):
  lm-train, classifier-train, predict, tokenize, import   speed of these, in texts, tokens or bytes a second
  human-numbers   the ladder of small language models, beside fastai's
  startup         seconds until the window and the command line are there
  memory          whether a prediction takes more memory of a longer file, and more time a token of longer texts
  million         a window with a project of a million rows (minutes)
  quality         accuracy of the presets on every set of --data-dir, beside simple baselines (hours)
  sizes           what language models of other sizes learn; needs --corpus and --valid (hours)
options:
  --json             one JSON object as the last line
  --data-dir DIR     imdb/train.csv for texts; for quality one folder a set with train.csv and test.csv (text, label);
                     left out: texts of the samples, and quality has nothing to measure
  --repeats N        measurements of each, product and peer in turn (5)
  --no-peers         the product alone
  --python FILE      a Python that has the peers (else bench/.peers is set up, about 2 GB, once)
  --smoke            tiny sizes, once, without peers: does it run?
  --help             this list
  --sets A,B         quality and sizes: only these sets
  --minutes N        quality: minutes of training for each set and seed; sizes: of pretraining (3)
  --corpus PLACE     sizes: text file or folder to pretrain on
  --valid PLACE      sizes: text file or folder to measure perplexity on
  --seeds N          quality: seeds for each set (3)`;

/** Reads the arguments. @throws Error that says what is wrong with them; null where help is asked for */
export function readArguments(args: readonly string[]): BenchOptions | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      smoke: { type: 'boolean' },
      help: { type: 'boolean' },
      'no-peers': { type: 'boolean' },
      repeats: { type: 'string' },
      python: { type: 'string' },
      'data-dir': { type: 'string' },
      minutes: { type: 'string' },
      seeds: { type: 'string' },
      sets: { type: 'string' },
      corpus: { type: 'string' },
      valid: { type: 'string' },
    },
  });
  if (values.help) return null;
  const smoke = values.smoke === true;
  return {
    sections: sectionsOf(positionals),
    json: values.json === true,
    smoke,
    repeats: smoke ? 1 : positive('repeats', values.repeats ?? '5'),
    peers: !smoke && values['no-peers'] !== true,
    python: values.python === undefined ? null : resolve(values.python),
    dataDir: place(values['data-dir']),
    corpus: place(values.corpus),
    valid: place(values.valid),
    minutes: positive('minutes', values.minutes ?? '3'),
    seeds: positive('seeds', values.seeds ?? '3'),
    sets: values.sets?.split(',').filter(Boolean) ?? [],
  };
}

function sectionsOf(names: readonly string[]): SectionName[] {
  const known: readonly string[] = sectionNames;
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`There is no section ${unknown.join(', ')}.\n${usage}`);
  // A million rows take minutes, quality and sizes take hours and need texts: only when they are asked for.
  const asked: readonly string[] = ['million', 'quality', 'sizes'];
  return sectionNames.filter((name) => (names.length === 0 ? !asked.includes(name) : names.includes(name)));
}

function place(value: string | undefined): string | null {
  return value === undefined ? null : resolve(value);
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new Error(`--${name} is "${value}"; expected a number above 0.`);
}
