import type { Fact } from './fact.js';

/** Facts about searches. */
export const searchFacts: readonly Fact[] = [];
