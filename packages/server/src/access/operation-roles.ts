import type { OperationName as DocumentedName } from '@ips-sdk/types';
import { operationRoles, type Role } from '@ips-sdk/types/roles';
import type { OperationName } from '../handled-contract.js';

/**
 * Roles that this server allows besides the documented ones. The documented lists have gaps that cannot be intended: whoever may
 * stop a job may run one, and a company's administrator may look up the company.
 */
const ALSO: Partial<Record<DocumentedName, readonly Role[]>> = {
  getCompanyInfo: ['IpsCompanyAdmin'],
  submitJob: ['IpsCompanyAdmin'],
  executeJob: ['IpsCompanyAdmin'],
  getJobLogDetails: ['TrialSiteAdmin'],
  checkAssetNames: ['IpsCompanyAdmin'],
  createMetadataField: ['IpsCompanyAdmin'],
  getProjects: ['IpsCompanyAdmin', 'ImagePortalAdmin'],
  removeProjectAssets: ['IpsAdmin'],
  createTemplate: ['IpsCompanyAdmin'],
  // A portal's administrator may do what its contributors may, and its users see the folders that they browse.
  getFolderTree: ['ImagePortalAdmin', 'ImagePortalUser'],
  getOriginalFilePaths: ['ImagePortalAdmin', 'ImagePortalUser'],
  getImageSetMembers: ['ImagePortalAdmin'],
  setAssetPublishState: ['ImagePortalAdmin'],
  batchSetFontFields: ['ImagePortalAdmin'],
  getAssetsByName: ['ImagePortalUser'],
};

/** Operations without documented roles take those of a related operation: not everyone may change settings. */
const AS: Partial<Record<DocumentedName, DocumentedName>> = {
  setImageServingPublishSettings: 'getImageServingPublishSettings',
  setImageRenderingPublishSettings: 'getImageRenderingPublishSettings',
  getCdnCacheInvalidationStatus: 'cdnCacheInvalidation',
  updateImageSet: 'createImageSet',
  updateAssetSet: 'createAssetSet',
  // An upload is a job that comes with its files.
  uploadPost: 'submitJob',
};

/** The roles that may call an operation; `undefined` when everyone may. */
export function rolesAllowed(operation: OperationName): readonly Role[] | undefined {
  const ruling = rulingOf(operation);
  const documented = operationRoles[ruling];
  return documented === undefined ? undefined : [...documented, ...(ALSO[ruling] ?? [])];
}

function rulingOf(operation: OperationName): DocumentedName {
  // No page describes it. Both change how images are shown.
  if (operation === 'updateSmartCrops') return 'batchSetImageFields';
  return AS[operation] ?? operation;
}
