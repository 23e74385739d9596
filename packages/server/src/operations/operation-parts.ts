import type { JobEngine } from '../jobs/job-engine.js';
import type { Services } from '../services.js';
import type { Chaos } from './chaos.js';

/** What carrying out an operation requires. */
export interface OperationParts {
  readonly services: Services;
  readonly jobs: JobEngine;
  readonly chaos: Chaos;
}
