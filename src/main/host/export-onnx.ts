import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { onnxClassifier } from '../../engine/export/onnx/onnx-classifier';
import { readClassifier } from '../../engine/model/classifier-files';
import { writeBytesAtomic } from '../../engine/weights/atomic-write';
import { bundleFolder } from '../platform/paths';
import { browserExample, nodeExample } from './export-examples';

/** The file with the network; an ensemble has one in the folder of each member. */
export const onnxFile = 'model.onnx';
/** The JavaScript that turns texts into what the network reads, and its answers into labels. */
export const runtimeFile = 'thaw-classifier.mjs';

/**
 * Puts an ONNX model into an exported folder, or into the folders of an ensemble's members, with the JavaScript that uses it
 * and an example for Node and one for browsers.
 * @param example a text like those it was trained on
 * @throws AppError `bad-input` for a classifier whose layers read in both directions
 */
export async function addOnnx(folder: string): Promise<void> {
  await addNetworks(folder);
  await copyFile(runtimeSource(), path.join(folder, runtimeFile));
  await writeBytesAtomic(path.join(folder, 'example.mjs'), nodeExample);
  await writeBytesAtomic(path.join(folder, 'example.html'), browserExample);
}

/** Where the JavaScript of exports lies in this Thaw. */
export function runtimeSource(): string {
  return path.join(bundleFolder(), '..', 'runtime', runtimeFile);
}

/** The files that stand beside the networks, with their sizes. @param runtimeBytes of the JavaScript */
export function addedFiles(runtimeBytes: number): { name: string; bytes: number }[] {
  return [
    { name: runtimeFile, bytes: runtimeBytes },
    { name: 'example.mjs', bytes: Buffer.byteLength(nodeExample) },
    { name: 'example.html', bytes: Buffer.byteLength(browserExample) },
  ];
}

async function addNetworks(folder: string): Promise<void> {
  const members = path.join(folder, 'members');
  if (existsSync(members)) {
    for (const name of (await readdir(members)).sort()) await addNetworks(path.join(members, name));
  }
  const { format } = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8')) as { format: string };
  if (format !== 'thaw-classifier') return;
  const { file, ...tensors } = await readClassifier(folder);
  await writeBytesAtomic(path.join(folder, onnxFile), onnxClassifier(file, tensors));
}
