import { z } from 'zod';

/**
 * What the engine says of a plan and a run, as data: a code and its values. Faces put it into words of their own: the
 * command line, logs and run files by `sayNote`, the window by its translations. A value's name says what it is (see
 * `noteValues`): `share` is 0 to 1, `times` are passes over texts, `n` is what singular and plural go by.
 */

const whole = z.number().int().nonnegative();
const note = <C extends string, V extends z.ZodRawShape>(code: C, values: V) =>
  z.object({ code: z.literal(code), ...values });

/** Why a plan is as it is. */
const reasons = [
  note('texts-cut', { tokens: whole, longest: whole }),
  note('texts-cut-for-budget', { tokens: whole, longest: whole, minutes: z.number() }),
  note('language-model-too-short', { tokens: whole }),
  note('language-model-left-out', { minutes: z.number() }),
  note('language-model-reads', { tokens: whole, times: z.number() }),
  note('language-model-reads-part', { tokens: whole, share: z.number() }),
  note('changed-little', {}),
  note('new-words', { words: whole, vocabulary: whole }),
  note('linear-head', { texts: whole }),
  note('head-only', { texts: whole, times: z.number() }),
  note('classifier-sees', { texts: whole, times: z.number() }),
  note('classifier-sees-part', { texts: whole, share: z.number() }),
  note('cut-to-budget', { share: z.number(), minutes: z.number() }),
  note('both-directions', {}),
  note('estimated-usual', { texts: whole, of: whole }),
  note('estimated-timed', { texts: whole, of: whole, languageModel: whole, classifier: whole }),
] as const;
export const planReasonSchema = z.discriminatedUnion('code', reasons);
export type PlanReason = z.infer<typeof planReasonSchema>;

/** What a person should know before a run begins, because it will not be as good or as sure as it could be. */
const warnings = [
  /** `points` is half of the 95 % interval of nine right answers in ten; `testShare` would be enough, null: none would. */
  note('few-test-rows', { n: whole, points: z.number(), testShare: z.number().nullable() }),
  note('no-test-rows', { testShare: z.number().nullable() }),
  note('few-validation-rows', { n: whole, needed: whole }),
  note('small-classes', { n: whole, fewest: whole, labels: z.array(z.string()) }),
  note('labels-are-numbers', { labels: whole, texts: whole }),
  note('labels-nearly-unique', { labels: whole, texts: whole }),
  note('budget-too-small', { minutes: z.number(), least: z.number() }),
] as const;
export const planWarningSchema = z.discriminatedUnion('code', warnings);
export type PlanWarning = z.infer<typeof planWarningSchema>;

/** What validation says of the blend with the TF-IDF baseline, by cross-fitting. Losses in nats, scores 0 to 1. */
const judged = {
  weight: z.number(), // of the baseline
  score: z.enum(['accuracy', 'micro-f1']),
  lossBefore: z.number(),
  lossAfter: z.number(),
  scoreBefore: z.number(),
  scoreAfter: z.number(),
};

/** What a run decides or meets on its way. Stages are their ids, languages their ISO 639-1 codes. */
const decisions = [
  note('goes-on', {}),
  note('forward-now', {}),
  note('backward-now', {}),
  note('no-backward', {}),
  note('both-ways', {}),
  note('nothing-taken', { model: z.string() }),
  note('embedding-taken', { model: z.string() }),
  note('other-language', {
    model: z.string(),
    readLanguage: z.string(),
    textsLanguage: z.string(),
    fitting: z.array(z.string()),
  }),
  note('other-language-alone', { model: z.string(), readLanguage: z.string(), textsLanguage: z.string() }),
  note('learning-pieces', {}),
  note('cut-into-words', { texts: whole, language: z.string(), tokens: whole, vocabulary: whole, share: z.number() }),
  note('cut-into-pieces', { texts: whole, language: z.string(), tokens: whole, vocabulary: whole, share: z.number() }),
  /** `tensor` is where the number was found, in English: `the loss`, `the gradient of head.0.weight`. */
  note('stepped-back', { stage: z.string(), at: whole, tensor: z.string(), step: whole, rate: z.number() }),
  note('patience', { stage: z.string(), epochs: whole, of: whole, n: whole }),
  note('ended-early', { stage: z.string() }),
  note('blend-pays', judged),
  note('blend-asked', judged),
  note('blend-left-out', judged),
  note('blend-unjudged', { weight: z.number(), n: whole }),
] as const;

/** What other jobs tell: classifying and measuring files, ensembles and ablations. `n` are rows. */
const asides = [
  note('rows-unreadable', { n: whole, file: z.string() }),
  note('rows-unlabelled', { n: whole }),
  note('few-rows-to-weigh', { n: whole }),
  note('rows-not-weighed', { n: whole }),
  /** `variant` is the name of what is left out or changed, `change` the same in English. */
  note('ablation-run', { run: whole, of: whole, variant: z.string(), change: z.string(), seed: z.number().int() }),
] as const;

/** Anything that a run or another job tells in a note. */
export const runNoteSchema = z.discriminatedUnion('code', [...reasons, ...warnings, ...decisions, ...asides]);
export type RunNote = z.infer<typeof runNoteSchema>;
export type RunNoteCode = RunNote['code'];
