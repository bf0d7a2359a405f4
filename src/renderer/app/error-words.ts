import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { isKnownCode } from './error-actions';
import { findSentence, type Translate } from './engine-words';
import { useFormat, type Format } from './format';

/**
 * What the engine says in its errors, by the name of its words in the locales. The engine speaks English; what is not
 * here is one that the window does not bring about, or says too little beyond what its code says.
 */
export const errorSentences = {
  noFile: /^There is no file (?:or folder )?(?<path>.+)\.$/,
  noFileRows: /^(?<path>.+): expected at least one row, but .+\.$/,
  noFileText: /^(?<path>.+): expected delimited text, got .+\.$/,
  noColumn: /^(?<path>.+): expected a column "(?<wanted>.+)", got (?<got>.+)\.$/,
  noSheet: /^(?<path>.+): expected a sheet "(?<wanted>.*)", got (?<got>.+)\.$/,
  noRecords: /^(?<path>.+): expected records such as .+$/,
  manyLabels:
    /^(?<path>.+): expected at most (?<n>[\d,]+) labels in (?<columns>.+), got (?<got>[\d,]+) different values\.$/,
  noParquet: /^(?<path>.+) cannot be read as Parquet: .+$/,
  tooLarge: /^(?<path>.+) holds more text than fits into memory\.$/,
  unreadable: /^(?<path>.+) (?:cannot|could not) be (?:read|opened): .+$/,
  fileTrouble: /^Could not .+?: .+$/,
  noEncoding: /^Expected the name of a text encoding, got "(?<got>.+)"\.$/,
  emptyClipboard: /^Expected text on the clipboard, got none\.$/,
  projectLocked: /^The project is open already, in (?<who>.+): (?<file>.+)\.$/,
  noProject: /^(?<folder>.+) is not a Thaw project: .+$/,
  newerProject: /^(?<folder>.+): expected a project of version (?<n>[\d,]+) or older, got version (?<got>[\d,]+)\.$/,
  projectThere: /^(?<folder>.+) is a project already\.$/,
  folderInUse: /^(?<folder>.+) is not empty(?:: it| and) holds .+$/,
  projectClosed: /^No project is open\.$/,
  diskFull: /^No room left on the disk for (?<file>.+)\.$/,
  labelThere: /^There is a label "(?<label>.+)" already\.$/,
  noLabel: /^There is no label "(?<label>.+)"\.$/,
  labelName: /^Expected a name for the label, got an empty one\.$/,
  noSplitColumn: /^Expected a column to divide the rows by, got none\.$/,
  noTestRows: /^There are no test rows to lock yet\.$/,
  noRows: /^(?:The project has no rows yet|Nothing has been imported into this project)\.$/,
  twoLabels: /^Training needs at least two labels with rows; there is (?:none|.+) \((?<n>[\d,]+) labelled rows\)\.$/,
  rowsOfEach:
    /^Training needs at least two labels and some rows of each: there are (?<n>[\d,]+) labels, (?<train>[\d,]+) rows to train on and (?<valid>[\d,]+) to validate with\.$/,
  labelColumn:
    /^The label column (?<columns>.+) has (?<n>[\d,]+) different labels on (?<rows>[\d,]+) rows; .+ (?<alone>[\d,]+) of these are on one row only\.$/,
  modelLacks: /^The language model in (?<folder>.+) lacks (?<files>.+)\.$/,
  fewTexts: /^There are (?<n>[\d,]+) labelled texts with (?<labels>[\d,]+) different labels to train on\.$/,
  noClassifier: /^The project has no trained classifier\.$/,
  noClassifierIn: /^(?<folder>.+) holds no trained classifier \(no model\.json\)\.$/,
  noLanguageModelIn: /^(?<folder>.+) holds no language model \(no model\.json\)\.$/,
  notDownloaded: /^(?<model>.+) is not downloaded yet\.$/,
  importedOnly: /^(?<folder>.+) is an imported classifier: .+$/,
  otherDirection: /^The language model in (?<folder>.+) reads texts from their .+$/,
  noRun: /^There is no run "(?<run>.+)" in this project\.$/,
  runBusy: /^The run (?<run>\S+) is still \w+\.$/,
  runInUse: /^The project's classifier came from the run (?<run>\S+)\.$/,
  runComplete: /^The run (?<run>\S+) is complete; there is nothing to go on with\.$/,
  rowsChanged: /^The rows of the project have changed since this run began, so it cannot go on\.$/,
  notMeasured: /^The run (?<run>\S+) has no measured classifier \(it is \w+\)\.$/,
  otherOrigin: /^The project's classifier did not come from any of its runs, so its rows are not known\.$/,
  jobState: /^The job ".+" is \w+ and cannot be \w+\.$/,
  noNumber: /^.+ is not finite any more\.$/,
  memory: /^.+ ran out of memory\.$/,
  engineEnded: /^.+ ended unexpectedly: .+$/,
  noServer: /^(?<host>\S+) cannot be reached: .+$/,
  brokeOff: /^(?<host>\S+) broke off after (?<n>[\d,]+) of (?<total>[\d,]+) bytes\.$/,
  downloading: /^(?<model>.+) is being downloaded(?: already)?(?: \(by process \d+\))?\.$/,
  modelName: /^A model cannot be called "(?<wanted>.*)": .+$/,
  optionValue: /^Option (?<option>\S+) is "(?<got>.*)"; expected .+\.$/,
} as const satisfies Record<string, RegExp>;

/** What of an error is said; a newer engine may send codes that this window does not know. */
interface SaidError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** An error in words: what is wrong, and what to do. */
export interface ErrorWords {
  readonly message: string;
  readonly hint: string;
  /** The message in English; null where that is what `message` says. */
  readonly original: string | null;
}

/**
 * Says an error in the words of a language other than English. What to do follows from the sentence, else from the code;
 * a message that is not known stays English, because it names what no code can.
 */
export function sayError(envelope: SaidError, t: Translate, format: Format): ErrorWords {
  const known = findSentence(envelope.message, errorSentences, format);
  const action = t(`errors.${isKnownCode(envelope.code) ? envelope.code : 'internal'}.action`, {});
  if (known === null) return { message: envelope.message, hint: action, original: null };
  const key = `errorHints.${known.name}`;
  const hint = t(key, known.named);
  return {
    message: t(`errorWords.${known.name}`, known.named),
    hint: hint === key ? action : hint,
    original: envelope.message,
  };
}

/** As {@link sayError}, in the language in use; in English the engine's own words are never behind. */
export function useErrorWords(): ComputedRef<(envelope: SaidError) => ErrorWords> {
  const { t, te, locale } = useI18n();
  const format = useFormat();
  return computed(() => {
    const { value } = format;
    const say: Translate = (key, named) => (te(key) || te(key, 'en') ? t(key, named) : key);
    return (envelope: SaidError): ErrorWords => {
      if (locale.value !== 'en') return sayError(envelope, say, value);
      const { message } = envelope;
      const code = isKnownCode(envelope.code) ? envelope.code : 'internal';
      return { message, hint: envelope.hint ?? t(`errors.${code}.action`), original: null };
    };
  });
}
