import { companyReproductions } from './companies.ts';
import { folderReproductions } from './folders.ts';
import { groupReproductions } from './groups.ts';
import { jobReproductions, publishReproductions } from './jobs.ts';
import { propertySetReproductions } from './property-sets.ts';
import type { Reproductions } from './sample.js';
import { userReproductions } from './users.ts';

/** How each operation is held to the samples of its page. A new area is added here. */
export const reproductions: Reproductions = {
  ...companyReproductions,
  ...folderReproductions,
  ...jobReproductions,
  ...publishReproductions,
  ...propertySetReproductions,
  ...userReproductions,
  ...groupReproductions,
};
