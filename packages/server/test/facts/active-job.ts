import type { Fact } from './fact.js';

/** Facts about jobs that are active or scheduled. */
export const activeJobFacts: readonly Fact[] = [];
