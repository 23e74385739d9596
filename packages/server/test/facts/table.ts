import { activeJobFacts } from './active-job.ts';
import { answerFacts } from './answers.ts';
import { assetFacts } from './assets.ts';
import type { Fact } from './fact.js';
import { faultFacts } from './faults.ts';
import { handleFacts } from './handles.ts';
import { jobLogFacts } from './job-logs.ts';
import { metadataFacts } from './metadata.ts';
import { publishingFacts } from './publishing.ts';
import { searchFacts } from './search.ts';
import { searchConditionFacts } from './search-conditions.ts';
import { smartCropFacts } from './smart-crops.ts';

/** All facts, by area. A new area is added here. */
export const factTables: Readonly<Record<string, readonly Fact[]>> = {
  Handles: handleFacts,
  'Active and scheduled jobs': activeJobFacts,
  'Job logs': jobLogFacts,
  Faults: faultFacts,
  Searches: searchFacts,
  'Conditions of searches': searchConditionFacts,
  Assets: assetFacts,
  Metadata: metadataFacts,
  Publishing: publishingFacts,
  'Smart crops': smartCropFacts,
  'Other answers': answerFacts,
};
