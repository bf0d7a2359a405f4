import { decideLabels, rankLabels } from '../../evaluate/decide-labels';
import { openModel, scoreTexts, type ExportedModel } from './exported-model';
import { filesIn } from './model-files';
import type { Answer, ModelFiles, OnnxRuntime } from './runtime-types';

/** A text of one column, or of several in the order of {@link TextClassifier.columns}. */
export type Text = string | readonly string[];

/** An exported classifier that is open. */
export interface TextClassifier {
  readonly labels: readonly string[];
  /** Whether a text may get several labels, or none. */
  readonly multiLabel: boolean;
  /** The columns that it was trained on. */
  readonly columns: readonly string[];
  /** What it says of texts, in their order; the same as `thaw predict` but for the last digits. */
  predict(texts: readonly Text[]): Promise<Answer[]>;
}

/**
 * Opens a folder that Thaw exported with ONNX. Runs in Node and in browsers; nothing is sent anywhere.
 *
 * @param ort the package onnxruntime-node or onnxruntime-web
 * @param from the folder's URL, in Node also its path, or something that reads its files
 */
export async function openClassifier(ort: OnnxRuntime, from: string | URL | ModelFiles): Promise<TextClassifier> {
  const files = typeof from === 'object' && 'read' in from ? from : filesIn(from);
  const model = await openModel(ort, files);
  const { labels, multiLabel } = model.file;
  const columns = model.notes.columns?.textColumns ?? ['text'];
  return {
    labels,
    multiLabel,
    columns,
    async predict(texts) {
      const fields = texts.map((text) => fieldsOf(text, columns));
      const scores = await scoreTexts(ort, model, fields);
      return texts.map((_, row) => answerOf(model, scores, row));
    },
  };
}

function fieldsOf(text: Text, columns: readonly string[]): readonly string[] {
  const fields = typeof text === 'string' ? [text] : text;
  if (fields.length === columns.length) return fields;
  throw new Error(
    `Expected a text of each column (${columns.join(', ')}), got ${fields.length}. Give a list of ${columns.length} texts.`,
  );
}

function answerOf({ file, notes }: ExportedModel, scores: Float32Array, row: number): Answer {
  const own = notes.blend?.used === true ? notes.blend.thresholds : file.thresholds;
  const given = decideLabels(scores, row, file.labels, { thresholds: own, abstainBelow: notes.abstainBelow ?? 0 });
  return { label: given[0] ?? null, given, labels: rankLabels(scores, row, file.labels) };
}
