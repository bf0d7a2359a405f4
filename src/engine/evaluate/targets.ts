/** What to learn: one class of several a row, or a yes or no for each output. */
export type Targets =
  | { readonly kind: 'softmax'; readonly classIds: Int32Array /* [rows] */ }
  | { readonly kind: 'sigmoid'; readonly truth: Uint8Array /* [rows, outputs] */ };

/**
 * Whether rows are of a class that was learned. What a model says of a class with only this one row is no sign of how much it
 * may be believed: with a row a class, as at the start of labelling, all would be of that kind, and nothing ever believed.
 */
export function learnedClasses(learned: Targets, outputs: number): (targets: Targets, row: number) => boolean {
  if (learned.kind === 'softmax') {
    const known = new Set(learned.classIds);
    return (targets, row) => targets.kind === 'softmax' && known.has(targets.classIds[row] ?? -1);
  }
  const bothSides = outputs > 1 || new Set(learned.truth).size === 2;
  return () => bothSides;
}

/** The targets of some rows, in the order of their numbers. */
export function pickTargets(targets: Targets, picked: Int32Array, outputs: number): Targets {
  if (targets.kind === 'softmax') return { kind: 'softmax', classIds: picked.map((row) => targets.classIds[row] ?? 0) };
  const truth = new Uint8Array(picked.length * outputs);
  picked.forEach((row, i) => truth.set(targets.truth.subarray(row * outputs, (row + 1) * outputs), i * outputs));
  return { kind: 'sigmoid', truth };
}
