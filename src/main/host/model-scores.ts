import { averageProbabilities, withTemperature } from '../../engine/evaluate/average';
import type { ScoringModel } from './classifier-folder';
import type { HostServices } from './services';

/** Documents as token ids: document d is `ids[offsets[d] … offsets[d + 1])`. */
export interface NumericalDocuments {
  readonly ids: Int32Array;
  readonly offsets: Int32Array;
}

/** The same documents as token ids of each encoding that a model's members need. */
export type EncodedDocuments = ReadonlyMap<string, NumericalDocuments>;

/** What a classifier says about documents. // each [documents, classes] */
export interface ModelScores {
  /** What the classifier predicts: the blend where it uses one, else the same as `deep`. */
  readonly final: Float32Array;
  readonly deep: Float32Array;
  readonly baseline: Float32Array | null; // at its temperature
  readonly blend: Float32Array | null; // used or not
}

/** Which parts are wanted besides `final`. */
export type WantedScores = 'final' | 'all';

/** Turns texts into the token ids that a model, or each member of an ensemble, reads. */
export async function encodeDocuments(
  services: HostServices,
  model: ScoringModel,
  fields: readonly (readonly string[])[],
): Promise<EncodedDocuments> {
  const encoded = new Map<string, NumericalDocuments>();
  for (const { encoding, vocabulary, tokenizer } of modelsIn(model)) {
    if (encoded.has(encoding)) continue;
    encoded.set(encoding, await services.pool.numericalise(fields, vocabulary, tokenizer));
  }
  return encoded;
}

/** The model itself and all that are in it. */
function modelsIn(model: ScoringModel): ScoringModel[] {
  return [model, ...model.members.flatMap((member) => modelsIn(member.model))];
}

/** The folders whose weights a model needs. */
function weightFolders(model: ScoringModel): string[] {
  return modelsIn(model).flatMap(({ members, folder }) => (members.length === 0 ? [folder] : []));
}

/**
 * What a classifier says about documents; an ensemble asks its members.
 * @param between asked between two pieces of work: waits while paused, throws once cancelled
 */
export async function scoreModel(
  services: HostServices,
  model: ScoringModel,
  documents: EncodedDocuments,
  wanted: WantedScores,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<ModelScores> {
  const keep = weightFolders(model);
  return scoreTree(services, model, documents, wanted, { keep, between });
}

interface Pass {
  /** Models that the training worker keeps in memory, as the next documents need them again. */
  readonly keep: readonly string[];
  readonly between: () => Promise<void>;
}

async function scoreTree(
  services: HostServices,
  model: ScoringModel,
  documents: EncodedDocuments,
  wanted: WantedScores,
  pass: Pass,
): Promise<ModelScores> {
  const own = documents.get(model.encoding) ?? { ids: new Int32Array(0), offsets: Int32Array.of(0) };
  const options = { classes: model.labels.length, multiLabel: model.multiLabel };
  const deep =
    model.members.length === 0
      ? await scoreWeights(services, model, own, pass)
      : await scoreMembers(services, model, documents, pass);
  const blend = model.baseline?.blend ?? null;
  if (!model.baseline || (wanted === 'final' && blend?.used !== true)) {
    return { final: deep, deep, baseline: null, blend: null };
  }
  const raw = await services.baseline.predict(model.baseline.file, { kind: 'ids', ...own });
  const baseline = withTemperature(raw, model.baseline.temperature, options);
  const average = blend && { weights: [blend.weights.model, blend.weights.baseline], temperature: blend.temperature };
  const blended = average && averageProbabilities([deep, baseline], average, options);
  return { final: blend?.used === true && blended ? blended : deep, deep, baseline, blend: blended };
}

async function scoreMembers(
  services: HostServices,
  model: ScoringModel,
  documents: EncodedDocuments,
  pass: Pass,
): Promise<Float32Array> {
  const scores: Float32Array[] = [];
  for (const { model: member, places } of model.members) {
    const { final } = await scoreTree(services, member, documents, 'final', pass);
    scores.push(inOrder(final, places));
  }
  const average = { weights: model.members.map(({ weight }) => weight), temperature: model.temperature };
  return averageProbabilities(scores, average, { classes: model.labels.length, multiLabel: model.multiLabel });
}

/** A member's columns in the order of the ensemble's labels. // [n, classes] */
export function inOrder(probabilities: Float32Array, places: Int32Array): Float32Array {
  const classes = places.length;
  if (places.every((place, i) => place === i)) return probabilities;
  return probabilities.map((_, i) => probabilities[i - (i % classes) + (places[i % classes] ?? 0)] ?? 0);
}

/** Documents for one call of the training worker: so few that it soon looks at its messages again. */
const documentsInOneGo = 512;

/** The probabilities of one set of weights. Documents of like length go together, so that little is padded. */
async function scoreWeights(
  services: HostServices,
  { folder, labels }: ScoringModel,
  documents: NumericalDocuments,
  { keep, between }: Pass,
): Promise<Float32Array> {
  const { offsets } = documents;
  const count = offsets.length - 1;
  const classes = labels.length;
  const predict = (part: NumericalDocuments): Promise<Float32Array> =>
    services.training.predict(folder, part.ids, part.offsets, classes, keep);
  if (count === 0) return new Float32Array(0);
  if (count <= documentsInOneGo) return predict(documents);
  const length = (i: number): number => (offsets[i + 1] ?? 0) - (offsets[i] ?? 0);
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => length(a) - length(b));
  const probabilities = new Float32Array(count * classes);
  for (let start = 0; start < count; start += documentsInOneGo) {
    await between();
    const places = order.slice(start, start + documentsInOneGo);
    const scores = await predict(pick(documents, places));
    places.forEach((place, i) => probabilities.set(scores.subarray(i * classes, (i + 1) * classes), place * classes));
  }
  return probabilities;
}

function pick({ ids, offsets }: NumericalDocuments, places: readonly number[]): NumericalDocuments {
  const picked = new Int32Array(places.length + 1);
  places.forEach((place, i) => (picked[i + 1] = (picked[i] ?? 0) + (offsets[place + 1] ?? 0) - (offsets[place] ?? 0)));
  const all = new Int32Array(picked[places.length] ?? 0);
  places.forEach((place, i) => all.set(ids.subarray(offsets[place] ?? 0, offsets[place + 1] ?? 0), picked[i] ?? 0));
  return { ids: all, offsets: picked };
}
