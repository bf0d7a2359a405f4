import { isObject, plainText } from '../../../engine/data/formats/flatten-record';
import { fieldsOf } from '../scoring';
import { Refused } from './refused';

/** So many texts may stand in one request. */
export const mostTexts = 10_000;

/**
 * The texts of a request's body, each as the fields of the model's columns: `{"texts": ["…"]}` (of a model of several columns
 * one line each, as `thaw predict --text` takes them) or `{"rows": [{"subject": "…", "body": "…"}]}`.
 *
 * @param body parsed JSON
 * @throws Refused 400 that says what was expected and what was got, 413 where there are too many
 */
export function textsOf(body: unknown, columns: readonly string[]): string[][] {
  const hint = shapeHint(columns);
  if (!isObject(body)) throw new Refused(400, 'bad-input', `Expected a JSON object, got ${kindOf(body)}.`, { hint });
  const { texts, rows } = body;
  if ((texts === undefined) === (rows === undefined)) {
    const got = texts === undefined ? `got ${namesIn(body)}` : 'got both';
    throw new Refused(400, 'bad-input', `Expected either "texts" or "rows", ${got}.`, { hint });
  }
  const name = texts === undefined ? 'rows' : 'texts';
  const list: unknown = body[name];
  if (!Array.isArray(list))
    throw new Refused(400, 'bad-input', `Expected a list as "${name}", got ${kindOf(list)}.`, { hint });
  if (list.length > mostTexts) {
    throw new Refused(413, 'bad-input', `Expected at most ${mostTexts} ${name} in one request, got ${list.length}.`, {
      hint: 'Send them in several requests, or use thaw predict --data FILE --out FILE for files of any size.',
    });
  }
  return list.map((item: unknown, i) =>
    name === 'texts' ? ofText(item, i, columns, hint) : ofRow(item, i, columns, hint),
  );
}

function ofText(item: unknown, i: number, columns: readonly string[], hint: string): string[] {
  if (typeof item === 'string') return fieldsOf(item, columns.length);
  throw new Refused(400, 'bad-input', `Expected a string as texts[${i}], got ${kindOf(item)}.`, { hint });
}

/** Further columns are left alone, as `thaw predict --data` leaves them alone; one that is missing may be misspelt. */
function ofRow(item: unknown, i: number, columns: readonly string[], hint: string): string[] {
  if (!isObject(item))
    throw new Refused(400, 'bad-input', `Expected an object as rows[${i}], got ${kindOf(item)}.`, { hint });
  return columns.map((column) => {
    if (!Object.hasOwn(item, column)) {
      const message = `rows[${i}] has no "${column}": it has ${namesIn(item)}, and the model reads ${listed(columns)}.`;
      throw new Refused(400, 'no-such-column', message, { hint });
    }
    const value = item[column];
    if (value === null) return ''; // an empty cell
    const text = plainText(value);
    if (text !== null) return text;
    throw new Refused(400, 'bad-input', `Expected a string as rows[${i}]["${column}"], got ${kindOf(value)}.`, {
      hint,
    });
  });
}

function shapeHint(columns: readonly string[]): string {
  const row = `{"rows": [{${columns.map((column) => `${JSON.stringify(column)}: "…"`).join(', ')}}]}`;
  return columns.length === 1 ? `Send {"texts": ["…"]} or ${row}.` : `Send ${row}.`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function namesIn(object: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(object);
  if (names.length === 0) return 'nothing';
  return names.length > 8 ? `${listed(names.slice(0, 8))} and ${names.length - 8} more` : listed(names);
}

function listed(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(', ');
}
