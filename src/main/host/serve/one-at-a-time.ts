import { Refused } from './refused';

/** So many requests may wait; a body each stays in memory. */
const mostWaiting = 32;

/** Does one piece of work after the other, in the order in which they came. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @throws Refused 429 where too many wait, and whatever the work throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= mostWaiting) {
      throw new Refused(429, 'busy', `${this.#waiting} requests are waiting already.`, {
        hint: 'Ask again in a moment, and send many texts in one request.',
        headers: { 'Retry-After': '1' },
      });
    }
    this.#waiting++;
    const turn = this.#last.then(work).finally(() => this.#waiting--);
    this.#last = turn.catch(() => undefined); // a failure is its own request's
    return turn;
  }
}
