import { activeJobFacts } from './active-job.ts';
import { answerFacts } from './answers.ts';
import type { Fact } from './fact.js';
import { faultFacts } from './faults.ts';
import { handleFacts } from './handles.ts';
import { jobLogFacts } from './job-logs.ts';
import { searchFacts } from './search.ts';

/** All facts, by area. A new area is added here. */
export const factTables: Readonly<Record<string, readonly Fact[]>> = {
  Handles: handleFacts,
  'Active and scheduled jobs': activeJobFacts,
  'Job logs': jobLogFacts,
  Faults: faultFacts,
  Searches: searchFacts,
  'Other answers': answerFacts,
};
