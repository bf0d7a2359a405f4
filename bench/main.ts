import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { applicationRoot } from '../src/main/platform/paths';
import { readArguments, usage, type BenchOptions } from './arguments';
import { processorHasBf16, workFolder, type Bench } from './bench';
import { measurePeak } from './peak';
import { setUpPeers } from './peers';
import { lineOf, plainRow, type DetailedRow, type SectionName } from './report';
import { importCsv, tokenize } from './sections/data';
import { humanNumbers } from './sections/human-numbers';
import { memory } from './sections/memory';
import { million } from './sections/million';
import { classifierTrain, lmTrain, predict } from './sections/models';
import { quality } from './sections/quality';
import { sizes } from './sections/sizes';
import { startup } from './sections/startup';

const sections: Readonly<Record<SectionName, (bench: Bench) => Promise<DetailedRow[]>>> = {
  'lm-train': lmTrain,
  'classifier-train': classifierTrain,
  predict,
  tokenize,
  import: importCsv,
  'human-numbers': humanNumbers,
  startup,
  memory,
  million,
  quality,
  sizes,
};

/** With `--json` standard output holds the one object and nothing else. */
function teller(options: BenchOptions): (text: string) => void {
  return (text) => (options.json ? process.stderr : process.stdout).write(`${text}\n`);
}

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2));
  if (options === null) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const say = teller(options);
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}`;
  say(machine);
  const peers = options.peers ? await setUpPeers(options.python, say) : { python: null, why: '' };
  if (peers.why !== '') say(`${peers.why}\nOnly the product is measured.`);
  const bf16 = processorHasBf16();
  const { peak, note } = await measurePeak({ bf16, options });
  say(`GEMM peak: fp32 ${peak.fp32 ?? '–'}, bf16 ${peak.bf16 ?? '–'} GFLOP/s (${note})`);
  const bench: Bench = { options, python: peers.python, gemmPeak: peak, bf16, work: workFolder(), say };
  const rows: DetailedRow[] = [];
  for (const name of options.sections) {
    say(`\n${name}`);
    const made = await sections[name](bench);
    for (const each of made) say(lineOf(each));
    rows.push(...made);
  }
  const result = { machine, gemmPeak: peak, rows: rows.map(plainRow) };
  keep(new Date().toISOString(), { ...result, peak: note, notes: rows.map((each) => each.note) });
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** Keeps each run's result with its notes, to look up later. */
function keep(at: string, result: object): void {
  const folder = join(applicationRoot(), 'bench', '.work', 'runs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${at.replaceAll(':', '-')}.json`), `${JSON.stringify({ at, ...result }, null, 2)}\n`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
