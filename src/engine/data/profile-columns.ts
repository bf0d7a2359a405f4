import type { Column, ColumnRole, LabelDoubt } from '../../shared/data-types';
import { isNumber } from './guess-header';
import { labelDoubt } from '../../shared/label-doubt';
import { cellMembers, jsonList, LIST_SEPARATOR } from '../../shared/list-cells';

const LABEL_NAME =
  /^(labels?|class(es)?|categor(y|ies)|sentiment|target|intent|topics?|tags?|type|rating|stars|v1|kategorie|klasse|y)$/i;
/** What labelling programs call the answers. */
const ANSWER_NAME = /^(choices(\..+)?|taxonomy(\..+)?|accept|cats|annotations?|responses\..+|.+\.responses?)$/i;
/** A word of a longer name, as in "Kind of sentence". */
const LABEL_WORD =
  /(^|[^a-z])(labels?|class|category|sentiment|intent|topic|tag|kind|type|kategorie|klasse|thema|art)([^a-z]|$)/i;
const TEXT_NAME =
  /^(text|texts|message|sentence|review|comment|tweet|title|subject|body|content|description|headline|summary|abstract|question|query|utterance|v2|nachricht|betreff)$/i;
const ID_NAME = /^(_?id|uid|uuid|key|index|row|nr|no|unnamed: 0|.*_id)$/i;
const SPLIT_NAME = /^(split|fold|set|subset|partition)$/i;
const SPLIT_VALUE = /^(train(ing)?|dev|val|valid(ation)?|test(ing)?|unlabell?ed|unsup(ervised)?)$/i;
const TIME_NAME = /(^|_|\b)(date|time|timestamp|datetime|created(_at)?|received(_at)?|sent(_at)?|datum|zeit)($|_|\b)/i;
const TIME_VALUE = /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ]\d{1,2}:\d{2}(:\d{2})?.*)?$/;
const GROUP_NAME =
  /^(user|author|customer|client|thread|conversation|ticket|group|kunde|autor|sender|from)([_ ]?(id|name|nr))?$/i;
/** What people put between several labels of a cell, most telling first. */
const LABEL_SEPARATORS = ['|', ';', ','] as const;

/** What is counted for a column before its role can be suggested. */
interface Facts {
  readonly name: string;
  readonly index: number;
  readonly type: Column['type'];
  readonly distinct: number;
  readonly filled: number;
  readonly emptyShare: number;
  readonly meanLength: number;
  readonly meanWords: number;
  readonly isSplit: boolean;
  readonly isFlag: boolean; // only yes or no, 1 or 0
  readonly isTime: boolean;
  readonly separator: string | undefined; // between several labels
  readonly lists: boolean; // the cells are lists already
  readonly labels: number; // different labels, were it a column of such
  readonly doubt: LabelDoubt | null;
}

/**
 * What the columns look like in the rows at hand, with a suggestion of what each is for.
 *
 * @param names unique names, one a column
 * @param lists the places of columns that are known to hold lists
 */
export function profileColumns(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  lists: ReadonlySet<number> = new Set(),
): Column[] {
  const facts = names.map((name, index) => {
    const cells = rows.map((row) => (row[index] ?? '').trim());
    return columnFacts(name, index, cells, lists.has(index));
  });
  const texts = textColumns(facts);
  const labels = labelColumns(facts.filter((fact) => !texts.includes(fact)));
  return facts.map((fact) => {
    const { name, index, type, distinct, emptyShare, meanLength } = fact;
    const suggestedRole = texts.includes(fact) ? 'text' : labels.includes(fact) ? 'label' : otherRole(fact);
    const separator = labels.includes(fact) || fact.lists ? fact.separator : undefined;
    return {
      ...{ name, index, type, distinct, emptyShare, meanLength, suggestedRole },
      ...(separator !== undefined && { suggestedSeparator: separator }),
      ...(fact.lists && { lists: true }),
      ...(fact.doubt !== null && !texts.includes(fact) && { labelDoubt: fact.doubt }),
    };
  });
}

function columnFacts(name: string, index: number, cells: readonly string[], isListed: boolean): Facts {
  const filled = cells.filter((cell) => cell !== '');
  const count = Math.max(1, filled.length);
  const distinct = new Set(filled);
  const lists = isListed || (filled.length > 0 && [...distinct].every((cell) => jsonList(cell) !== null));
  const separator = lists ? LIST_SEPARATOR : separatorIn(distinct);
  const labels = countsOf(filled, separator);
  const alone = [...labels.values()].filter((count) => count === 1).length;
  const type = filled.length === 0 ? 'empty' : filled.every(isNumber) ? 'number' : 'text';
  return {
    name,
    index,
    type,
    distinct: distinct.size,
    filled: filled.length,
    emptyShare: cells.length === 0 ? 0 : 1 - filled.length / cells.length,
    meanLength: filled.reduce((sum, cell) => sum + cell.length, 0) / count,
    meanWords: filled.reduce((sum, cell) => sum + cell.split(/\s+/).length, 0) / count,
    isSplit: distinct.size > 0 && [...distinct].every((cell) => SPLIT_VALUE.test(cell)),
    isFlag: distinct.size > 0 && [...distinct].every((cell) => /^([01]|true|false|yes|no)$/i.test(cell)),
    isTime: distinct.size > 0 && [...distinct].every((cell) => TIME_VALUE.test(cell)),
    separator,
    lists,
    labels: labels.size,
    doubt: labelDoubt({ values: [...labels.keys()], alone, rows: filled.length }),
  };
}

/** On how many rows each value is, were it a column of labels. */
function countsOf(cells: readonly string[], separator: string | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    const values = separator === undefined ? [cell] : new Set(cellMembers(cell, separator));
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** Whether a column is called so, by its whole name or, inside another, by its own: `data.text`. */
function isCalled(name: string, pattern: RegExp): boolean {
  return pattern.test(name) || pattern.test(name.slice(name.lastIndexOf('.') + 1));
}

/** The longest texts, and further columns that read like texts. */
function textColumns(facts: readonly Facts[]): readonly Facts[] {
  const able = facts.filter(
    ({ type, isSplit, lists, name }) =>
      type === 'text' &&
      !isSplit &&
      !lists &&
      !isCalled(name, LABEL_NAME) &&
      !isAnswer(name) &&
      !isCalled(name, ID_NAME),
  );
  const candidates =
    able.length > 0 ? able : facts.filter(({ type, isSplit, lists }) => type === 'text' && !isSplit && !lists);
  if (candidates.length === 0) return facts.length === 1 ? facts : [];
  const weight = (fact: Facts): number =>
    fact.meanLength * (isCalled(fact.name, TEXT_NAME) ? 3 : 1) * (1 - fact.emptyShare);
  const main = candidates.reduce((a, b) => (weight(b) > weight(a) ? b : a));
  const alsoText = (fact: Facts): boolean => {
    if (fact.emptyShare > 0.5 || fact.distinct * 2 < fact.filled) return false;
    return isCalled(fact.name, TEXT_NAME) ? fact.meanLength >= 10 : fact.meanLength >= 25 && fact.meanWords >= 4;
  };
  return candidates.filter((fact) => fact === main || alsoText(fact));
}

/** One column, or all of several yes-or-no columns. */
function labelColumns(facts: readonly Facts[]): readonly Facts[] {
  const looksLike = ({ labels, filled }: Facts): boolean => labels >= 2 && labels <= 200 && labels * 2 <= filled;
  const able = facts.filter(
    (fact) =>
      fact.type !== 'empty' &&
      fact.doubt === null &&
      !fact.isSplit &&
      !isCalled(fact.name, ID_NAME) &&
      !SPLIT_NAME.test(fact.name) &&
      !fact.isTime &&
      (fact.meanLength <= 80 || fact.lists) &&
      (isCalled(fact.name, LABEL_NAME) || isAnswer(fact.name) || looksLike(fact)),
  );
  // Stars and ratings are labels where nothing else is: beside a column of kinds in words they are figures.
  const named =
    able.find(({ name }) => /^labels?$/i.test(name)) ??
    able.find(({ name }) => isAnswer(name)) ??
    able.find(({ name, type }) => isCalled(name, LABEL_NAME) && type === 'text') ??
    able.find((fact) => LABEL_WORD.test(fact.name) && fact.type === 'text' && looksLike(fact)) ??
    able.find(({ name }) => isCalled(name, LABEL_NAME));
  if (named) return [named];
  const flags = able.filter(({ isFlag }) => isFlag);
  if (flags.length > 1) return flags;
  // The fewer different values, the more a column looks like classes.
  const best = able.reduce<Facts | null>((a, b) => (a === null || b.labels < a.labels ? b : a), null);
  return best === null ? [] : [best];
}

function isAnswer(name: string): boolean {
  return ANSWER_NAME.test(name);
}

/** Cells that are put together of the same few parts again and again hold several labels. */
function separatorIn(cells: ReadonlySet<string>): string | undefined {
  return LABEL_SEPARATORS.find((separator) => {
    const several = [...cells].filter((cell) => cell.includes(separator));
    if (several.length < 2 || several.some((cell) => cell.length > 200)) return false;
    const parts = new Set([...cells].flatMap((cell) => cell.split(separator).map((part) => part.trim())));
    const isTidy = [...parts].every((part) => part !== '' && part.length <= 60 && part.split(/\s+/).length <= 4);
    return isTidy && parts.size < cells.size * 0.8;
  });
}

function otherRole({ name, type, isSplit, isTime, filled, distinct, meanWords }: Facts): ColumnRole {
  if (isSplit && SPLIT_NAME.test(name)) return 'split';
  if (isTime || (type === 'number' && TIME_NAME.test(name))) return 'time';
  if (GROUP_NAME.test(name) && distinct < filled) return 'group';
  const isId = ID_NAME.test(name) || (filled > 1 && distinct === filled && meanWords <= 1);
  return type !== 'empty' && isId ? 'id' : 'ignore';
}
