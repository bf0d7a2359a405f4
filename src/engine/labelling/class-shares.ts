/** From so many rows on that were labelled one by one, these alone say how frequent the labels are. */
export const FEWEST_ONE_BY_ONE = 20;

/** How much of one row each label counts for that has none among those labelled one by one. */
const UNSEEN_WEIGHT = 0.5;

/** Whether enough rows were labelled one by one for those labelled many at once to be told apart from them. */
export function canTellApart(atOnce: Uint8Array): boolean {
  const together = atOnce.reduce((sum, each) => sum + each, 0);
  return together > 0 && atOnce.length - together >= FEWEST_ONE_BY_ONE;
}

/**
 * Weights of classes under which a training set, in which many rows were labelled at once, has the shares of those rows
 * that were labelled one by one: share there / share here. Each row's weight is 1 on average. (Importance weights for
 * label shift: Saerens et al. 2002; Lipton et al. 2018.)
 *
 * @param classIds the class of each row
 * @param atOnce 1 for a row that was labelled together with others
 * @returns null where there is nothing to tell apart // [classes]
 */
export function shareWeights(classIds: ArrayLike<number>, atOnce: Uint8Array, classes: number): Float32Array | null {
  if (!canTellApart(atOnce)) return null;
  const [here, there] = [new Float64Array(classes), new Float64Array(classes).fill(UNSEEN_WEIGHT)];
  for (let row = 0; row < classIds.length; row++) {
    const id = classIds[row] ?? 0;
    here[id] = (here[id] ?? 0) + 1;
    if (atOnce[row] !== 1) there[id] = (there[id] ?? 0) + 1;
  }
  // Classes without a row here take no part in the shares.
  const oneByOne = there.reduce((sum, count, id) => (here[id] === 0 ? sum : sum + count), 0);
  return Float32Array.from(here, (count, id) =>
    count === 0 ? 1 : (((there[id] ?? 0) / oneByOne) * classIds.length) / count,
  );
}
