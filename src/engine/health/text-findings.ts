import { finding, groupByGroup, groupCount, rowsWhere, type Finding, type RowFacts, type TextGroups } from './findings';
import { FLAGS, type ScanResult } from './health-scan';

/** Texts of so many words or fewer say little. */
const SHORT_WORDS = 2;
/** A text is very long from so many words on, and from so many times the usual length. */
const LONG_WORDS = 1_000;
const LONG_TIMES = 10;
/** Other languages than the main one are worth a word from this share or this number of rows on. */
const FOREIGN_SHARE = 0.002;
const FOREIGN_ROWS = 20;

/** What is odd about the texts alone. */
export function textFindings(
  facts: RowFacts,
  scan: ScanResult,
  groups: TextGroups,
  medianWords: number,
): readonly Finding[] {
  return [
    ...flagFindings(facts, scan),
    ...copyFindings(facts, scan, groups),
    ...lengthFindings(facts, scan, medianWords),
    ...languageFindings(facts, scan),
  ].filter(({ rows }) => rows.length > 0);
}

function flagFindings(facts: RowFacts, { flags }: ScanResult): readonly Finding[] {
  const having = (flag: number): Int32Array => rowsWhere(facts, (row) => ((flags[row] ?? 0) & flag) !== 0);
  const empty = having(FLAGS.empty);
  const mojibake = having(FLAGS.mojibake);
  const undecoded = having(FLAGS.undecoded);
  const markup = having(FLAGS.markup);
  return [
    finding({ id: 'empty', weight: 'problem', rows: empty, remedies: [['set-aside', empty]] }),
    finding({
      id: 'mojibake',
      weight: 'warning',
      rows: mojibake,
      remedies: [
        ['repair-text', mojibake],
        ['set-aside', mojibake],
      ],
    }),
    finding({ id: 'undecoded', weight: 'warning', rows: undecoded, remedies: [['set-aside', undecoded]] }),
    finding({
      id: 'markup',
      weight: 'note',
      rows: markup,
      remedies: [
        ['strip-markup', markup],
        ['set-aside', markup],
      ],
    }),
  ];
}

function copyFindings(facts: RowFacts, { flags }: ScanResult, { same, near }: TextGroups): readonly Finding[] {
  const isEmpty = (row: number): boolean => ((flags[row] ?? 0) & FLAGS.empty) !== 0;
  const inGroup = groupByGroup(
    rowsWhere(facts, (row) => !isEmpty(row) && (same.size[same.keyOf(row)] ?? 0) > 1),
    same,
  );
  const copies = inGroup.filter((row) => same.first[same.keyOf(row)] !== row);
  /** Nearly, and not quite, the first text of its group. */
  const isNear = (row: number): boolean => same.keyOf(near.first[near.keyOf(row)] ?? row) !== same.keyOf(row);
  const nearCopies = rowsWhere(facts, (row) => !isEmpty(row) && isNear(row));
  const isFirst = new Uint8Array(facts.rows);
  for (const row of nearCopies) isFirst[near.first[near.keyOf(row)] ?? row] = 1;
  const firsts = rowsWhere(facts, (row) => isFirst[row] === 1);
  const nearRows = new Int32Array(firsts.length + nearCopies.length);
  nearRows.set(firsts);
  nearRows.set(nearCopies, firsts.length);
  return [
    finding({
      id: 'duplicate',
      weight: 'warning',
      rows: inGroup,
      count: copies.length,
      groups: groupCount(inGroup, same),
      groupOf: (row) => same.keyOf(row) + 1,
      remedies: [['keep-first', copies]],
    }),
    finding({
      id: 'near-duplicate',
      weight: 'note',
      rows: groupByGroup(nearRows, near),
      count: nearCopies.length,
      groups: firsts.length,
      groupOf: (row) => near.keyOf(row) + 1,
      remedies: [['keep-first', nearCopies]],
    }),
  ];
}

function lengthFindings(facts: RowFacts, { words, flags }: ScanResult, medianWords: number): readonly Finding[] {
  const limit = Math.max(LONG_WORDS, LONG_TIMES * medianWords);
  const isText = (row: number): boolean => ((flags[row] ?? 0) & FLAGS.empty) === 0;
  const short = rowsWhere(facts, (row) => isText(row) && (words[row] ?? 0) <= SHORT_WORDS);
  const long = rowsWhere(facts, (row) => (words[row] ?? 0) > limit);
  return [
    finding({
      id: 'short',
      weight: 'note',
      rows: short,
      facts: { limit: SHORT_WORDS },
      remedies: [['set-aside', short]],
    }),
    finding({ id: 'long', weight: 'note', rows: long, facts: { limit }, remedies: [['set-aside', long]] }),
  ];
}

function languageFindings(facts: RowFacts, { language, languages }: ScanResult): readonly Finding[] {
  const counts = languageCounts(facts, language, languages).filter((one) => one.language !== '');
  const main = counts[0];
  if (!main) return [];
  const mainId = languages.indexOf(main.language);
  const foreign = rowsWhere(facts, (row) => (language[row] ?? 0) !== 0 && language[row] !== mainId);
  const known = counts.reduce((sum, { rows }) => sum + rows, 0);
  const share = foreign.length / Math.max(1, known);
  if (foreign.length < FOREIGN_ROWS && share < FOREIGN_SHARE) return [];
  const weight = share >= 0.05 ? 'warning' : 'note';
  return [
    finding({
      id: 'language',
      weight,
      rows: foreign,
      facts: { main: main.language, languages: counts.length },
      remedies: [['set-aside', foreign]],
    }),
  ];
}

/** Rows in use for each language, most first; '' for those it cannot be told of. */
export function languageCounts(
  { rows, isSetAside }: RowFacts,
  language: Uint8Array,
  languages: readonly string[],
): { language: string; rows: number }[] {
  const counts = new Int32Array(languages.length);
  for (let row = 0; row < rows; row++) {
    const id = language[row] ?? 0;
    if (!isSetAside(row)) counts[id] = (counts[id] ?? 0) + 1;
  }
  return languages
    .map((name, id) => ({ language: name, rows: counts[id] ?? 0 }))
    .filter((one) => one.rows > 0)
    .sort((a, b) => b.rows - a.rows);
}
