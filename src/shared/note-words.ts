import type { ProgressEvent } from './jobs';
import type { RunNote, RunNoteCode } from './run-notes';
import { percentInEnglish } from './share-words';

/**
 * The notes in English, as templates of vue-i18n (`{value}`, choices between ` | `). The window's English is this very
 * table, and the compiler holds its other languages to it.
 */
export const englishNotes = {
  'texts-cut': 'Texts are cut after {tokens} tokens (the longest has {longest}).',
  'texts-cut-for-budget':
    'Texts are cut after {tokens} tokens (the longest has {longest}): reading all of each would not fit into {minutes}.',
  'language-model-too-short':
    'The language model is not fine-tuned: there is too little text to learn from (tokens: {tokens}).',
  'language-model-left-out':
    'The language model is not fine-tuned: in {minutes} it could read too little of the texts to learn from them.',
  'language-model-reads': 'The language model reads {tokens} tokens {times}.',
  'language-model-reads-part': 'The language model reads about {share} of {tokens} tokens.',
  'changed-little': 'It learned what sentences mean, so it is changed little: it would forget that.',
  'new-words': '{words} of {vocabulary} words are new to it; their rows are trained first.',
  'linear-head':
    'With {texts} labelled texts nothing thaws: a linear head is fitted on what the language model, left as it is, makes of each text.',
  'head-only': 'Only the head learns; it sees {texts} labelled texts {times}.',
  'classifier-sees': 'Once everything is unfrozen, the classifier sees {texts} labelled texts {times}.',
  'classifier-sees-part': 'Once everything is unfrozen, the classifier sees about {share} of {texts} labelled texts.',
  'cut-to-budget': 'Training is cut to {share} of what is usual, to keep to {minutes}.',
  'both-directions': 'Two models are trained one after the other, one for each direction: every stage comes twice.',
  'estimated-usual': 'Estimated from {texts} of {of} texts and the usual speed of two cores; the run measures both.',
  'estimated-timed':
    'Estimated from {texts} of {of} texts and a few timed steps ({languageModel} tokens a second in the language model, {classifier} in the classifier); the run measures both.',
  'few-test-rows':
    'Only {n} test text measures the result: it will be known to about ±{points} percentage points at best. | Only {n} test texts measure the result: it will be known to about ±{points} percentage points at best.',
  'no-test-rows':
    'No text is kept for the test: the result is measured on the texts that it is chosen by, and looks better than it is.',
  'few-validation-rows':
    'Only {n} held-out text: too few to judge whether averaging with word counts pays (that takes {needed}), so it is done on trust. | Only {n} held-out texts: too few to judge whether averaging with word counts pays (that takes {needed}), so it is done on trust.',
  'small-classes':
    '{n} label has fewer than {fewest} labelled texts and will hardly be found: {labels}. | {n} labels have fewer than {fewest} labelled texts and will hardly be found: {labels}.',
  'labels-are-numbers':
    'The labels are numbers with very many values ({labels} different ones in {texts} texts). A classifier tells kinds of texts apart; it does not estimate amounts.',
  'labels-nearly-unique':
    '{labels} different labels for {texts} labelled texts: nearly every text has one of its own, so there is nothing to learn from. It may be the wrong column.',
  'budget-too-small':
    '{minutes} will not be kept to: preparing, reading every text once and measuring take longer. About {least} would do.',
  'goes-on': 'Going on from the last checkpoint.',
  'forward-now': 'Now the forward model: it reads texts from their beginning.',
  'backward-now': 'Now the backward model: it reads texts from their end.',
  'no-backward':
    'There is no pretrained backward language model, so the backward model starts from scratch and learns from these texts alone. One can be named by the option pretrainedBackward.',
  'both-ways': 'The encoder reads in both directions, so there is no language model to fine-tune.',
  'nothing-taken': 'Nothing of "{model}" is taken over: its embedding has another width.',
  'embedding-taken': 'Of "{model}" only the embedding is taken over: its layers are of another kind or size.',
  'other-language':
    'The texts are in {textsLanguage}, but the language model {model} has only read {readLanguage}: it can hardly help. Train from scratch (--scratch), or start from a model of {textsLanguage} (thaw models download {fitting}).',
  'other-language-alone':
    'The texts are in {textsLanguage}, but the language model {model} has only read {readLanguage}: it can hardly help. Train from scratch (--scratch), or bring a model of {textsLanguage} (thaw models import, or thaw pretrain on texts of it).',
  'learning-pieces': 'Learning sub-words from the texts.',
  'cut-into-words':
    '{texts} texts (language: {language}), {tokens} tokens, a vocabulary of {vocabulary} ({share} of the tokens are outside it).',
  'cut-into-pieces':
    '{texts} texts (language: {language}), {tokens} sub-words, a vocabulary of {vocabulary} ({share} of the tokens are outside it).',
  'stepped-back':
    'Stage {stage}, step {at}: {tensor} is not finite any more. The run steps back to step {step} and goes on with {rate} of its rate.',
  patience:
    'Stage {stage} ends after {epochs} of {of} epochs: validation was not better for {n} epoch. | Stage {stage} ends after {epochs} of {of} epochs: validation was not better for {n} epochs.',
  'ended-early': 'Training ended early in the stage {stage}, as you wished; the best weights so far are kept.',
  'blend-pays':
    'Averaged with the TF-IDF baseline (weight {weight}), the loss on validation goes from {lossBefore} to {lossAfter} and {score} from {scoreBefore} to {scoreAfter} (cross-fitted): predictions use the blend.',
  'blend-asked':
    'Averaged with the TF-IDF baseline (weight {weight}), the loss on validation goes from {lossBefore} to {lossAfter} and {score} from {scoreBefore} to {scoreAfter} (cross-fitted): as asked, predictions use the blend.',
  'blend-left-out':
    'Averaged with the TF-IDF baseline (weight {weight}), the loss on validation goes from {lossBefore} to {lossAfter} and {score} from {scoreBefore} to {scoreAfter} (cross-fitted): that is no better, so predictions use the deep model alone.',
  'blend-unjudged':
    'Averaged with the TF-IDF baseline (weight {weight}): predictions use the blend, which is the better one as a rule; {n} held-out text is too few to judge it. | Averaged with the TF-IDF baseline (weight {weight}): predictions use the blend, which is the better one as a rule; {n} held-out texts are too few to judge it.',
  'rows-unreadable':
    '{n} row of {file} could not be read and is not in the result. | {n} rows of {file} could not be read and are not in the result.',
  'rows-unlabelled': '{n} row without a label was left out. | {n} rows without a label were left out.',
  'few-rows-to-weigh':
    'Only {n} validation row chooses the weights, so these stay near equal. Runs share more of them when they have the same seed or a given validation file. | Only {n} validation rows choose the weights, so these stay near equal. Runs share more of them when they have the same seed or a given validation file.',
  'rows-not-weighed':
    '{n} row was left out: it has no label, or one that the classifiers do not know. | {n} rows were left out: they have no label, or one that the classifiers do not know.',
  'ablation-run': 'Run {run} of {of}: {variant}, seed {seed}.',
} as const satisfies Record<RunNoteCode, string>;

/** How often, for the value `times` of notes. */
export const englishTimes = { once: 'once', times: '{n} times' } as const;

/** What scores are called, for the value `score` of notes. */
export const englishScores = { accuracy: 'accuracy', 'micro-f1': 'micro F1' } as const;

/** How one language writes what stands in notes. */
export interface NoteFormat {
  readonly number: (value: number, digits: number) => string;
  /** @param share 0 to 1 */
  readonly percent: (share: number, digits: number) => string;
  readonly minutes: (minutes: number) => string;
  /** `once`, `3 times`. */
  readonly times: (passes: number) => string;
  readonly stage: (id: string) => string;
  readonly score: (name: string) => string;
  /** @param code ISO 639-1 */
  readonly language: (code: string) => string;
  /** What an ablation changes, by its name. @param change the same in English */
  readonly variant: (name: string, change: string) => string;
}

/** Digits behind the point that tell something: none for whole numbers, one for others. */
export function tellingDigits(value: number): 0 | 1 {
  return Math.abs(value - Math.round(value)) < 0.05 ? 0 : 1;
}

/** So near to one pass is one. */
const isOnce = (passes: number): boolean => passes > 0.95 && passes < 1.05;

/** Which of {@link englishTimes} a number of passes is said by. */
export function timesKey(passes: number): keyof typeof englishTimes {
  return isOnce(passes) ? 'once' : 'times';
}

function valueInWords(name: string, value: unknown, format: NoteFormat): string {
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'string') {
    if (name === 'stage') return format.stage(value);
    if (name === 'score') return format.score(value);
    return name.toLowerCase().endsWith('language') ? format.language(value) : value;
  }
  if (typeof value !== 'number') return '';
  if (name === 'share') return format.percent(value, value < 0.095 ? 1 : 0);
  if (name === 'minutes' || name === 'least') return format.minutes(value);
  if (name === 'times') return format.times(value);
  if (name === 'seed') return String(value); // a name more than a number
  if (name === 'weight') return format.number(value, 2);
  if (name.startsWith('loss')) return format.number(value, 3);
  if (name.startsWith('score')) return format.percent(value, 1);
  // Half, a quarter, an eighth: all digits tell.
  if (name === 'rate') return format.number(value, Math.min(6, String(value).split('.')[1]?.length ?? 0));
  return format.number(value, tellingDigits(value));
}

/** The values of a note in words, by name, for its template in any language. */
export function noteValues(note: RunNote, format: NoteFormat): Record<string, string> {
  const { code, ...values } = note;
  const words = Object.entries(values).map(([name, value]) => [name, valueInWords(name, value, format)] as const);
  if (code !== 'ablation-run') return Object.fromEntries(words);
  return { ...Object.fromEntries(words), variant: format.variant(note.variant, note.change) };
}

/** What singular and plural of a note go by. */
export function noteCount(note: RunNote): number {
  return 'n' in note ? note.n : 2;
}

const number = (value: number, digits = 0): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const english: NoteFormat = {
  number,
  percent: percentInEnglish,
  minutes: (minutes) => `${number(minutes, tellingDigits(minutes))} ${minutes === 1 ? 'minute' : 'minutes'}`,
  times: (passes) => fill(englishTimes[timesKey(passes)], { n: number(passes, tellingDigits(passes)) }, 2),
  stage: (id) => id,
  score: (name) => (name === 'micro-f1' ? englishScores['micro-f1'] : englishScores.accuracy),
  language: (code) => new Intl.DisplayNames('en', { type: 'language' }).of(code) ?? code,
  variant: (_name, change) => change,
};

function fill(template: string, values: Readonly<Record<string, string>>, n: number): string {
  const [one = '', many = one] = template.split(' | ');
  return (n === 1 ? one : many).replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** A note in English; one of an earlier version is a sentence already. */
export function sayNote(note: RunNote | string): string {
  if (typeof note === 'string') return note;
  return fill(englishNotes[note.code], noteValues(note, english), noteCount(note));
}

/** A note as an event of a run: its data, and beside it the English sentence for logs and readers that do not know it. */
export function noteEvent(note: RunNote, level: 'info' | 'warning' = 'info'): ProgressEvent {
  return { type: 'note', level, message: sayNote(note), note };
}
