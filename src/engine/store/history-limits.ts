/** How much is kept on the disk to take changes back, besides the label log (which is small and kept for good). */
export interface HistoryLimits {
  /**
   * Bytes of texts as they were before and after changes of them. The newest change is kept whatever its size; the
   * oldest beyond the limit are forgotten as a whole.
   */
  readonly textBytes: number;
  /** Ways in which the rows were divided before. */
  readonly divisions: number;
}

/** The limits of every project. */
export const HISTORY_LIMITS: HistoryLimits = { textBytes: 256 * 2 ** 20, divisions: 20 };
