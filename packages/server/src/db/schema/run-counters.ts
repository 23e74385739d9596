/**
 * The counters of a run. In a separate file, so that public declarations can name it without naming the
 * database.
 */
export interface RunCounters {
  readonly success: number;
  readonly error: number;
  readonly warning: number;
  readonly duplicate: number;
  readonly update: number;
  readonly total: number;
  readonly transferSuccess: number;
  readonly transferError: number;
  readonly transferWarning: number;
}
