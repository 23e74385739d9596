import type { OperationName as DocumentedName } from '@ips-sdk/types';
import { operationRoles, type Role } from '@ips-sdk/types/roles';
import type { OperationName } from '../handled-contract.js';

/**
 * Roles that this server allows in addition to the documented ones. The documented lists have gaps that cannot be intended: a role that
 * may stop a job may also run one, and a company administrator may look up the company.
 */
const ALSO: Partial<Record<DocumentedName, readonly Role[]>> = {
  getCompanyInfo: ['IpsCompanyAdmin'],
  submitJob: ['IpsCompanyAdmin'],
  executeJob: ['IpsCompanyAdmin'],
  getJobLogDetails: ['TrialSiteAdmin'],
  checkAssetNames: ['IpsCompanyAdmin'],
  // As for the operations that change and delete fields.
  createMetadataField: ['IpsCompanyAdmin', 'ImagePortalAdmin'],
  getProjects: ['IpsCompanyAdmin', 'ImagePortalAdmin'],
  removeProjectAssets: ['IpsAdmin'],
  createTemplate: ['IpsCompanyAdmin'],
  // A portal administrator may do what contributors may, and portal users can see the folders that they browse.
  getFolderTree: ['ImagePortalAdmin', 'ImagePortalUser'],
  getOriginalFilePaths: ['ImagePortalAdmin', 'ImagePortalUser'],
  getImageSetMembers: ['ImagePortalAdmin'],
  setAssetPublishState: ['ImagePortalAdmin'],
  batchSetFontFields: ['ImagePortalAdmin'],
  getAssetsByName: ['ImagePortalUser'],
};

/** Operations without documented roles use those of a related operation, because not everyone may change settings. */
const AS: Partial<Record<DocumentedName, DocumentedName>> = {
  setImageServingPublishSettings: 'getImageServingPublishSettings',
  setImageRenderingPublishSettings: 'getImageRenderingPublishSettings',
  getCdnCacheInvalidationStatus: 'cdnCacheInvalidation',
  updateImageSet: 'createImageSet',
  updateAssetSet: 'createAssetSet',
  removeMask: 'replaceImage',
  // A log of what users do is for administrators, as the formats are.
  getMediaPortalEvent: 'getVignettePublishFormats',
  setPropertySetPermissions: 'createPropertySet',
  updatePropertySetPermissions: 'createPropertySet',
  removePropertySetPermissions: 'deletePropertySet',
  // An upload is a job that comes with its files.
  uploadPost: 'submitJob',
};

/** The roles that may call an operation; `undefined` if everyone may. */
export function rolesAllowed(operation: OperationName): readonly Role[] | undefined {
  const ruling = rulingOf(operation);
  const documented = ruling === undefined ? undefined : operationRoles[ruling];
  return ruling === undefined || documented === undefined
    ? undefined
    : [...documented, ...(ALSO[ruling] ?? [])];
}

/** Operations of later versions, which no page documents, use the roles of a related operation. Others are for everyone. */
const LATER: Partial<Record<OperationName, DocumentedName>> = {
  // Both change how images are shown.
  updateSmartCrops: 'batchSetImageFields',
  applyMetadataTemplate: 'batchSetAssetMetadata',
  // Documents and schemas are properties of the company.
  createCompanyMetadata: 'createPropertySet',
  updateCompanyMetadata: 'createPropertySet',
  deleteCompanyMetadata: 'createPropertySet',
  saveMetadataSchema: 'createPropertySet',
  removeMetadataSchema: 'createPropertySet',
};

function rulingOf(operation: OperationName): DocumentedName | undefined {
  if (operation in operationRoles || operation in AS)
    return AS[operation as DocumentedName] ?? (operation as DocumentedName);
  return LATER[operation];
}
