import type { OperationName } from '@ips-sdk/types';
import { operationRoles, type Role } from '@ips-sdk/types/roles';

/**
 * Roles that this server allows beside those that are documented. The documented lists have gaps that cannot be meant: who
 * may stop a job may run one, and a company's administrator may look up the company.
 */
const ALSO: Partial<Record<OperationName, readonly Role[]>> = {
  getCompanyInfo: ['IpsCompanyAdmin'],
  submitJob: ['IpsCompanyAdmin'],
  executeJob: ['IpsCompanyAdmin'],
  getJobLogDetails: ['TrialSiteAdmin'],
  checkAssetNames: ['IpsCompanyAdmin'],
  createMetadataField: ['IpsCompanyAdmin'],
  getProjects: ['IpsCompanyAdmin'],
  removeProjectAssets: ['IpsAdmin'],
};

/** Operations whose roles are not documented, by those of the operation that each belongs to: not everybody may change settings. */
const AS: Partial<Record<OperationName, OperationName>> = {
  setImageServingPublishSettings: 'getImageServingPublishSettings',
  setImageRenderingPublishSettings: 'getImageRenderingPublishSettings',
  getCdnCacheInvalidationStatus: 'cdnCacheInvalidation',
  // An upload is a job that comes with its files.
  uploadPost: 'submitJob',
};

/** The roles that may call an operation; `undefined` for everybody. */
export function rolesAllowed(operation: OperationName): readonly Role[] | undefined {
  const ruling = AS[operation] ?? operation;
  const documented = operationRoles[ruling];
  return documented === undefined ? undefined : [...documented, ...(ALSO[ruling] ?? [])];
}
