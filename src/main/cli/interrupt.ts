import { exitCodes } from './output';

const saving = 'Saving and stopping at the next safe point … (once more: end at once)';

/**
 * Ctrl+C (and a polite end by the system): the first asks the work in hand to save and stop, the second ends the
 * program at once. Without work in hand the first one ends it.
 */
export class Interrupts {
  readonly #say: (text: string) => void;
  #handler: { readonly stop: () => void; readonly words: string } | null = null;
  #count = 0;
  readonly #listener = (): void => this.#interrupt();

  constructor(say: (text: string) => void) {
    this.#say = say;
    process.on('SIGINT', this.#listener);
    process.on('SIGTERM', this.#listener);
  }

  /** True once it was asked to stop. */
  get requested(): boolean {
    return this.#count > 0;
  }

  /**
   * Runs work that `stop` can end at a safe point.
   * @param words what the person is told then
   */
  async during<T>(stop: () => void, work: () => Promise<T>, words: string = saving): Promise<T> {
    this.#handler = { stop, words };
    try {
      return await work();
    } finally {
      this.#handler = null;
    }
  }

  /** Leaves the signals to Node again. */
  dispose(): void {
    process.off('SIGINT', this.#listener);
    process.off('SIGTERM', this.#listener);
  }

  #interrupt(): void {
    this.#count += 1;
    if (this.#count > 1 || !this.#handler) process.exit(exitCodes.interrupted);
    this.#say(this.#handler.words);
    this.#handler.stop();
  }
}
