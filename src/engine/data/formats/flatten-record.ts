/** A value of a flat record: one cell, or a list of such. */
export type FlatValue = string | readonly string[];
/** The cells of a record by the names of their columns, `data.text` for a value inside another. */
export type FlatRecord = ReadonlyMap<string, FlatValue>;
/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

const DEEPEST = 5;
/** An object with more keys is a table of something and not a part of the record. */
const MOST_KEYS = 40;
/** A label counts as given where its score is at least this. */
const IS_GIVEN = 0.5;

/** Writes a record's values into columns: what is inside objects gets the names of both, parted by a dot. */
export function flattenRecord(record: JsonObject): Map<string, FlatValue> {
  const flat = new Map<string, FlatValue>();
  for (const [name, value] of Object.entries(record)) flattenInto(flat, name, value, 1);
  return flat;
}

/** Writes one value into columns that begin with `name`; an empty cell for null. */
export function flattenInto(flat: Map<string, FlatValue>, name: string, value: unknown, depth = 1): void {
  const plain = value === null || value === undefined ? '' : plainText(value);
  if (plain !== null) flat.set(name, plain);
  else if (Array.isArray(value)) flat.set(name, membersOf(value) ?? JSON.stringify(value));
  else if (isObject(value)) {
    const keys = Object.keys(value);
    const given = givenLabels(name, value);
    if (given) flat.set(name, given);
    else if (keys.length > MOST_KEYS || depth >= DEEPEST) flat.set(name, JSON.stringify(value));
    else for (const key of keys) flattenInto(flat, `${name}.${key}`, value[key], depth + 1);
  }
}

/** A text, number or truth value as it stands in a cell; null for what is none. */
export function plainText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** Whether a value is a JSON object, not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The plain members of a list, or the labels of a list of labels that say more of each; null for any other list. */
export function membersOf(values: readonly unknown[]): readonly string[] | null {
  const members = values.map((value) => plainText(value) ?? labelOf(value));
  return members.every((one): one is string => one !== null) ? members : null;
}

/** The label in an object such as `{"label": "refund", "user": 3}`; null where it is one of a part of the text. */
function labelOf(value: unknown): string | null {
  if (!isObject(value) || 'start' in value || 'start_offset' in value) return null;
  return plainText(value['label']);
}

/** Labels in an object: `{"choices": […]}` of Label Studio, and `cats` of spaCy with a score for each. */
function givenLabels(name: string, value: JsonObject): readonly string[] | null {
  const { choices } = value;
  if (Array.isArray(choices) && Object.keys(value).length === 1) return membersOf(choices);
  if (!/(^|\.)cats$/i.test(name)) return null;
  const scores = Object.entries(value);
  if (!scores.every(([, score]) => typeof score === 'number' || typeof score === 'boolean')) return null;
  return scores.filter(([, score]) => Number(score) >= IS_GIVEN).map(([label]) => label);
}
