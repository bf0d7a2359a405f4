import { flattenInto, flattenRecord, isObject, membersOf, plainText } from './flatten-record';
import type { FlatRecord, FlatValue, JsonObject } from './flatten-record';

/** How the records of a file become columns. */
export type RecordShape = (record: JsonObject) => FlatRecord;

/**
 * Tells by its first records which labelling program a file comes from (Label Studio, Prodigy, Argilla; those of doccano
 * are plain), and how its records are read: text and labels become columns, what only that program needs is left out.
 */
export function shapeOf(head: readonly JsonObject[]): RecordShape {
  const most = (is: (record: JsonObject) => boolean): boolean =>
    head.length > 0 && head.filter(is).length * 2 > head.length;
  if (most(isLabelStudio)) return labelStudioShape(head);
  if (most(isProdigy)) return prodigyRecord;
  if (most(isArgilla)) return argillaRecord;
  if (most(isOldArgilla)) return oldArgillaRecord;
  return flattenRecord;
}

function isLabelStudio(record: JsonObject): boolean {
  return isObject(record['data']) && Array.isArray(record['annotations'] ?? record['completions']);
}

function isProdigy(record: JsonObject): boolean {
  const isAnswered = /^(accept|reject|ignore)$/.test(plainText(record['answer']) ?? '');
  return '_input_hash' in record || (isAnswered && ('label' in record || Array.isArray(record['accept'])));
}

function isArgilla(record: JsonObject): boolean {
  return isObject(record['fields']) && ('responses' in record || 'suggestions' in record);
}

function isOldArgilla(record: JsonObject): boolean {
  return isObject(record['inputs']) && 'annotation' in record;
}

/** What stands in one answer of a Label Studio task. */
interface Answer {
  readonly question: string; // the control's name
  readonly kind: string; // choices, rating, taxonomy …
  readonly value: FlatValue;
}

function labelStudioShape(head: readonly JsonObject[]): RecordShape {
  const questions = new Set(head.flatMap(labelStudioAnswers).map(({ question, kind }) => `${kind}.${question}`));
  const kinds = [...questions].map((one) => one.slice(0, one.indexOf('.')));
  // Where a question is the only one of its kind, the kind is name enough.
  const nameOf = ({ kind, question }: Answer): string =>
    kinds.filter((one) => one === kind).length > 1 ? `${kind}.${question}` : kind;
  return (record) => {
    const flat = new Map<string, FlatValue>();
    for (const name of ['id', 'created_at'])
      if (plainText(record[name]) !== null) flattenInto(flat, name, record[name]);
    flattenInto(flat, 'data', record['data']);
    for (const answer of labelStudioAnswers(record)) flat.set(nameOf(answer), answer.value);
    return flat;
  };
}

/** The answers of the annotation that counts: the one marked as the truth, else the newest that was not skipped. */
function labelStudioAnswers(record: JsonObject): Answer[] {
  const given = record['annotations'] ?? record['completions'];
  const annotations = (Array.isArray(given) ? given : [])
    .filter(isObject)
    .filter((one) => one['was_cancelled'] !== true);
  const counts = annotations.find((one) => one['ground_truth'] === true) ?? annotations.at(-1);
  const results: unknown = counts?.['result'];
  return (Array.isArray(results) ? results : []).flatMap((result: unknown) => {
    if (!isObject(result) || !isObject(result['value'])) return [];
    const question = plainText(result['from_name']) ?? '';
    return Object.entries(result['value']).flatMap(([kind, value]) => {
      const read = answerOf(kind, value);
      return read === null ? [] : [{ question, kind, value: read }];
    });
  });
}

/** Answers about the whole text; those about parts of it are none that a classifier learns from. */
function answerOf(kind: string, value: unknown): FlatValue | null {
  if (kind === 'choices' && Array.isArray(value)) return membersOf(value);
  if (kind === 'taxonomy' && Array.isArray(value))
    return value.map((path) => (Array.isArray(path) ? path.map(String).join(' / ') : String(path)));
  return kind === 'rating' || kind === 'number' ? plainText(value) : null;
}

const PRODIGY_OWN = /^(_.*|tokens|spans|options|config|html)$/;

/** A label counts where it was accepted: a rejected or ignored one says nothing that could be learned from as it stands. */
function prodigyRecord(record: JsonObject): FlatRecord {
  const flat = new Map<string, FlatValue>();
  const isAccepted = (record['answer'] ?? 'accept') === 'accept';
  for (const [name, value] of Object.entries(record)) {
    if (PRODIGY_OWN.test(name)) continue;
    if (name === 'accept' && Array.isArray(value)) flat.set(name, isAccepted ? chosenOptions(record, value) : []);
    else if ((name === 'label' || name === 'cats') && !isAccepted) flat.set(name, '');
    else flattenInto(flat, name, value);
  }
  return flat;
}

/** Options by their ids, which are the labels; by their texts where the ids are numbers. */
function chosenOptions({ options }: JsonObject, accepted: readonly unknown[]): readonly string[] {
  const known = (Array.isArray(options) ? options : []).filter(isObject);
  return accepted.map((id) => {
    const text = typeof id === 'number' ? known.find((option) => option['id'] === id)?.['text'] : undefined;
    return plainText(text) ?? plainText(id) ?? JSON.stringify(id);
  });
}

const ARGILLA_OWN =
  /^(vectors|_server_id|inserted_at|updated_at|explanation|metrics|prediction_agent|annotation_agent)$/;

function argillaRecord(record: JsonObject): FlatRecord {
  const flat = new Map<string, FlatValue>();
  for (const [name, value] of Object.entries(record)) {
    if (ARGILLA_OWN.test(name)) continue;
    if (name === 'responses' || name === 'suggestions') {
      for (const [question, answer] of argillaAnswers(value)) flattenInto(flat, `${name}.${question}`, answer);
    } else flattenInto(flat, name, value);
  }
  return flat;
}

/** What was answered to each question: `{question: [{value}]}`, or as older versions wrote it `[{values: {question: {value}}}]`. */
function argillaAnswers(given: unknown): [question: string, value: unknown][] {
  const older = (Array.isArray(given) ? given : []).filter(isObject).filter((one) => one['status'] !== 'discarded');
  const answers = Array.isArray(given) ? (older[0]?.['values'] ?? {}) : given;
  if (!isObject(answers)) return [];
  return Object.entries(answers).map(([question, answer]) => {
    const first: unknown = Array.isArray(answer) ? answer[0] : answer;
    return [question, isObject(first) ? first['value'] : first];
  });
}

/** Records of Argilla 1: the text stands there twice, and labels have a score where a model gave them. */
function oldArgillaRecord(record: JsonObject): FlatRecord {
  const flat = new Map<string, FlatValue>();
  for (const [name, value] of Object.entries(record)) {
    if (ARGILLA_OWN.test(name) || (name === 'inputs' && plainText(record['text']) !== null)) continue;
    flattenInto(flat, name, value);
  }
  return flat;
}
