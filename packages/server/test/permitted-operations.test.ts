// Every operation whose request names assets or folders, called by portal users without any permission: a fault 20009, an error row with
// that code, or an empty answer, and nothing changes. Operations that are added later are called as well.
import type { OperationName } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import { createCodec, IpsFault } from '@ips-sdk/wire';
import { describe, expect, it } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { handledContract } from '../src/handled-contract.js';
import { handlers } from '../src/handlers/registry.js';
import { connect, post } from './support/call.js';
import { contractOf, filledInput, type NamedObjects } from './support/filled-input.js';
import { plantAssets } from './support/plant-assets.js';
import { serverForFile } from './support/shared-server.js';

const password = 'Sunny-Day-42';
const companyHandle = 'c|6';
const ROLES = ['ImagePortalUser', 'ImagePortalContrib', 'ImagePortalContribUser'] as const;
const FOLDER = 'f|SampleCompany/Shoes/';

/** Operations that name assets or folders and need no permission on them. */
const OPEN: Readonly<Partial<Record<string, string>>> = {
  getPublishContexts: 'the answer has no asset',
  getFolderTree: 'the answer has the bare path of the folder that the request names',
  uploadPost: 'a request without files opens or ends an upload; the servlet checks the folder of each file',
  getPropertySets: 'a property set has permissions of its own',
};

const CODEC = createCodec(contract);
const LATER = createCodec(handledContract);

/** Whether a request names assets, folders or what belongs to them. */
function namesObjects(operation: string): boolean {
  const { types, messages, operations } = contractOf(operation);
  const found = (fields: readonly (readonly [string, string, ...unknown[]])[], depth: number): boolean =>
    fields.some(([name, type]) => {
      if (/asset\w*Handle|folder|ownerHandle|originator|imageMapHandle|zoomTargetHandle/i.test(name))
        return true;
      const definition = types[type];
      return (
        depth < 4 && definition !== undefined && 'fields' in definition && found(definition.fields, depth + 1)
      );
    });
  return found(messages[operations[operation]?.input ?? '']?.fields ?? [], 0);
}

const OPERATIONS = Object.keys(handledContract.operations).filter(
  (operation) => handlers[operation as OperationName] !== undefined && namesObjects(operation),
);

let server: IpsServer;
let world: NamedObjects;

serverForFile('manual', async (shared) => {
  server = shared;
  const users = [...ROLES, 'IpsUser', 'ImagePortalAdmin'].map((role) => ({
    email: `${role}@example.com`,
    password,
    memberships: [{ company: 'Sample Company', role }],
  }));
  await server.seed({ users });
  const admin = connect(server);
  await admin.call('createFolder', { companyHandle, folderPath: 'SampleCompany/Shoes/' });
  const folder = 'SampleCompany/Shoes/';
  const [image = '', trashed = ''] = await plantAssets(server, [
    { name: 'red', folder },
    { name: 'old', folder, trashState: 'InTrash' },
  ]);
  const region = {
    name: 'map',
    shapeType: 'Rectangle',
    region: '1,2,3,4',
    action: 'href="x"',
    enabled: true,
  };
  const map = await admin.call('saveImageMap', { companyHandle, assetHandle: image, ...region, position: 1 });
  const place = { name: 'target', xPosition: 1, yPosition: 2, width: 3, height: 4 };
  const target = await admin.call('saveZoomTarget', { companyHandle, assetHandle: image, ...place });
  const metadata = { companyHandle, assetType: 'Image', name: 'Season', fieldType: 'String' };
  const { fieldHandle } = await admin.call('createMetadataField', metadata);
  const { projectHandle } = await admin.call('createProject', { companyHandle, projectName: 'Spring' });
  await admin.call('addProjectAssets', { companyHandle, projectHandle, assetHandleArray: [image] });
  const { publishContextArray } = await admin.call('getPublishContexts', { companyHandle });
  world = {
    folder: FOLDER,
    image,
    trashed,
    map: map.imageMapHandle,
    target: target.zoomTargetHandle,
    field: fieldHandle,
    context: publishContextArray[0]?.contextHandle ?? '',
    project: projectHandle,
  };
});

/** What a call comes to: `not allowed` by the role, `denied` by permissions, `empty`, or something else. */
async function outcomeOf(operation: string, role: string): Promise<unknown> {
  const codec = contractOf(operation) === contract ? CODEC : LATER;
  const header = { user: `${role}@example.com`, password, appName: 'tests', appVersion: '1' };
  // The names of operations come from the contract of the codec.
  const name = operation as 'stopJob';
  const xml = codec.encodeRequest(name, filledInput(contractOf(operation), operation, world) as never, {
    header,
  });
  const { body, status } = await post(server.url, xml, { operation });
  try {
    return kindOf(codec.decodeResponse(name, body, { httpStatus: status }).value);
  } catch (error) {
    if (!(error instanceof IpsFault)) throw error;
    if (error.code === 20003) return 'not allowed';
    return error.code === 20009 ? 'denied' : `${error.code} ${error.reason}`;
  }
}

function kindOf(answer: object): unknown {
  const { successCount, errorDetailArray } = answer as {
    readonly successCount?: number;
    readonly errorDetailArray?: readonly { readonly code: number }[];
  };
  if (successCount !== undefined) {
    const codes = errorDetailArray?.map(({ code }) => code) ?? [];
    return successCount === 0 && codes.length > 0 && codes.every((code) => code === 20009)
      ? 'denied'
      : answer;
  }
  const isNothing = (value: unknown): boolean =>
    value === undefined || value === 0 || (Array.isArray(value) && value.length === 0);
  return Object.values(answer).every(isNothing) ? 'empty' : answer;
}

describe('without permissions', () => {
  it.each(OPERATIONS)('%s neither shows nor changes anything', async (operation) => {
    const outcomes = await Promise.all(ROLES.map((role) => outcomeOf(operation, role)));
    if (OPEN[operation] !== undefined) return expect(outcomes).not.toContain('denied');
    const isSafe = handledContract.operations[operation as OperationName]?.idempotency === 'safe';
    const wanted = isSafe ? ['denied', 'empty', 'not allowed'] : ['denied', 'not allowed'];
    expect(outcomes.filter((outcome) => !wanted.includes(String(outcome)))).toEqual([]);
  });

  it('nothing has changed', async () => {
    const before = await server.snapshot();
    for (const operation of OPERATIONS) await outcomeOf(operation, 'ImagePortalContribUser');
    expect(await server.snapshot()).toEqual(before);
  });

  it('a user whom permissions do not restrict is denied none of them', async () => {
    const denied: string[] = [];
    for (const operation of OPERATIONS) {
      if ((await outcomeOf(operation, 'IpsUser')) === 'denied') denied.push(operation);
    }
    expect(denied).toEqual([]);
  });

  it('covers the operations of every area', () => {
    expect(OPERATIONS.length).toBeGreaterThan(60);
    expect(OPERATIONS).toEqual(
      expect.arrayContaining(['deleteFolder', 'searchAssets', 'setAssetMetadata', 'submitJob']),
    );
    expect(
      Object.keys(OPEN).filter((operation) => handlers[operation as OperationName] === undefined),
    ).toEqual([]);
  });
});
