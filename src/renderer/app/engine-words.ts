import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { stageIdSchema } from '../../shared/jobs';
import { useFormat, type Format } from './format';

/**
 * What the engine says in sentences of its own (why a plan is as it is, what a run decided, why a line was refused), by the
 * name of its words in the locales. The engine speaks English, as its files and the command line do.
 */
const sentences = {
  cut: /^Texts are cut after (?<n>[\d,]+) tokens \(the longest has (?<longest>[\d,]+)\)\.$/,
  lmTooFew: /^The language model is not fine-tuned: (?<n>[\d,]+) tokens are too few to learn from\.$/,
  lmReadsOnce: /^The language model reads (?<n>[\d,]+) tokens once\.$/,
  lmReads: /^The language model reads (?<n>[\d,]+) tokens (?<times>[\d.]+) times\.$/,
  gentle: /^It learned what sentences mean, so it is changed little: it would forget that\.$/,
  newWords: /^(?<n>[\d,]+) of (?<total>[\d,]+) words are new to it; their rows are trained first\.$/,
  onlyHeadOnce: /^Only the head learns; it sees (?<n>[\d,]+) labelled texts once\.$/,
  onlyHead: /^Only the head learns; it sees (?<n>[\d,]+) labelled texts (?<times>[\d.]+) times\.$/,
  seesOnce: /^The classifier sees (?<n>[\d,]+) labelled texts once once everything is unfrozen\.$/,
  sees: /^The classifier sees (?<n>[\d,]+) labelled texts (?<times>[\d.]+) times once everything is unfrozen\.$/,
  budget: /^Epochs are cut to (?<share>[\d.]+) % to keep to (?<minutes>[\d.]+) minutes\.$/,
  trainedTwice: /^Two models are trained one after the other, one for each direction: every stage comes twice\.$/,
  estimatedUsual:
    /^Estimated from (?<n>[\d,]+) of (?<total>[\d,]+) texts and the usual speed of two cores; the run measures both\.$/,
  estimatedTimed:
    /^Estimated from (?<n>[\d,]+) of (?<total>[\d,]+) texts and a few timed steps \((?<model>[\d,]+) tokens a second in the language model, (?<classifier>[\d,]+) in the classifier\); the run measures both\.$/,
  otherLanguage: /^The texts are in .+, but the language model (?<name>.+) has only read .+: it can hardly help\. /,
  stepsBack: /^.+ The run steps back to step (?<n>[\d,]+) and goes on with (?<share>[\d.]+) of its rate\.$/,
  bothWays: /^The encoder reads in both directions, so there is no language model to fine-tune\.$/,
  nothingTaken: /^Nothing of "(?<name>.+)" is taken over: its embedding has another width\.$/,
  embeddingTaken: /^Of "(?<name>.+)" only the embedding is taken over: its layers are of another kind or size\.$/,
  texts:
    /^(?<n>[\d,]+) texts \(language: (?<language>\S+)\), (?<tokens>[\d,]+) tokens, a vocabulary of (?<words>[\d,]+) \((?<share>[\d.]+) % of the tokens are outside it\)\.$/,
  textsInPieces:
    /^(?<n>[\d,]+) texts \(language: (?<language>\S+)\), (?<tokens>[\d,]+) sub-words, a vocabulary of (?<words>[\d,]+) \((?<share>[\d.]+) % of the tokens are outside it\)\.$/,
  blendUsed:
    /^Averaged with the TF-IDF baseline \(weight (?<weight>[\d.]+)\), the loss on validation goes from (?<before>[\d.]+) to (?<after>[\d.]+) and (?:accuracy|micro F1) from (?<was>[\d.]+) % to (?<is>[\d.]+) % \(cross-fitted\): (?:as asked, )?predictions use the blend\.$/,
  blendUnjudged:
    /^Averaged with the TF-IDF baseline \(weight (?<weight>[\d.]+)\): predictions use the blend, which is the better one as a rule; (?<n>\d+) validation texts are too few to judge it\.$/,
  blendUnused:
    /^Averaged with the TF-IDF baseline \(weight (?<weight>[\d.]+)\), the loss on validation goes from (?<before>[\d.]+) to (?<after>[\d.]+) and (?:accuracy|micro F1) from (?<was>[\d.]+) % to (?<is>[\d.]+) % \(cross-fitted\): that is no better, so predictions use the deep model alone\.$/,
  endedEarly: /^Training ended early in the stage (?<stage>\S+), as you wished; the best weights so far are kept\.$/,
  patience:
    /^Stage (?<stage>\S+) ends after (?<n>\d+) of (?<total>\d+) epochs: validation was not better for (?<patience>\d+)\.$/,
  forwardNow: /^Now the forward model: it reads texts from their beginning\.$/,
  backwardNow: /^Now the backward model: it reads texts from their end\.$/,
  noBackward:
    /^There is no pretrained backward language model, so the backward model starts from scratch and learns from these texts alone\./,
  goesOn: /^Going on from the last checkpoint\.$/,
  learnsPieces: /^Learning sub-words from the texts\.$/,
  skippedOne: /^The first line is not read\.$/,
  skipped: /^The first (?<n>\d+) lines are not read\.$/,
  headerOnly: /^The file has a header but no rows\.$/,
  noRow: /^No row could be read\.$/,
  lines: /^No separator was found: each line is taken as one text\.$/,
  quotesKept: /^Quotation marks are taken as part of the texts\.$/,
  unnamed: /^Columns without a name are called column1, column2 …$/,
  unreadable: /^Of the first rows (?<n>.+) cannot be read; the first is line (?<line>\d+): (?<reason>.+)\.$/,
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
  notDecoded: /^bytes that cannot be decoded in this encoding$/,
  cells: /^expected (?<expected>\d+)(?: cells?)?, got (?<got>\d+)$/,
  afterQuote: /^text after the closing quotation mark of cell (?<cell>\d+)$/,
  openQuote: /^the quotation mark that opens (?:a cell|cell (?<cell>\d+)) is never closed$/,
  noObject: /^no JSON object$/,
  noJson: /^no valid JSON \((?<why>.+)\)$/,
  tooLarge: /^larger than (?<n>\d+) MB$/,
  noText: /^no text$/,
} as const satisfies Record<string, RegExp>;

/** A sentence of the engine that the window has words for. */
export type EngineSentence = keyof typeof sentences;

/** Gives the words of a key. */
export type Translate = (key: string, named: Record<string, string>) => string;

/** Numbers as the language writes them, stages by their names; everything else as it stands. */
function inWords(value: string, name: string, t: Translate, format: Format): string {
  if (name === 'stage') return stageIdSchema.safeParse(value).success ? t(`stages.${value}`, {}) : value;
  const isNumber = name !== 'name' && /^\d[\d,]*(\.\d+)?$/.test(value);
  if (!isNumber) return value;
  const digits = /\.(\d+)$/.exec(value)?.[1]?.length ?? 0;
  return format.number(Number(value.replaceAll(',', '')), digits);
}

/** A sentence that a table of patterns knows: its name, and what stands in it. */
export interface KnownSentence {
  readonly name: string;
  readonly named: Record<string, string>;
}

/** Finds a sentence in a table of patterns, with numbers and stages as a language writes them; null where it is not there. */
export function findSentence(
  sentence: string,
  patterns: Readonly<Record<string, RegExp>>,
  t: Translate,
  format: Format,
): KnownSentence | null {
  for (const [name, pattern] of Object.entries(patterns)) {
    const found = pattern.exec(sentence);
    if (found === null) continue;
    const named = Object.entries(found.groups ?? {}).flatMap(([group, value]: [string, string | undefined]) =>
      value === undefined ? [] : [[group, inWords(value, group, t, format)] as const],
    );
    return { name, named: Object.fromEntries(named) };
  }
  return null;
}

/** Says a sentence of the engine in the words of a language; one that is not known stays as it is. */
export function sayEngineSentence(sentence: string, t: Translate, format: Format): string {
  const known = findSentence(sentence, sentences, t, format);
  return known === null ? sentence : t(`engineWords.${known.name}`, known.named);
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
