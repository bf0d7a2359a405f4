import type {
  Confidence,
  Explanation,
  InspectedRow,
  Overview,
  ReportLanguage,
  Slices,
} from '../../../shared/inspect-types';
import type { Comparison } from '../../../shared/training-types';

/** Everything that a report tells. */
export interface ReportData {
  readonly language: ReportLanguage;
  readonly project: string;
  readonly version: string;
  readonly madeAt: Date;
  readonly device: string;
  readonly rows: { readonly train: number; readonly valid: number; readonly test: number };
  readonly overview: Overview;
  /** What the run knows of what its figures rest on. */
  readonly standing: Pick<Comparison, 'validation' | 'blendChoice' | 'learned'>;
  readonly confidence: Confidence;
  readonly slices: readonly Slices[];
  readonly errors: readonly InspectedRow[];
  readonly uncertain: readonly InspectedRow[];
  readonly costliest: readonly InspectedRow[];
  readonly doubted: { readonly rows: readonly InspectedRow[]; readonly estimate: number | null };
  /** Null where the weights are gone. */
  readonly explained: readonly Explanation[] | null;
  readonly curve: readonly { readonly kind: 'language-model' | 'classifier'; readonly loss: number }[];
  readonly settings: readonly { readonly name: string; readonly value: string }[];
}
