// What the client explains, compared with what the server does, on random trees of folders with random permissions. The client evaluates
// what the API answers, by code of its own.
import { createIpsClient } from '@ips-sdk/client';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { casesOf } from '../../../scripts/testing/cases.js';
import type { IpsServer } from '../src/create-server.js';
import type { Snapshot } from '../src/seed/snapshot.js';
import { type Connection, connect } from './support/call.js';
import { plantAssets } from './support/plant-assets.js';
import { serverForFile } from './support/shared-server.js';

const companyHandle = 'c|6';
const password = 'Sunny-Day-42';
const GROUPS = ['One', 'Two'];
/** The groups of each user. */
const USERS: Readonly<Record<string, readonly string[]>> = {
  'none@example.com': [],
  'one@example.com': ['One'],
  'both@example.com': ['One', 'Two'],
};

const entries = fc.array(
  fc.record({
    group: fc.nat(GROUPS.length - 1),
    permissionType: fc.constantFrom('Read', 'Write', 'Delete'),
    isAllowed: fc.boolean(),
    isOverride: fc.boolean(),
  }),
  { maxLength: 7 },
);
/** Each folder is in an earlier one; each asset is in a folder. Some have permissions. */
const tree = fc.record({
  root: fc.option(entries, { nil: undefined }),
  folders: fc.array(fc.record({ above: fc.nat(), set: fc.option(entries, { nil: undefined }) }), {
    minLength: 1,
    maxLength: 4,
  }),
  assets: fc.array(fc.record({ folder: fc.nat(), set: fc.option(entries, { nil: undefined }) }), {
    minLength: 1,
    maxLength: 4,
  }),
});

let server: IpsServer;
let admin: Connection;
let empty: Snapshot;
let projectHandle: string;
let handles: readonly string[];

serverForFile('manual', async (shared) => {
  server = shared;
  admin = connect(server);
  await server.seed({
    companies: [
      {
        name: 'Sample Company',
        groups: GROUPS.map((name) => ({
          name,
          members: Object.keys(USERS).filter((user) => USERS[user]?.includes(name)),
        })),
      },
    ],
    users: Object.keys(USERS).map((email) => ({
      email,
      password,
      memberships: [{ company: 'Sample Company', role: 'ImagePortalContribUser' }],
    })),
  });
  ({ projectHandle } = await admin.call('createProject', { companyHandle, projectName: 'All' }));
  const { groupArray } = await admin.call('getGroups', { companyHandle });
  handles = GROUPS.map((group) => groupArray.find(({ name }) => name === group)?.groupHandle ?? '');
  empty = await server.snapshot();
});

const clients: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(clients.map((client) => client.close())));

/** The rights that a user has on assets, found by calls that need them. */
async function rightsFound(email: string, assets: readonly string[]): Promise<readonly string[][]> {
  const user = connect(server, { email, password });
  const denied = (answer: {
    errorDetailArray?: readonly { assetHandle: string; code: number }[] | undefined;
  }): ReadonlySet<string> =>
    new Set(answer.errorDetailArray?.filter(({ code }) => code === 20009).map((row) => row.assetHandle));
  const assetHandleArray = [...assets];
  const read = denied(
    await user.call('addProjectAssets', { companyHandle, projectHandle, assetHandleArray }),
  );
  const write = denied(
    await user.call('setAssetsPublishState', {
      companyHandle,
      publishStateUpdateArray: assets.map((assetHandle) => ({
        assetHandle,
        publishState: 'MarkedForPublish',
      })),
    }),
  );
  // None of them is in the trash, which is another fault.
  const remove = denied(await user.call('emptyAssetsFromTrash', { companyHandle, assetHandleArray }));
  return assets.map((asset) => [
    ...(read.has(asset) ? [] : ['Read']),
    ...(write.has(asset) ? [] : ['Read and Write']),
    ...(remove.has(asset) ? [] : ['Read and Delete']),
  ]);
}

it('explanations agree with the server', async () => {
  const client = createIpsClient({
    endpoint: server.endpoints.soap,
    auth: { user: server.admin.email, password: server.admin.password },
    companyHandle,
  });
  clients.push(client);
  let allowed = 0;
  await fc.assert(
    fc.asyncProperty(tree, async ({ root, folders, assets }) => {
      await server.restore(empty);
      const paths = ['SampleCompany/'];
      for (const [index, { above }] of folders.entries()) {
        const path = `${paths[above % paths.length] ?? ''}F${index}/`;
        paths.push(path);
        await admin.call('createFolder', { companyHandle, folderPath: path });
      }
      const planted = await plantAssets(
        server,
        assets.map(({ folder }, index) => ({
          name: `asset${index}`,
          folder: paths[folder % paths.length] ?? '',
        })),
      );
      const updates = (set: NonNullable<typeof root>) =>
        set.map(({ group, ...entry }) => ({ ...entry, groupHandle: handles[group] ?? '' }));
      for (const [index, set] of [root, ...folders.map((folder) => folder.set)].entries()) {
        if (set === undefined) continue;
        await admin.call('setFolderPermissions', {
          companyHandle,
          folderHandle: `f|${paths[index]}`,
          setChildren: false,
          permissionArray: updates(set),
        });
      }
      for (const [index, { set }] of assets.entries()) {
        if (set === undefined) continue;
        const assetHandle = planted[index] ?? '';
        await admin.call('setAssetPermissions', {
          companyHandle,
          assetHandle,
          permissionArray: updates(set),
        });
      }
      for (const user of Object.keys(USERS)) {
        const found = await rightsFound(user, planted);
        for (const [index, asset] of planted.entries()) {
          const { rights } = await client.permissions.explain({ user, asset });
          const [read, write, remove] = rights.map(({ isAllowed }) => isAllowed);
          const explained = [
            ...(read ? ['Read'] : []),
            ...(read && write ? ['Read and Write'] : []),
            ...(read && remove ? ['Read and Delete'] : []),
          ];
          allowed += explained.length;
          expect([user, asset, explained]).toEqual([user, asset, found[index]]);
        }
      }
    }),
    { numRuns: casesOf(60) },
  );
  // Otherwise nothing would have been compared.
  expect(allowed).toBeGreaterThan(0);
});
