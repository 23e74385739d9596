import type { Fact } from './fact.js';

/** Facts about faults. */
export const faultFacts: readonly Fact[] = [];
