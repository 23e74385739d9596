import type { Fact } from './fact.js';

/** Facts about logs of jobs. */
export const jobLogFacts: readonly Fact[] = [];
