import type { Services } from '../services.js';
import type { JobKinds } from './job-kind.js';
import type { JobQueue } from './queue.js';

/** The parts that the engine's functions work with. */
export interface EngineParts {
  readonly services: Services;
  readonly queue: JobQueue;
  readonly kinds: JobKinds;
}
