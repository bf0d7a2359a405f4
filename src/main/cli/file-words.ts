import { isTooFewOfLabel } from '../../shared/evidence';
import type {
  AbstainOnValidation,
  AnswerColumns,
  ClassifiedFile,
  MeasuredFile,
  SaidRow,
  WrongRow,
} from '../../shared/file-types';
import { mostConfusedPairs } from '../../engine/evaluate/confusions';
import { integer, percent, table } from './human';
import { measuredShare } from './measured-words';

/** So much of a text stands in a line of the terminal. */
const shownCharacters = 60;
/** Labels of a table on the terminal; `--json` has them all. */
const mostLabels = 40;
const mostPairs = 10;

function short(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length <= shownCharacters ? line : `${line.slice(0, shownCharacters - 1)}…`;
}

/** What holding back unsure answers came to; nothing where no row was held back. */
export function abstainWords({
  rows,
  unanswered,
  abstainBelow,
}: Pick<ClassifiedFile, 'rows' | 'unanswered' | 'abstainBelow'>): string[] {
  // prettier-ignore
  if (unanswered === 0) return [];
  const why = abstainBelow > 0 ? ` (best label below ${percent(abstainBelow)})` : '';
  return [`  ${integer(unanswered)} of them without an answer${why}, ${percent(1 - unanswered / rows)} answered.`];
}

/** What answering only from a probability on does on validation rows; null where none is that high. */
export function effectWords({ n, points }: Pick<AbstainOnValidation, 'n' | 'points'>, below: number): string | null {
  const point = points[Math.ceil(below * (points.length - 1) - 1e-9)];
  if (!point) return null;
  const { kept, right, threshold } = point;
  const some = `On ${integer(n)} validation rows, answers from ${percent(threshold)} on are ${integer(kept)} (${percent(kept / Math.max(1, n))})`;
  return kept === 0 ? `${some}.` : `${some}; of these right: ${measuredShare({ n: kept, accuracy: right / kept })}.`;
}

/** Rows with the label that they are sure or unsure by, under a title; nothing where there are none. */
export function saidRows(title: string, rows: readonly SaidRow[]): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map(({ line, label, probability, text }) => [
    `  line ${String(line)}`,
    percent(probability),
    label,
    short(text),
  ]);
  return [title, table(cells)];
}

/** Why a column was taken for that of the right answers. */
export function answerColumnWords({ column, by, columns }: AnswerColumns): string | null {
  const facts = columns.find(({ name }) => name === column);
  if (column === null || !facts) return null;
  const share = `${integer(facts.known)} of ${integer(facts.filled)} values are labels of the model`;
  if (by === 'values') return `Right answers: the column "${column}" (${share}). --label names another one.`;
  return `Right answers: the column "${column}", called as in training, although only ${share}${facts.example === null ? '' : ` (not "${facts.example}")`}. --label names another one.`;
}

/** Precision, recall and F1 of each label; those with too few rows last, and marked. */
export function labelTable({ perClass }: Pick<MeasuredFile, 'perClass'>): string[] {
  const rows = perClass
    .filter(({ support, precision }) => support > 0 || precision > 0)
    .sort((a, b) => Number(isTooFewOfLabel(a.support)) - Number(isTooFewOfLabel(b.support)) || a.f1 - b.f1)
    .map(({ label, precision, recall, f1, support }) => {
      const figures = support === 0 ? ['-', '-', '-'] : [precision, recall, f1].map(percent);
      return [`  ${label}`, ...figures, integer(support), isTooFewOfLabel(support) ? 'too few rows to go by' : ''];
    });
  const rest =
    rows.length > mostLabels ? [`  … ${String(rows.length - mostLabels)} more labels (--json has them)`] : [];
  return [table([['By label', 'precision', 'recall', 'F1', 'rows', ''], ...rows.slice(0, mostLabels)]), ...rest];
}

/** What is mixed up most; nothing where nothing is, or where rows have several labels. */
export function mixUps({ confusion, labels }: Pick<MeasuredFile, 'confusion' | 'labels'>): string[] {
  const pairs = confusion === null ? [] : mostConfusedPairs(confusion, labels, mostPairs);
  if (pairs.length === 0) return [];
  const rows = pairs.map(({ actual, predicted, count, share }) => [`  ${actual}`, `as ${predicted}`, integer(count), `${percent(share)} of its rows`]); // prettier-ignore
  return ['Mixed up most:', table(rows)];
}

/** Wrong rows, surest first. */
export function wrongRows(rows: readonly WrongRow[], total: number): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map(({ line, text, actual, predicted, probability }) => [
    `  line ${String(line)}`,
    percent(probability),
    `${predicted.join(', ') || '(none)'} in place of ${actual.join(', ') || '(none)'}`,
    short(text),
  ]);
  return [`Wrong, surest first (${integer(rows.length)} of ${integer(total)}):`, table(cells)];
}

/** That rows of the file are rows that the classifier was trained on, with the figure without them; nothing where none is. */
export function knownWords({ known }: Pick<MeasuredFile, 'known'>): string[] {
  if (!known || known.train + known.valid === 0) return [];
  const parts = [
    ...(known.train > 0 ? [`${integer(known.train)} it learned from`] : []),
    ...(known.valid > 0 ? [`${integer(known.valid)} it was chosen by`] : []),
  ];
  const rest = known.without
    ? `Without them, on ${integer(known.without.n)} rows: ${measuredShare(known.without)} right, macro F1 ${percent(known.without.macroF1)}.`
    : 'No other row is left: these figures say nothing of new texts.';
  return [`Warning: this file holds texts that the classifier knows from its training: ${parts.join(', ')}. ${rest}`];
}

/** Of the answers that are sure enough: how many there are, and how many of them are right. */
export function answeredWords({ answered, n }: Pick<MeasuredFile, 'answered' | 'n'>): string[] {
  if (!answered) return [];
  const { threshold, kept, right } = answered;
  const share = measuredShare({ n: kept, accuracy: kept === 0 ? 0 : right / kept });
  const rest = kept === 0 ? 'None is left to be right.' : `Of these right: ${share}.`;
  return [`  Answers from ${percent(threshold)} on: ${integer(kept)} of ${integer(n)} (${percent(kept / n)}). ${rest}`];
}
