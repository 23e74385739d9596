import type { JobEngine } from '../jobs/job-engine.js';
import type { Services } from '../services.js';
import type { Chaos } from './chaos.js';

/** The parts needed to execute an operation. */
export interface OperationParts {
  readonly services: Services;
  readonly jobs: JobEngine;
  readonly chaos: Chaos;
}
