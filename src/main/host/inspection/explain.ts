import { leftOutTexts } from '../../../engine/inspect/left-out';
import { logOddsOf } from '../../../engine/inspect/log-odds';
import { rankCorrelation } from '../../../engine/inspect/rank-correlation';
import { wordsOf } from '../../../engine/inspect/words';
import { tokenize } from '../../../engine/text/tokenizer';
import { AppError } from '../../../shared/errors';
import type { ExplainedWord, Explanation } from '../../../shared/inspect-types';
import type { PredictingModel, ScoringModel } from '../classifier-folder';
import { rankLabels } from '../../../engine/evaluate/decide-labels';
import { encodeDocuments, scoreModel, type EncodedDocuments } from '../model-scores';
import { fieldsOf } from '../scoring';
import type { HostServices } from '../services';

/** What is explained, and how thoroughly. */
export interface ExplainRequest {
  readonly text: string;
  readonly label: string | null; // null: the most probable one
  readonly leaveOut: boolean;
}

/**
 * Why a classifier says what it says of a text: gradient times input of its network, and, as a check that needs no
 * theory, what it says of the text without each of its words.
 * @throws AppError `bad-input` for a label that it does not have
 */
export async function explainText(
  services: HostServices,
  classifier: PredictingModel,
  { text, label, leaveOut }: ExplainRequest,
): Promise<Explanation> {
  const begun = performance.now();
  const { labels, columns, tokenizer, vocabulary } = classifier;
  if (label !== null && !labels.includes(label)) {
    throw new AppError('bad-input', `The classifier has no label "${label}".`, { data: { label, labels } });
  }
  const fields = fieldsOf(text, columns.textColumns.length);
  const tokens = tokenize(fields, tokenizer);
  const words = wordsOf(text, tokens, tokenizer.model !== undefined);
  const left = leaveOut ? leftOutTexts(text, words) : null;
  const documents = await encodeDocuments(services, classifier, [fields, ...(left?.texts ?? []).map((each) => fieldsOf(each, columns.textColumns.length))]); // prettier-ignore
  const { final } = await scoreModel(services, classifier, documents, 'final');
  const ranked = rankLabels(final, 0, labels);
  const explained = label ?? ranked[0]?.label ?? '';
  const target = labels.indexOf(explained);
  const at = (document: number): number => final[document * labels.length + target] ?? 0;
  const contributions = await contributionsOf(services, classifier, documents, target, tokens.length);
  const full = logOddsOf(at(0));
  const explainedWords = words.map((word, i): ExplainedWord => {
    const group = left?.groups[i] ?? i;
    const without = left ? at(group + 1) : null;
    return {
      text: text.slice(word.start, word.end),
      before: text.slice(words[i - 1]?.end ?? 0, word.start),
      known: word.tokens.every((token) => vocabulary.has(tokens[token] ?? '')),
      gradient: word.tokens.reduce((sum, token) => sum + (contributions[token] ?? 0), 0),
      leftOut: without === null ? null : full - logOddsOf(without),
      group,
      without,
    };
  });
  return {
    label: explained,
    probability: at(0),
    labels: ranked,
    words: explainedWords,
    tail: text.slice(words.at(-1)?.end ?? 0),
    agreement: left ? agreementOf(explainedWords) : null,
    groupSize: left?.size ?? 1,
    deepShare: classifier.baseline?.blend?.used === true ? classifier.baseline.blend.weights.model : 1,
    milliseconds: performance.now() - begun,
  };
}

/** Words that were left out together are compared by the sum of their gradients. */
function agreementOf(words: readonly ExplainedWord[]): number | null {
  const groups = new Map<number, { gradient: number; leftOut: number }>();
  for (const { group, gradient, leftOut } of words) {
    const own = groups.get(group) ?? { gradient: 0, leftOut: leftOut ?? 0 };
    own.gradient += gradient;
    groups.set(group, own);
  }
  const all = [...groups.values()];
  return rankCorrelation(
    all.map(({ gradient }) => gradient),
    all.map(({ leftOut }) => leftOut),
  );
}

/** What each token adds to the log odds of a class; of an ensemble the weighted mean over its members. */
async function contributionsOf(
  services: HostServices,
  model: ScoringModel,
  documents: EncodedDocuments,
  target: number,
  tokens: number,
): Promise<Float64Array> {
  const sum = new Float64Array(tokens);
  const keep = weightsIn(model, target, 1).map(({ folder }) => folder);
  for (const part of weightsIn(model, target, 1)) {
    const own = documents.get(part.encoding);
    const ids = own?.ids.subarray(0, own.offsets[1] ?? 0) ?? new Int32Array(0);
    // A member with other tokens says nothing of these: words are found in the text by the tokens of the whole model.
    if (part.encoding !== model.encoding || ids.length === 0) continue;
    const { contributions } = await services.training.explain(part.folder, ids.slice(), part.target, keep);
    contributions.forEach((value, i) => (sum[i] = (sum[i] ?? 0) + part.weight * value));
  }
  return sum;
}

interface WeightsPart {
  readonly folder: string;
  readonly encoding: string;
  readonly target: number;
  readonly weight: number;
}

/** The sets of weights of a model, each with the class number that the label has there and its share in the whole. */
function weightsIn(model: ScoringModel, target: number, weight: number): WeightsPart[] {
  if (model.members.length === 0) return [{ folder: model.folder, encoding: model.encoding, target, weight }];
  return model.members.flatMap((member) => weightsIn(member.model, member.places[target] ?? 0, weight * member.weight));
}
