import type { Command } from 'commander';
import type { ModelInfo, ModelProgress } from '../../../shared/model-types';
import type { Run } from '../command';
import { duration, integer, table, timeLeft } from '../human';
import { nameList } from '../options';
import { InterruptedError } from '../output';
import type { Session } from '../session';
import { languageCode } from '../tokenizer-flags';
import { importedWords } from './import-weights';
import { modelLines, modelRow, size } from './models-words';

/** `thaw models`: what there is, what can be fetched by name, and files of one's own. */
export function addModels(program: Command, run: Run): void {
  const command = program
    .command('models')
    .description('Language models: list, show, download by name, import your own, remove.');
  command
    .command('list', { isDefault: true })
    .description('List all models: shipped, in the catalogue, your own. Opens no connection.')
    .action(() => run(listCommand));
  command
    .command('show')
    .description('Everything about one model: source, licence, hash, sizes, perplexity.')
    .argument('<name>', 'a name of the list')
    .action((name: string) => run((session) => showCommand(session, name)));
  command
    .command('download')
    .description('Fetch a model of the catalogue and convert it. An interrupted download goes on where it stopped.')
    .argument('<name>', 'a name of the list')
    .option('--trust-new', 'accept another file than the first download had')
    .action((name: string, flags: { trustNew?: boolean }) =>
      run((session) => downloadCommand(session, name, flags.trustNew ?? false)),
    );
  command
    .command('remove')
    .description('Delete a model that was downloaded or imported, and what an interrupted download has left.')
    .argument('<name>', 'a name of the list')
    .action((name: string) => run((session) => removeCommand(session, name)));
  addImportOwn(command, run);
  command.addHelpText('after', '\nEach of them takes --json; without a command the models are listed.');
}

interface ImportFlags {
  readonly weights: string;
  readonly vocab: string;
  readonly backward?: boolean;
  readonly labels?: readonly string[];
  readonly multiLabel?: boolean;
  readonly language: string;
  readonly sentencepiece?: string;
}

function addImportOwn(command: Command, run: Run): void {
  command
    .command('import')
    .description('Take weights of fastai from your own files into the list.')
    .argument('<name>', 'what to call the model')
    .requiredOption('--weights <file>', '.pth or .h5 of torch.save, or safetensors; nothing in it is executed')
    .requiredOption('--vocab <file>', 'its words: .pkl, or a JSON list')
    .option('--backward', 'it reads texts from their end')
    .option('--labels <names>', 'labels of a classifier in the order of its classes', nameList)
    .option('--multi-label', 'the classifier gives several labels to a text')
    .option('--language <code>', 'language of its texts', languageCode, 'en')
    .option('--sentencepiece <file>', 'its words are sub-words of this SentencePiece model')
    .action((name: string, flags: ImportFlags) => run((session) => importCommand(session, name, flags)));
}

async function listCommand({ host, output }: Session): Promise<void> {
  const { models, folder } = await host.handle('models.list', {});
  const head = ['name', 'what', 'language', 'reads', 'size', 'perplexity', 'state'];
  const lines = [
    table([head, ...models.map(modelRow)]),
    '',
    `Downloads and imports go to ${folder}. More on one: thaw models show NAME`,
  ];
  output.result({ folder, models }, lines.join('\n'));
}

async function showCommand({ host, output }: Session, name: string): Promise<void> {
  const model = await host.services.models.show(name);
  output.result({ model }, modelLines(model).join('\n'));
}

async function downloadCommand(session: Session, name: string, trustNew: boolean): Promise<void> {
  const { host, output, interrupts } = session;
  const { models } = host.services;
  const before = await models.show(name);
  if (!before.installed && before.download) output.say(announcement(before));
  const begun = performance.now();
  const stopTelling = host.events.on('modelDownload', (progress) => tell(session, progress));
  let model: ModelInfo;
  try {
    model = await interrupts.during(
      () => models.cancel(name),
      () => models.download(name, trustNew),
    );
  } catch (error) {
    if (interrupts.requested) throw new InterruptedError(`Stopped. Go on with: thaw models download ${name}`);
    throw error;
  } finally {
    stopTelling();
  }
  const seconds = (performance.now() - begun) / 1000;
  const words = before.installed
    ? `${name} is there already: ${model.folder}`
    : [
        `${name} is ready after ${duration(seconds)}: ${model.folder}`,
        `Use it with: thaw train … --${model.backward ? 'option pretrainedBackward=' : 'pretrained '}${name}`,
        ...(model.trustedOnFirstUse ? [`Its source publishes no hash of the whole file; from now on it must be sha256 ${model.sha256}.`] : []),
      ].join('\n'); // prettier-ignore
  output.result({ model, seconds }, words);
}

/** Said before the first byte is asked for: who is asked, for how much, under which licence. */
function announcement({ id, download, licence, page, partBytes }: ModelInfo): string {
  const bytes = download?.bytes ?? download?.estimate ?? 0;
  const much = download?.bytes === null ? `about ${size(bytes)} (its source does not publish the size)` : size(bytes);
  const rest = partBytes > 0 ? `, of which ${size(partBytes)} are here already` : '';
  return `Fetching ${id} from ${download?.host}: ${much}${rest}. Licence: ${licence ?? 'not named'}; see ${page ?? ''}`;
}

const titles: Readonly<Record<ModelProgress['state'], string>> = {
  downloading: 'Downloading',
  checking: 'Checking',
  unpacking: 'Unpacking',
  converting: 'Converting',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Stopped',
};

function tell({ output }: Session, { state, done, total, secondsLeft }: ModelProgress): void {
  if (state === 'done' || state === 'failed' || state === 'cancelled') return;
  const bytes = `${size(done)}${total === null ? '' : ` of ${size(total)}`}`;
  const left = secondsLeft === null ? '' : ` · ${timeLeft(secondsLeft)}`;
  const detail = state === 'downloading' ? ` · ${bytes}${left}` : '';
  output.progress.work(`${titles[state]}${detail}`, total === null || state !== 'downloading' ? null : done / total);
}

async function removeCommand({ host, output }: Session, name: string): Promise<void> {
  const { freed } = await host.handle('models.remove', { id: name });
  output.result({ removed: name, freed }, `${name} is removed; ${size(freed)} are free again.`);
}

async function importCommand({ host, output }: Session, name: string, flags: ImportFlags): Promise<void> {
  const { model, saved } = await host.services.models.import({
    name,
    weights: flags.weights,
    vocabulary: flags.vocab,
    backward: flags.backward ?? false,
    language: flags.language,
    sentencepiece: flags.sentencepiece ?? null,
    labels: flags.labels === undefined ? null : [...flags.labels],
    multiLabel: flags.multiLabel ?? false,
  });
  for (const note of saved.notes) output.say(note);
  const words = `${importedWords(saved, model.folder ?? '')}\nIts name: ${model.id} (${integer(model.bytes ?? 0)} bytes)`;
  output.result({ model, notes: saved.notes }, words);
}
