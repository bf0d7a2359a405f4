import type { LanguageModel } from '../model/language-model';
import { SPECIAL_TOKENS } from '../text/special-tokens';
import { Random } from '../train/random';

/** How many tokens are written, how bold the choice is, and among how many of the likeliest it is made. */
const length = 28;
const temperature = 0.8;
const choices = 40;

/**
 * Lets a language model write on behind some tokens. Its carried state is afterwards what it was before, and no
 * generator of the run is touched: training goes on to the same bits.
 * @param prompt token ids in the order in which the model reads, at least one
 * @returns the ids that follow
 */
export function generateText(model: LanguageModel, prompt: readonly number[], seed: number): number[] {
  const carried = model.readState();
  const random = new Random(seed);
  const written: number[] = [];
  model.reset();
  try {
    const [last = 0] = prompt.slice(-1);
    if (prompt.length > 1) read(model, prompt.slice(0, -1));
    for (let token = last; written.length < length;) {
      const { logits } = model.outputs({ ids: Int32Array.of(token), time: 1, batch: 1 });
      read(model, [token]);
      token = draw(logits, random);
      written.push(token);
    }
  } finally {
    model.writeState(carried);
  }
  return written;
}

/** Moves the carried state on over some tokens; what would have come next does not matter. */
function read(model: LanguageModel, ids: readonly number[]): void {
  const window = { ids: Int32Array.from(ids), time: ids.length, batch: 1 };
  model.evaluateStep({ ...window, targets: new Int32Array(ids.length) });
}

/** One of the likeliest tokens by its probability; special ones but those of capitals are never chosen. */
function draw(logits: Float32Array, random: Random): number {
  const firstCapital = SPECIAL_TOKENS.length - 2;
  const top: { id: number; logit: number }[] = [];
  for (let id = firstCapital; id < logits.length; id++) {
    const logit = logits[id] ?? -Infinity;
    const least = top[top.length - 1];
    if (top.length === choices && least && logit <= least.logit) continue;
    let at = top.length;
    while (at > 0 && (top[at - 1]?.logit ?? Infinity) < logit) at--;
    top.splice(at, 0, { id, logit });
    if (top.length > choices) top.pop();
  }
  const highest = top[0]?.logit ?? 0;
  const weights = top.map(({ logit }) => Math.exp((logit - highest) / temperature));
  let rest = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [k, weight] of weights.entries()) {
    rest -= weight;
    if (rest <= 0) return top[k]?.id ?? 0;
  }
  return top[0]?.id ?? 0;
}
