import { averageProbabilities, withTemperature } from '../../evaluate/average';
import { partsFromBytes } from '../../evaluate/tfidf-bytes';
import { predictInSteps, type BaselineParts } from '../../evaluate/tfidf-predict';
import { DocumentEncoder } from '../../text/document-encoder';
import { IdBuffer } from '../../text/id-buffer';
import { joinFields } from '../../text/rules';
import { SENTENCEPIECE_FILE, SentencePieceModel } from '../../text/sentencepiece/sentencepiece-model';
import { SubwordEncoder } from '../../text/sentencepiece/subword-encoder';
import type { TokenEncoder } from '../../text/token-encoder';
import { Vocabulary } from '../../text/vocabulary';
import type { ModelFiles, OnnxRuntime, OnnxSession } from './runtime-types';

/** model.json and training.json of an exported folder, as far as predictions go; docs/formats/model.md has them whole. */
interface ModelFile {
  readonly format: 'thaw-classifier' | 'thaw-ensemble';
  readonly labels: readonly string[];
  readonly multiLabel: boolean;
  readonly temperature: number;
  readonly thresholds: readonly number[] | null;
  readonly tokenizer: { readonly language?: string; readonly kind?: 'words' | 'sentencepiece' };
  readonly maxTokens?: number | null;
  readonly backward?: boolean;
  readonly encoder?: { readonly padding: number };
  readonly members?: readonly { readonly folder: string; readonly weight: number }[];
}
interface NotesFile {
  readonly baselineTemperature?: number;
  readonly abstainBelow?: number;
  readonly columns?: { readonly textColumns: readonly string[] };
  readonly blend?: {
    readonly used: boolean;
    readonly weights: { readonly model: number; readonly baseline: number };
    readonly temperature: number;
    readonly thresholds: readonly number[] | null;
  } | null;
}

/** One folder with a model: a classifier, or an ensemble with its members below it. */
export interface ExportedModel {
  readonly file: ModelFile;
  readonly notes: NotesFile;
  /** Turns a text into token ids of its own vocabulary. */
  readonly encode: (fields: readonly string[]) => Int32Array;
  readonly session: OnnxSession | null; // null: an ensemble
  readonly members: readonly {
    readonly model: ExportedModel;
    readonly weight: number;
    readonly places: readonly number[];
  }[];
  readonly baseline: BaselineParts | null;
}

/** Texts that go through the network together, and the most tokens of them, padding included. */
const batch = { texts: 32, tokens: 8192 } as const;

/** Opens a folder, and the members of an ensemble below it. @param inside the folder's path below the files' own, with a slash */
export async function openModel(ort: OnnxRuntime, files: ModelFiles, inside = ''): Promise<ExportedModel> {
  const json = async <T>(name: string): Promise<T | null> => {
    const bytes = await files.read(inside + name);
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T);
  };
  const file = await json<ModelFile>('model.json');
  if (file?.format !== 'thaw-classifier' && file?.format !== 'thaw-ensemble')
    throw new Error(`${inside || 'The folder'} holds no model.json of an exported classifier.`);
  const notes = (await json<NotesFile>('training.json')) ?? {};
  const baseline = notes.blend?.used === true ? await files.read(`${inside}baseline.bin`) : null;
  const members = await Promise.all(
    (file.members ?? []).map(async ({ folder, weight }) => {
      const model = await openModel(ort, files, `${inside}${folder}/`);
      return { model, weight, places: file.labels.map((label) => model.file.labels.indexOf(label)) };
    }),
  );
  const weights = file.format === 'thaw-ensemble' ? null : await needed(files, `${inside}model.onnx`);
  return {
    file,
    notes,
    encode: await encoderOf(files, inside, file, (await json<string[]>('vocabulary.json')) ?? []),
    session: weights && (await ort.InferenceSession.create(weights)),
    members,
    baseline: baseline && partsFromBytes(baseline, 'baseline.bin'),
  };
}

/** Probabilities of texts, as the classifier predicts them. // [texts, labels] */
export async function scoreTexts(
  ort: OnnxRuntime,
  model: ExportedModel,
  texts: readonly (readonly string[])[],
): Promise<Float32Array> {
  const { file, notes, baseline } = model;
  const options = { classes: file.labels.length, multiLabel: file.multiLabel };
  const documents = texts.map(model.encode);
  const deep = model.session
    ? await scoreDocuments(ort, model.session, file, documents)
    : await scoreMembers(ort, model, texts);
  const { blend } = notes;
  if (!baseline || blend?.used !== true) return deep;
  const raw = finished(
    predictInSteps(baseline, { length: documents.length, at: (i) => documents[i] ?? new Int32Array(0) }),
  );
  const tempered = withTemperature(raw, notes.baselineTemperature ?? 1, options);
  const { weights, temperature } = blend;
  return averageProbabilities([deep, tempered], { weights: [weights.model, weights.baseline], temperature }, options);
}

async function scoreMembers(
  ort: OnnxRuntime,
  { file, members }: ExportedModel,
  texts: readonly (readonly string[])[],
): Promise<Float32Array> {
  const classes = file.labels.length;
  const scores: Float32Array[] = [];
  for (const { model, places } of members) {
    const own = await scoreTexts(ort, model, texts);
    scores.push(own.map((_, i) => own[i - (i % classes) + (places[i % classes] ?? 0)] ?? 0));
  }
  const average = { weights: members.map(({ weight }) => weight), temperature: file.temperature };
  return averageProbabilities(scores, average, { classes, multiLabel: file.multiLabel });
}

/** Texts of like length go together, so that little is padded. */
async function scoreDocuments(
  ort: OnnxRuntime,
  session: OnnxSession,
  file: ModelFile,
  documents: readonly Int32Array[],
): Promise<Float32Array> {
  const classes = file.labels.length;
  const read = documents.map((ids) => readBy(file, ids));
  const order = read.map((_, i) => i).sort((a, b) => (read[b]?.length ?? 0) - (read[a]?.length ?? 0));
  const result = new Float32Array(documents.length * classes);
  for (let start = 0; start < order.length;) {
    const time = read[order[start] ?? 0]?.length ?? 1;
    const count = Math.max(1, Math.min(batch.texts, Math.floor(batch.tokens / time)));
    const places = order.slice(start, start + count);
    const { probabilities } = await session.run(feedsOf(ort, places.map((place) => read[place] ?? []), time)); // prettier-ignore
    const own = probabilities?.data as Float32Array;
    places.forEach((place, i) => result.set(own.subarray(i * classes, (i + 1) * classes), place * classes));
    start += places.length;
  }
  return result;
}

/** What the network reads of a text: cut where it was trained to, a text of nothing as one piece of padding. */
function readBy({ maxTokens = null, backward = false, encoder }: ModelFile, ids: Int32Array): ArrayLike<number> {
  const cut = maxTokens === null ? ids : ids.subarray(0, maxTokens);
  if (cut.length === 0) return [encoder?.padding ?? 1];
  return backward ? cut.slice().reverse() : cut;
}

function feedsOf(ort: OnnxRuntime, documents: readonly ArrayLike<number>[], time: number): Record<string, unknown> {
  const ids = new BigInt64Array(documents.length * time);
  documents.forEach((document, row) => {
    for (let t = 0; t < document.length; t++) ids[row * time + t] = BigInt(document[t] ?? 0);
  });
  const lengths = BigInt64Array.from(documents, ({ length }) => BigInt(length));
  return {
    ids: new ort.Tensor('int64', ids, [documents.length, time]),
    lengths: new ort.Tensor('int64', lengths, [documents.length]),
  };
}

async function encoderOf(
  files: ModelFiles,
  inside: string,
  { tokenizer }: ModelFile,
  itos: readonly string[],
): Promise<ExportedModel['encode']> {
  const vocabulary = new Vocabulary(itos);
  const idOf = (token: string): number => vocabulary.idOf(token);
  const pieces = tokenizer.kind === 'sentencepiece' ? await needed(files, inside + SENTENCEPIECE_FILE) : null;
  const encoder: TokenEncoder = pieces
    ? new SubwordEncoder(new SentencePieceModel(pieces, SENTENCEPIECE_FILE), idOf)
    : new DocumentEncoder(tokenizer.language ?? 'en', idOf);
  return (fields) => {
    const ids = new IdBuffer();
    encoder.encode(joinFields(fields), ids);
    return Int32Array.from(ids.view());
  };
}

async function needed(files: ModelFiles, name: string): Promise<Uint8Array> {
  const bytes = await files.read(name);
  if (!bytes) throw new Error(`${name} is missing in the exported folder. Export it again, with ONNX.`);
  return bytes;
}

function finished<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
