/** A batch of sections: inputs time-major `[time·batch]`; targets of each place, or only of the last `[batch]`. */
export interface SectionBatch {
  readonly ids: Int32Array;
  readonly targets: Int32Array;
  readonly time: number;
  readonly batch: number;
}

/** How the books cut the text into sections and batches. */
export interface Sectioning {
  readonly time: number; // tokens of a section
  readonly batch: number;
  /** true: each place's next token is a target; false: only the one after the section. */
  readonly everyToken: boolean;
  /** true: row b of the batches goes through its own piece of the text from batch to batch (`group_chunks`). */
  readonly continuous: boolean;
}

/**
 * Cuts a text into sections side by side, takes the first 80 % of them for training and the rest for validation, and
 * puts both into batches (fastbook, chapter 12). A last batch that is not full is left out where rows must go on.
 */
export function sections(
  ids: Int32Array,
  sectioning: Sectioning,
): { train: readonly SectionBatch[]; valid: readonly SectionBatch[] } {
  const { time } = sectioning;
  const end = ids.length - time - 1;
  const starts: number[] = [];
  for (let i = 0; i < end; i += time) starts.push(i);
  const cut = Math.floor(starts.length * 0.8);
  return {
    train: batchesOf(ids, starts.slice(0, cut), sectioning),
    valid: batchesOf(ids, starts.slice(cut), sectioning),
  };
}

function batchesOf(ids: Int32Array, starts: readonly number[], sectioning: Sectioning): SectionBatch[] {
  const { batch, continuous } = sectioning;
  const perRow = Math.floor(starts.length / batch);
  const batches: SectionBatch[] = [];
  if (continuous) {
    for (let i = 0; i < perRow; i++) {
      const rows = Array.from({ length: batch }, (_, row) => starts[i + perRow * row]!);
      batches.push(sectionBatch(ids, rows, sectioning));
    }
    return batches;
  }
  for (let i = 0; i < starts.length; i += batch) {
    batches.push(sectionBatch(ids, starts.slice(i, i + batch), sectioning));
  }
  return batches;
}

function sectionBatch(ids: Int32Array, starts: readonly number[], { time, everyToken }: Sectioning): SectionBatch {
  const batch = starts.length;
  const inputs = new Int32Array(time * batch);
  const targets = new Int32Array(everyToken ? time * batch : batch);
  starts.forEach((start, row) => {
    for (let t = 0; t < time; t++) {
      inputs[t * batch + row] = ids[start + t]!;
      if (everyToken) targets[t * batch + row] = ids[start + t + 1]!;
    }
    if (!everyToken) targets[row] = ids[start + time]!;
  });
  return { ids: inputs, targets, time, batch };
}
