/** A vector's nearest ones: their places, most similar first, with the cosine of the angle. */
export interface Neighbour {
  readonly place: number;
  readonly similarity: number;
}

/** Subtracts `mean` from every row and scales each to length 1, in place. // vectors [n, width] */
export function normaliseRows(vectors: Float32Array, mean: Float32Array): void {
  const width = mean.length;
  for (let start = 0; start < vectors.length; start += width) {
    let squares = 0;
    for (let j = 0; j < width; j++) {
      const value = (vectors[start + j] ?? 0) - (mean[j] ?? 0);
      vectors[start + j] = value;
      squares += value * value;
    }
    const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
    for (let j = 0; j < width; j++) vectors[start + j] = (vectors[start + j] ?? 0) * scale;
  }
}

/** The mean of rows. // vectors [n, width], result [width] */
export function meanOfRows(vectors: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  const n = vectors.length / width;
  for (let i = 0; i < vectors.length; i++) sums[i % width] = (sums[i % width] ?? 0) + (vectors[i] ?? 0);
  return Float32Array.from(sums, (sum) => sum / Math.max(1, n));
}

/** The rows nearest to a vector by cosine; all are of length 1 already. // vectors [n, width], query [width] */
export function nearestRows(vectors: Float32Array, query: Float32Array, limit: number): Neighbour[] {
  const width = query.length;
  const found: Neighbour[] = [];
  for (let place = 0; place * width < vectors.length; place++) {
    let similarity = 0;
    for (let j = 0; j < width; j++) similarity += (vectors[place * width + j] ?? 0) * (query[j] ?? 0);
    if (found.length >= limit && similarity <= (found.at(-1)?.similarity ?? -1)) continue;
    // Kept sorted: there are few, and most rows are not among them.
    const at = found.findIndex((each) => each.similarity < similarity);
    found.splice(at < 0 ? found.length : at, 0, { place, similarity });
    if (found.length > limit) found.pop();
  }
  return found;
}
