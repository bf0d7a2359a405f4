import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ExportContents } from '../../shared/export-types';
import { addedFiles, onnxFile, runtimeSource } from './export-onnx';

/** A file by its name inside a folder. */
export interface FileSize {
  readonly name: string;
  readonly bytes: number;
}

/** All files below a folder, by their names inside it; an ensemble's members lie in sub-folders. */
export async function filesBelow(folder: string, inside = ''): Promise<FileSize[]> {
  const files: FileSize[] = [];
  const entries = await readdir(path.join(folder, inside), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) files.push(...(await filesBelow(folder, name)));
    else files.push({ name, bytes: (await stat(path.join(folder, name))).size });
  }
  return files;
}

/**
 * What an export of a classifier folder would hold. An ONNX network is about as large as the weights that it is made of.
 * @param readme of the export
 */
export async function exportContents(classifier: string, readme: string): Promise<ExportContents> {
  const own = await filesBelow(classifier);
  const files = [...own, { name: 'README.md', bytes: Buffer.byteLength(readme) }];
  const weights = own.filter(({ name }) => path.basename(name) === 'weights.safetensors');
  const folders = weights.map(({ name }) => path.dirname(name));
  for (const inside of folders) if (await readsBothWays(path.join(classifier, inside))) return { files, onnx: null };
  const networks = weights.map(({ name, bytes }) => ({ name: name.replace(/[^/]*$/, onnxFile), bytes }));
  const source = runtimeSource();
  const runtime = existsSync(source) ? (await stat(source)).size : 0;
  return { files, onnx: [...networks, ...addedFiles(runtime)] };
}

/** Whether the layers read in both directions, which ONNX cannot. */
async function readsBothWays(folder: string): Promise<boolean> {
  const model = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8')) as {
    readonly encoder?: { readonly bidirectional?: boolean };
  };
  return model.encoder?.bidirectional === true;
}
