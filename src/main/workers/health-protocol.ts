import type { ScanResult } from '../../engine/health/health-scan';

/** What the health worker is asked; one scan at a time. */
export type HealthRequest =
  | { readonly type: 'begin'; readonly texts: number }
  | { readonly type: 'add'; readonly texts: readonly string[] }
  | { readonly type: 'finish' };

/** The answer to `finish`; its arrays are handed over, not copied. */
export type HealthResult = ScanResult;
