// Every operation of the contract for each of the nine roles, over a socket: allowed, or refused with code 20003. What is expected are
// the role lists of the documentation, as the overlay of packages/types records them, and the mends below.
import type { OperationName } from '@ips-sdk/types';
import { contract as of2016 } from '@ips-sdk/types/2016-01-14-beta';
import { contract as of2019 } from '@ips-sdk/types/2019-09-10-beta';
import { type Contract, contract } from '@ips-sdk/types/contract';
import { operationRoles, type Role } from '@ips-sdk/types/roles';
import { validate } from '@ips-sdk/validator/validate';
import { createCodec, IpsFault } from '@ips-sdk/wire';
import { expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { handledContract } from '../src/handled-contract.js';
import { post } from './support/call.js';
import { inputFields, minimalInput } from './support/minimal-input.js';
import { serverForFile } from './support/shared-server.js';

const password = 'Sunny-Day-42';
const ADMINISTRATORS = ['IpsAdmin', 'IpsCompanyAdmin', 'TrialSiteAdmin', 'ImagePortalAdmin'] as const;
const ROLES = [
  ...ADMINISTRATORS,
  'IpsUser',
  'TrialSiteUser',
  'ImagePortalUser',
  'ImagePortalContrib',
  'ImagePortalContribUser',
] as const satisfies readonly Role[];

/** A deviation from the documented list: more roles, or the list of another operation where the documentation has none. */
type Mend = { readonly because: string } & (
  | { readonly also: readonly Role[] }
  | { readonly as: OperationName }
  | { readonly only: readonly Role[] }
);

const PORTAL_ADMIN = 'an administrator of the portal may do what its contributors may';
const COMPANY_ADMIN = 'an administrator of the company may do what its users may';
const CHANGES = 'it is documented without roles, and changes what the other operation creates or changes';

const PROPERTIES = 'documents and schemas are properties of the company';

const MENDS: Readonly<Partial<Record<string, Mend>>> = {
  getCompanyInfo: { also: ['IpsCompanyAdmin'], because: COMPANY_ADMIN },
  checkAssetNames: { also: ['IpsCompanyAdmin'], because: COMPANY_ADMIN },
  createTemplate: { also: ['IpsCompanyAdmin'], because: COMPANY_ADMIN },
  submitJob: { also: ['IpsCompanyAdmin'], because: COMPANY_ADMIN },
  executeJob: { also: ['IpsCompanyAdmin'], because: 'the page lists another role twice' },
  getJobLogDetails: {
    also: ['TrialSiteAdmin'],
    because: 'it may list the logs, and its users may read them',
  },
  createMetadataField: {
    also: ['IpsCompanyAdmin', 'ImagePortalAdmin'],
    because: 'they may change and delete fields',
  },
  getProjects: {
    also: ['IpsCompanyAdmin', 'ImagePortalAdmin'],
    because: 'they may create, change and delete projects',
  },
  removeProjectAssets: { also: ['IpsAdmin'], because: 'it may add assets' },
  getFolderTree: {
    also: ['ImagePortalAdmin', 'ImagePortalUser'],
    because: 'both may call getFolders, and one sets the permissions of the folders',
  },
  getOriginalFilePaths: {
    also: ['ImagePortalAdmin', 'ImagePortalUser'],
    because: 'both may read everything else of the assets',
  },
  getAssetsByName: { also: ['ImagePortalUser'], because: 'it may call getAssets and searchAssets' },
  getImageSetMembers: { also: ['ImagePortalAdmin'], because: PORTAL_ADMIN },
  setAssetPublishState: { also: ['ImagePortalAdmin'], because: 'it may call setAssetsPublishState' },
  batchSetFontFields: { also: ['ImagePortalAdmin'], because: 'it may call batchSetIccProfileFields' },
  updateImageSet: { as: 'createImageSet', because: CHANGES },
  updateAssetSet: { as: 'createAssetSet', because: CHANGES },
  removeMask: { as: 'replaceImage', because: CHANGES },
  setPropertySetPermissions: { as: 'createPropertySet', because: CHANGES },
  updatePropertySetPermissions: { as: 'createPropertySet', because: CHANGES },
  removePropertySetPermissions: { as: 'deletePropertySet', because: CHANGES },
  setImageServingPublishSettings: { as: 'getImageServingPublishSettings', because: CHANGES },
  setImageRenderingPublishSettings: { as: 'getImageRenderingPublishSettings', because: CHANGES },
  getCdnCacheInvalidationStatus: {
    as: 'cdnCacheInvalidation',
    because: 'it follows what that operation starts',
  },
  uploadPost: { as: 'submitJob', because: 'an upload is a job that comes with its files' },
  getMediaPortalEvent: { only: ADMINISTRATORS, because: 'events name users and jobs' },
  updateSmartCrops: { as: 'batchSetImageFields', because: 'both change how images are shown' },
  applyMetadataTemplate: { as: 'batchSetAssetMetadata', because: 'both change values of many assets' },
  createCompanyMetadata: { as: 'createPropertySet', because: PROPERTIES },
  updateCompanyMetadata: { as: 'createPropertySet', because: PROPERTIES },
  deleteCompanyMetadata: { as: 'createPropertySet', because: PROPERTIES },
  saveMetadataSchema: { as: 'createPropertySet', because: PROPERTIES },
  removeMetadataSchema: { as: 'createPropertySet', because: PROPERTIES },
};

/** Operations that everyone in a company may call, because no list of roles is documented. */
const OPEN: readonly string[] = [
  'addMediaPortalEvent',
  'getCompanyMetadata',
  'listCompanyMetadata',
  'getMetadataSchema',
  'getMetadataSchemaNamespaces',
];

const NOBODY = 'u|99999|nobody@example.com';

/** Values where the smallest input is not valid, or would change what the other calls need. */
const INPUTS: Readonly<Record<string, object>> = {
  getCompanyInfo: { companyHandle: 'c|6' },
  addCompany: { companyName: '' },
  addUser: { email: 'x', password },
  setPassword: { password },
  getAutoCropRect: { autoTransparentCropOptions: { tolerance: 0.1 } },
  submitJob: { imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' } },
  uploadPost: {
    jobName: 'x',
    uploadParams: { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' },
  },
};

/** Operations of the default contract in it, the others in the later contract that has them. */
const contractOf = (operation: string): Contract =>
  Object.hasOwn(contract.operations, operation) ? contract : handledContract;
const OPERATIONS = Object.keys(handledContract.operations);
const CODEC = createCodec(contract);
const LATER = createCodec(of2019);
const BETA = createCodec(of2016);

let server: IpsServer;

serverForFile('manual', async (shared) => {
  server = shared;
  await server.seed({
    users: ROLES.map((role) => ({
      email: `${role}@example.com`,
      password,
      isIpsAdmin: role === 'IpsAdmin',
      memberships: [{ company: 'Sample Company', role: role === 'IpsAdmin' ? 'IpsUser' : role }],
    })),
  });
});

/** A valid input, which names nothing that exists except the company. */
function inputOf(operation: string): Record<string, unknown> {
  const fields = inputFields(contractOf(operation), operation);
  return {
    ...minimalInput(contractOf(operation), operation),
    ...(fields.includes('companyHandle') ? { companyHandle: 'c|6' } : {}),
    // Otherwise some operations act on the caller.
    ...(fields.includes('userHandle') ? { userHandle: NOBODY } : {}),
    ...INPUTS[operation],
  };
}

function expected(operation: string): readonly Role[] {
  const mend = MENDS[operation];
  const documented = operationRoles[operation as OperationName];
  if (mend === undefined) return documented ?? (OPEN.includes(operation) ? ROLES : []);
  if ('as' in mend) return expected(mend.as);
  if ('only' in mend) return mend.only;
  return [...(documented ?? []), ...mend.also];
}

/** The fault of a call in the name of a role; `undefined` for none. */
async function faultOf(operation: string, role: Role): Promise<IpsFault | undefined> {
  // Each in the namespace of a contract that has it.
  const codec = Object.hasOwn(contract.operations, operation)
    ? CODEC
    : Object.hasOwn(of2019.operations, operation)
      ? LATER
      : BETA;
  const header = { user: `${role}@example.com`, password, appName: 'tests', appVersion: '1' };
  // The names of operations come from the contract of the codec.
  const name = operation as 'stopJob';
  const xml = codec.encodeRequest(name, inputOf(operation) as never, { header });
  const { body, status } = await post(server.url, xml, { operation });
  try {
    codec.decodeResponse(name, body, { httpStatus: status });
    return undefined;
  } catch (error) {
    if (error instanceof IpsFault) return error;
    throw error;
  }
}

it('covers the 164 operations of the default contract', () => {
  expect(Object.keys(contract.operations)).toHaveLength(164);
  expect(OPERATIONS).toEqual(expect.arrayContaining(Object.keys(contract.operations)));
});

it('mends no list that needs none', () => {
  for (const [operation, mend = undefined] of Object.entries(MENDS)) {
    expect(OPERATIONS).toContain(operation);
    const documented = operationRoles[operation as OperationName];
    if (mend === undefined) continue;
    expect(mend.because).not.toBe('');
    if ('also' in mend) expect(mend.also.filter((role) => documented?.includes(role) !== false)).toEqual([]);
    else expect(documented).toBeUndefined();
  }
});

it.each(OPERATIONS)('%s admits its roles and refuses the others', async (operation) => {
  const name = contract.operations[operation as OperationName]?.input;
  if (name !== undefined) {
    // A call that is refused for its input would say nothing about roles.
    expect(validate(name as never, inputOf(operation), { mode: 'lenient' }).errors).toEqual([]);
  }
  const refused: Role[] = [];
  for (const role of ROLES) {
    const fault = await faultOf(operation, role);
    if (fault?.code !== 20003) continue;
    refused.push(role);
    expect(fault).toMatchObject({
      kind: 'authorization',
      reason: `User does not have permission to access operation '${operation}'`,
    });
  }
  expect(refused).toEqual(ROLES.filter((role) => !expected(operation).includes(role)));
});
