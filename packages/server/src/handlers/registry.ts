import { assetChangeHandlers } from './asset-changes.js';
import { assetReadHandlers } from './asset-reads.js';
import { assetSearchHandlers } from './asset-search.js';
import { cdnHandlers } from './cdn.js';
import { companyHandlers } from './companies.js';
import { folderHandlers } from './folders.js';
import { groupHandlers } from './groups.js';
import type { AreaHandlers } from './handlers.js';
import { jobHandlers } from './jobs.js';
import { membershipHandlers } from './memberships.js';
import { publishSettingHandlers } from './publish-settings.js';
import { publishStateHandlers } from './publish-state.js';
import { trashHandlers } from './trash.js';
import { userHandlers } from './users.js';

/** The operations that this server carries out. Others answer a fault. */
export const handlers: AreaHandlers = {
  ...companyHandlers,
  ...userHandlers,
  ...membershipHandlers,
  ...groupHandlers,
  ...folderHandlers,
  ...assetSearchHandlers,
  ...assetReadHandlers,
  ...assetChangeHandlers,
  ...trashHandlers,
  ...publishStateHandlers,
  ...publishSettingHandlers,
  ...cdnHandlers,
  ...jobHandlers,
};
