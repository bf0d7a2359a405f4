/** Shuffles 0 … n - 1 anew at each call, the same way for the same seed (mulberry32, Fisher-Yates). */
export function seededOrder(n: number, seed: number): () => Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => {
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(next() * (i + 1));
      const kept = order[i] as number;
      order[i] = order[j] as number;
      order[j] = kept;
    }
    return order;
  };
}
