import { trainRung } from '../../src/engine/human-numbers/train-rung';
import { loadMachine } from './machine';
import type { Prepare } from './serve';

/** The rung of AWD-LSTM, as `thaw human-numbers --rung awd`: seconds, and accuracy after the last epoch. */
export const humanNumbers: Prepare = async (spec) => {
  const { epochs } = spec as { readonly epochs: number };
  const { kernels } = await loadMachine();
  let seed = 1;
  return async () => {
    const follower = { breathe: () => Promise.resolve(), afterEpoch: () => undefined };
    const { seconds, accuracy } = await trainRung(kernels, 'awd', { seed: seed++, epochs }, follower);
    return { seconds, accuracy };
  };
};
