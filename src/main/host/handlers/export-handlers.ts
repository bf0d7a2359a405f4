import path from 'node:path';
import type { exportMethods } from '../../../shared/export-types';
import { readTrainingNotes } from '../classifier-folder';
import { exportModel, plannedExport } from '../export-model';
import { pastExports, rememberExport } from '../export-records';
import type { Scoring } from '../scoring';
import type { HostServices } from '../services';
import type { HandlerGroup } from './handlers';

/** The project's classifier as a folder of its own. */
export function exportHandlers(services: HostServices, scoring: Scoring): HandlerGroup<keyof typeof exportMethods> {
  const classifier = (): string => services.project.models.classifier;
  return {
    'export.model': async ({ folder, onnx = false }) => {
      const project = services.project.path; // another one may be open by the time this is written
      const written = await exportModel(scoring, classifier(), path.resolve(folder), { onnx });
      const notes = await readTrainingNotes(written.folder);
      // The export is there, whether or not it can be noted down.
      await rememberExport(project, {
        folder: written.folder,
        writtenAt: new Date().toISOString(),
        runId: notes?.runId ?? null,
        files: written.files.length,
        bytes: written.files.reduce((sum, { bytes }) => sum + bytes, 0),
        onnx,
      }).catch(() => undefined);
      return written;
    },
    'export.contents': () => plannedExport(scoring, classifier()),
    'export.past': () => pastExports(services.project.path),
  };
}
