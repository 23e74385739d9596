import type { Logger } from 'pino';
import type { Metrics } from '../metrics.js';

/** The process whose spans are recorded. */
export interface TracedProcess {
  readonly serverName: string;
  readonly version: string;
  readonly log: Logger;
  readonly metrics: Metrics;
}
