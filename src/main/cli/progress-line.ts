import type { Job, ProgressEvent } from '../../shared/jobs';
import { integer, percent, stageTitles, timeLeft } from './human';

/** Where progress goes: standard error, or in a test anything that takes text. */
export interface ProgressSink {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Without a terminal, one plain line at most this often (and at each new stage). */
const plainInterval = 5000;
/** A terminal's line is rewritten at most this often. */
const rewriteInterval = 200;

/**
 * Shows how a job goes on: on a terminal one line that is rewritten, elsewhere a plain line every few seconds.
 * Notes and ends of epochs stay as lines of their own.
 */
export class ProgressLine {
  readonly #sink: ProgressSink;
  readonly #now: () => number;
  #shown = '';
  #stage: string | null = null;
  #lastShown = -Infinity;
  #detail = '';

  constructor(sink: ProgressSink, now: () => number = () => performance.now()) {
    this.#sink = sink;
    this.#now = now;
  }

  /** Takes in a job's new state. */
  job(job: Job): void {
    if (job.state !== 'running' && job.state !== 'paused') return;
    if (job.stage === null) return;
    if (job.stage !== this.#stage) this.#detail = '';
    const left = job.state === 'paused' ? 'paused' : job.secondsLeft === null ? '' : timeLeft(job.secondsLeft);
    this.#show(job.stage, stageTitles[job.stage], job.fraction, left);
  }

  /** Shows work that is no job. */
  work(title: string, fraction: number | null): void {
    this.#show(title, title, fraction, '');
  }

  /** Takes in what a task reports. */
  event(event: ProgressEvent): void {
    if (event.type === 'count') {
      const total = event.total === null ? '' : ` of ${integer(event.total)}`;
      this.#detail = `${integer(event.done)}${total} ${event.unit}`;
    } else if (event.type === 'step') {
      this.#detail = `loss ${event.smoothedLoss.toFixed(3)}, ${integer(event.tokensPerSecond)} tokens/s`;
    } else if (event.type === 'epoch') {
      this.line(`  ${epochLine(event)}`);
    } else if (event.type === 'note') {
      this.line(`  ${event.level === 'warning' ? 'Warning: ' : ''}${event.message}`);
    }
  }

  /** Writes a line that stays, above the line that is rewritten. */
  line(text: string): void {
    this.#clear();
    this.#sink.write(`${text}\n`);
    if (this.#shown !== '') this.#sink.write(this.#shown);
  }

  /** Takes the rewritten line away. */
  end(): void {
    this.#clear();
    this.#shown = '';
    this.#stage = null;
  }

  #show(id: string, title: string, fraction: number | null, left: string): void {
    const share = fraction === null ? '' : percent(Math.floor(Math.min(1, fraction) * 1000) / 1000);
    const text = [title, this.#detail, share, left].filter((part) => part !== '').join(' · ');
    if (this.#sink.isTTY) {
      if (this.#now() - this.#lastShown < rewriteInterval && id === this.#stage) return;
      this.#lastShown = this.#now();
      this.#clear();
      this.#shown = text.slice(0, Math.max(20, (this.#sink.columns ?? 80) - 1));
      this.#sink.write(this.#shown);
    } else if (id !== this.#stage || this.#now() - this.#lastShown >= plainInterval) {
      this.#lastShown = this.#now();
      this.#sink.write(`${text}\n`);
    }
    this.#stage = id;
  }

  #clear(): void {
    if (this.#sink.isTTY && this.#shown !== '') this.#sink.write('\r\x1b[2K');
  }
}

function epochLine(event: Extract<ProgressEvent, { type: 'epoch' }>): string {
  const parts = [
    `${stageTitles[event.stage]}, epoch ${round(event.epoch)} of ${round(event.epochs)}`,
    `loss ${event.trainLoss.toFixed(3)}`,
  ];
  if (event.validLoss !== null) parts.push(`validation loss ${event.validLoss.toFixed(3)}`);
  if (event.perplexity !== null) parts.push(`perplexity ${event.perplexity.toFixed(1)}`);
  if (event.accuracy !== null) parts.push(`accuracy ${percent(event.accuracy)}`);
  if (event.macroF1 !== null) parts.push(`macro F1 ${percent(event.macroF1)}`);
  return parts.join(' · ');
}

function round(epochs: number): string {
  return String(Math.round(epochs * 10) / 10);
}
