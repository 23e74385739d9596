import type { Fact } from './fact.js';

/** Facts about answers of other operations. */
export const answerFacts: readonly Fact[] = [];
