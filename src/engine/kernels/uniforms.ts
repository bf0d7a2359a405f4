/**
 * Uniform numbers in [0, 1) from a pair of 32-bit seeds: sfc32, 20 rounds thrown away so that near seeds part.
 * The portable kernels draw their masks with it; the training generator is {@link file://../train/random.ts}.
 */
export function uniformsFrom(seed: readonly [number, number], count: number): Float32Array {
  let a = seed[0] | 0;
  let b = seed[1] | 0;
  let c = 0x9e3779b9 | 0;
  let d = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 8;
  };
  for (let i = 0; i < 20; i++) next();
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = next() / 0x1000000;
  return values;
}
