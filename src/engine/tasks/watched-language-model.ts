import type { ProgressEvent } from '../../shared/jobs';
import type { TokenDocumentSource } from '../train/stream-loader';
import { LanguageModelWork, type LanguageModelParts } from '../train/language-model-work';
import type { PlannedStage, StagePosition, StepResult } from '../train/stage-work';
import { generateText } from './generate-text';
import { readableText } from './readable-text';

/** Texts that are written while a stage trains: one before its first step, then about evenly. */
const textsPerStage = 8;
/** Tokens of a held-out text that the model is given. */
const promptTokens = 6;

/** What is needed to show a person what the language model writes. */
export interface LanguageModelWatch {
  readonly itos: readonly string[];
  readonly subwords: boolean;
  readonly valid: { readonly source: TokenDocumentSource; readonly documents: Int32Array };
  report(event: ProgressEvent): void;
}

/** A language model's training that now and then reports a text of the model; it learns exactly as without. */
export class WatchedLanguageModelWork extends LanguageModelWork {
  private readonly watched: Pick<LanguageModelParts, 'model' | 'backward'>;
  private readonly watch: LanguageModelWatch;
  private written = -1;
  private stage = '';

  constructor(parts: LanguageModelParts, watch: LanguageModelWatch) {
    super(parts);
    this.watched = parts;
    this.watch = watch;
  }

  override step(stage: PlannedStage, at: StagePosition): StepResult {
    if (stage.stage !== this.stage) [this.stage, this.written] = [stage.stage, -1];
    const place = Math.floor(at.position * textsPerStage);
    if (place > this.written) this.write(stage, at.position);
    this.written = Math.max(this.written, place);
    return super.step(stage, at);
  }

  private write(stage: PlannedStage, share: number): void {
    const { watch, watched } = this;
    const document = this.longestOfFew();
    if (document === null) return;
    const ids = Array.from(watch.valid.source.read(document));
    // What reads from the end is given the last tokens, the last one first.
    const prompt = watched.backward ? ids.reverse().slice(0, promptTokens) : ids.slice(0, promptTokens);
    const text = generateText(watched.model, prompt, this.written + 2);
    const words = (tokens: readonly number[]): string => {
      const inOrder = watched.backward ? [...tokens].reverse() : tokens;
      return readableText(inOrder.map((id) => watch.itos[id] ?? ''), watch.subwords); // prettier-ignore
    };
    const { backward } = watched;
    watch.report({ type: 'generated', stage: stage.stage, share, prompt: words(prompt), text: words(text), backward });
  }

  /** A held-out document with enough tokens to begin from: the longest of the first few. */
  private longestOfFew(): number | null {
    const { source, documents } = this.watch.valid;
    const few = Array.from(documents.subarray(0, 8)).sort((a, b) => source.length(b) - source.length(a));
    const [longest] = few;
    return longest !== undefined && source.length(longest) >= 2 ? longest : null;
  }
}
