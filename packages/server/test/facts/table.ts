import { activeJobFacts } from './active-job.ts';
import { answerFacts } from './answers.ts';
import { assetRuleFacts } from './asset-rules.ts';
import { assetFacts } from './assets.ts';
import type { Fact } from './fact.js';
import { faultFacts } from './faults.ts';
import { handleFacts } from './handles.ts';
import { imageFormatFacts } from './image-formats.ts';
import { imageInfoFacts } from './image-info.ts';
import { jobLogFacts } from './job-logs.ts';
import { limitFacts } from './limits.ts';
import { metadataFacts } from './metadata.ts';
import { namespaceFacts } from './namespaces.ts';
import { payloadFacts } from './payloads.ts';
import { propertySetFacts } from './property-sets.ts';
import { publishingFacts } from './publishing.ts';
import { searchFacts } from './search.ts';
import { searchConditionFacts } from './search-conditions.ts';
import { smartCropFacts } from './smart-crops.ts';
import { submissionFacts } from './submissions.ts';
import { userFacts } from './users.ts';

/** All facts, by area. A new area is added here. */
export const factTables: Readonly<Record<string, readonly Fact[]>> = {
  Handles: handleFacts,
  'Active and scheduled jobs': activeJobFacts,
  'What jobs show of what was submitted': payloadFacts,
  'Submitted jobs': submissionFacts,
  'Job logs': jobLogFacts,
  Limits: limitFacts,
  Namespaces: namespaceFacts,
  Faults: faultFacts,
  Searches: searchFacts,
  'Conditions of searches': searchConditionFacts,
  Assets: assetFacts,
  'Details of images': imageInfoFacts,
  'What can be set on assets': assetRuleFacts,
  Metadata: metadataFacts,
  Publishing: publishingFacts,
  'Image formats and viewer presets': imageFormatFacts,
  Users: userFacts,
  'Property sets': propertySetFacts,
  'Smart crops': smartCropFacts,
  'Other answers': answerFacts,
};
