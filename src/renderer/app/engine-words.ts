import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useFormat, type Format } from './format';

/**
 * What the engine says in sentences of its own (why a plan is as it is, what a run decided, why a line was refused), by the
 * name of its words in the locales. The engine speaks English, as its files and the command line do.
 */
const sentences = {
  skippedOne: /^The first line is not read\.$/,
  skipped: /^The first (?<n>\d+) lines are not read\.$/,
  headerOnly: /^The file has a header but no rows\.$/,
  noRow: /^No row could be read\.$/,
  lines: /^No separator was found: each line is taken as one text\.$/,
  quotesKept: /^Quotation marks are taken as part of the texts\.$/,
  unnamed: /^Columns without a name are called column1, column2 …$/,
  unreadable: /^Of the first rows (?<n>\d+) rows? cannot be read; the first is line (?<line>\d+): (?<reason>.+)\.$/,
  halfTested: /^The file is large: only its first half gigabyte was tested to be UTF-8\.$/,
  damaged: /^Some places in the file are not valid UTF-8; the rows with them will be listed as rejected\.$/,
  sheet: /^Sheet "(?<name>.+)" of (?<n>\d+) is read\.$/,
  chosen: /^chosen$/,
  mark: /^byte order mark$/,
  valid: /^valid UTF-8$/,
  damagedPlaces: /^UTF-8 with damaged places$/,
  zeros: /^zero bytes as in UTF-16, no byte order mark$/,
  western: /^not UTF-8, too few foreign letters to tell more: Western European assumed$/,
  statistics: /^statistics \((?<share>\d+) %\)$/,
  eachFile: /^each file by itself$/,
  workbook: /^Excel workbook$/,
  nul: /^a NUL byte in the row$/,
  nulsRead:
    /^Of the first rows (?<n>\d+) rows? (?:has|have) NUL bytes, read as \ufffd; the first is line (?<line>\d+)\.$/,
  oldMac: /^letters of an old Mac: what they would be in Windows is no spelling$/,
  dos: /^letters of DOS: what they would be in Windows is no spelling$/,
  notDecoded: /^bytes that cannot be decoded in this encoding$/,
  cells: /^expected (?<expected>\d+)(?: cells?)?, got (?<got>\d+)$/,
  afterQuote: /^text after the closing quotation mark of cell (?<cell>\d+)$/,
  openQuote: /^the quotation mark that opens (?:a cell|cell (?<cell>\d+)) is never closed$/,
  noObject: /^no JSON object$/,
  noJson: /^no valid JSON \((?<why>.+)\)$/,
  tooLarge: /^larger than (?<n>\d+) MB$/,
  noText: /^no text$/,
} as const satisfies Record<string, RegExp>;

/** Gives the words of a key. */
export type Translate = (key: string, named: Record<string, string>) => string;

/** Numbers as the language writes them; everything else as it stands. */
function inWords(value: string, name: string, format: Format): string {
  const isNumber = name !== 'name' && /^\d[\d,]*(\.\d+)?$/.test(value);
  if (!isNumber) return value;
  const digits = /\.(\d+)$/.exec(value)?.[1]?.length ?? 0;
  return format.number(Number(value.replaceAll(',', '')), digits);
}

/** A sentence that a table of patterns knows: its name, and what stands in it. */
interface KnownSentence {
  readonly name: string;
  readonly named: Record<string, string>;
}

/** Finds a sentence in a table of patterns, with numbers as a language writes them; null where it is not there. */
function findSentence(
  sentence: string,
  patterns: Readonly<Record<string, RegExp>>,
  format: Format,
): KnownSentence | null {
  for (const [name, pattern] of Object.entries(patterns)) {
    const found = pattern.exec(sentence);
    if (found === null) continue;
    const named = Object.entries(found.groups ?? {}).flatMap(([group, value]: [string, string | undefined]) =>
      value === undefined ? [] : [[group, inWords(value, group, format)] as const],
    );
    return { name, named: Object.fromEntries(named) };
  }
  return null;
}

/** Sentences that have words in the locales: the branch of those, and the pattern of each by its name there. */
interface SentenceTable {
  readonly section: string;
  readonly sentences: Readonly<Record<string, RegExp>>;
}

/** Says a sentence that a table knows in the words of a language; one that it does not know stays as it is. */
export function sayKnown(sentence: string, table: SentenceTable, t: Translate, format: Format): string {
  const known = findSentence(sentence, table.sentences, format);
  if (known === null) return sentence;
  const { name, named } = known;
  // Why something is so (`why`, `reason`) is such a sentence itself.
  const inner = Object.entries(named).map(
    ([group, value]) => [group, /^(why|reason)$/.test(group) ? sayKnown(value, table, t, format) : value] as const,
  );
  return t(`${table.section}.${name}`, Object.fromEntries(inner));
}

/** Says a sentence of the engine in the words of a language; one that is not known stays as it is. */
export function sayEngineSentence(sentence: string, t: Translate, format: Format): string {
  return sayKnown(sentence, { section: 'engineWords', sentences }, t, format);
}

/** As {@link sayEngineSentence}, in the language in use. */
export function useEngineWords(): ComputedRef<(sentence: string) => string> {
  const { t, locale } = useI18n();
  const format = useFormat();
  return computed(() => {
    const { value } = format;
    // In English the engine's own sentence is the better one: it is never behind.
    if (locale.value === 'en') return (sentence: string) => sentence;
    return (sentence: string) => sayEngineSentence(sentence, (key, named) => t(key, named), value);
  });
}
