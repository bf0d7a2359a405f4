import type { ModelToImport } from '../../engine/weights/import-model';

/** What the conversion worker is asked; it answers with a `SavedImport`. */
export interface ConversionRequest {
  readonly id: number;
  readonly type: 'import';
  readonly model: ModelToImport;
}
