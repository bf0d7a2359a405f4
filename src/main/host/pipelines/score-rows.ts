import { TokenShards } from '../../../engine/text/token-shards';
import type { JobControl } from '../job-control';
import type { HostServices } from '../services';
import type { NumericalDocuments } from '../model-scores';

/** Rows scored between two looks at pause and cancel. */
const rowsInOneGo = 512;

/**
 * The classifier's probabilities for rows of the project, from its token shards. Rows are taken in the order of their
 * lengths, so that little is padded. // [rows, classes]
 */
export async function scoreRows(
  services: HostServices,
  model: { readonly folder: string; readonly classes: number },
  shardsFolder: string,
  rows: Int32Array,
  control: JobControl,
  onProgress: (done: number) => void,
): Promise<Float32Array> {
  const { folder, classes } = model;
  const probabilities = new Float32Array(rows.length * classes);
  const shards = TokenShards.open(shardsFolder);
  try {
    const order = Array.from(rows.keys()).sort((a, b) => shards.length(rows[a] ?? 0) - shards.length(rows[b] ?? 0));
    for (let start = 0; start < order.length; start += rowsInOneGo) {
      await control.checkpoint();
      const places = order.slice(start, start + rowsInOneGo);
      const { ids, offsets } = readDocuments(
        shards,
        places.map((place) => rows[place] ?? 0),
      );
      const scores = await services.training.predict(folder, ids, offsets, classes);
      places.forEach((place, i) => probabilities.set(scores.subarray(i * classes, (i + 1) * classes), place * classes));
      onProgress(start + places.length);
    }
  } finally {
    shards.close();
  }
  return probabilities;
}

function readDocuments(shards: TokenShards, documents: readonly number[]): NumericalDocuments {
  const offsets = new Int32Array(documents.length + 1);
  documents.forEach((document, i) => (offsets[i + 1] = (offsets[i] ?? 0) + shards.length(document)));
  const ids = new Int32Array(offsets[documents.length] ?? 0);
  documents.forEach((document, i) => ids.set(shards.read(document), offsets[i] ?? 0));
  return { ids, offsets };
}
