import type { Services } from '../services.js';
import type { JobKinds } from './job-kind.js';
import type { JobQueue } from './queue.js';

/** What the functions of the engine work with. */
export interface EngineParts {
  readonly services: Services;
  readonly queue: JobQueue;
  readonly kinds: JobKinds;
}
