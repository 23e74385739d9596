// Searches and folder trees of a portal user, next to those of an administrator, whom permissions do not restrict: 10,000 folders, wide or
// 50 levels deep, with 200 permission sets, and 20,000 assets.

import { createIpsServer, type IpsServer } from '@ips-sdk/server';
import type { OperationName, Operations } from '@ips-sdk/types';
import { codec } from '@ips-sdk/wire';

const FOLDERS = 10_000;
const SETS = 200;
const ASSETS = 20_000;
const ROUNDS = 15;
const companyHandle = 'c|6';
const PASSWORD = 'Sunny-Day-42';

/** Whether the sets are on folders alone, or on every hundredth asset as well. */
type Sets = 'folders' | 'folders and assets';

const SHAPES: Readonly<Record<string, (index: number) => string>> = {
  wide: (index) => `SampleCompany/Top${index % 200}/${index < 200 ? '' : `Sub${index}/`}`,
  // 200 chains of 50 folders.
  deep: (index) =>
    `SampleCompany/Chain${index % 200}/${Array.from({ length: Math.floor(index / 200) }, (_, level) => `Level${level}/`).join('')}`,
};

/** Adds folders, assets and sets by restoring a snapshot that has them. */
async function fill(server: IpsServer, pathOf: (index: number) => string, sets: Sets): Promise<void> {
  const { version, tables } = await server.snapshot();
  const now = server.clock.now().toISOString();
  const root = tables['folders']?.find(({ company_id }) => company_id === 6)?.['id'];
  const [group] = tables['groups'] ?? [];
  const folders = Array.from({ length: FOLDERS }, (_, index) => ({
    id: 1000 + index,
    company_id: 6,
    path: pathOf(index),
    last_modified: now,
  }));
  const assets = Array.from({ length: ASSETS }, (_, index) => ({
    id: 100_000 + index,
    company_id: 6,
    folder_id: 1000 + (index % FOLDERS),
    name: `shoe-${(index * 7919) % ASSETS}`,
    type: 'Image',
    file_name: `shoe-${index}.tif`,
    ready_for_publish: false,
    trash_state: 'NotInTrash',
    created: now,
    last_modified: now,
    info: {},
    xmp: {},
    processing: {},
    version: 1,
  }));
  const owners = [
    { folder_id: root },
    ...Array.from({ length: SETS - 1 }, (_, index) => ({ folder_id: 1000 + ((index * 50 + 7) % FOLDERS) })),
    ...(sets === 'folders'
      ? []
      : Array.from({ length: ASSETS / 100 }, (_, index) => ({ asset_id: 100_000 + index * 100 }))),
  ];
  const permissionSets = owners.map((owner, index) => ({ id: 1 + index, company_id: 6, ...owner }));
  const entries = permissionSets.map(({ id }) => ({
    set_id: id,
    group_id: group?.['id'],
    type: 'Read',
    is_allowed: id === 1 || id % 2 === 0,
    is_override: id % 3 !== 2,
  }));
  await server.restore({
    version,
    tables: {
      ...tables,
      folders: [...(tables['folders'] ?? []), ...folders],
      assets: [...(tables['assets'] ?? []), ...assets],
      permission_sets: permissionSets,
      permission_entries: entries,
    },
  });
}

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;

const CALLS = [
  ['searchAssets', { companyHandle, includeSubfolders: true, recordsPerPage: 100 }],
  ['searchAssets', { companyHandle, includeSubfolders: true, recordsPerPage: 100, sortBy: 'Name' }],
  [
    'searchAssets',
    { companyHandle, includeSubfolders: true, recordsPerPage: 100, sortBy: 'Name', resultsPage: 90 },
  ],
  ['getFolderTree', { companyHandle, depth: -1 }],
  ['getFolders', { companyHandle, folderPath: 'SampleCompany/Top3/' }],
] as const satisfies readonly (readonly [OperationName, object])[];

async function measure(shape: string, sets: Sets): Promise<void> {
  const server = await createIpsServer({ jobClock: 'manual' });
  try {
    await server.seed({
      users: [
        {
          email: 'pu@example.com',
          password: PASSWORD,
          memberships: [{ company: 'Sample Company', role: 'ImagePortalUser' }],
        },
      ],
    });
    const header = (user: string, password: string) => ({
      user,
      password,
      appName: 'bench',
      appVersion: '1',
    });
    const admin = header(server.admin.email, server.admin.password);
    const call = async <Name extends OperationName>(
      operation: Name,
      input: Operations[Name]['input'],
      as = admin,
    ): Promise<string> => {
      const body = codec.encodeRequest(operation, input, { header: as });
      const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: operation };
      const response = await fetch(server.endpoints.soap, { method: 'POST', headers, body });
      const text = await response.text();
      if (response.status !== 200)
        throw new Error(`${operation}: HTTP ${response.status}: ${text.slice(0, 500)}`);
      return text;
    };
    const saved = codec.decodeResponse(
      'saveGroup',
      await call('saveGroup', { companyHandle, name: 'Download', isSystemDefined: false }),
    ).value;
    const users = codec.decodeResponse(
      'getAllUsers',
      await call('getAllUsers', { includeInvalid: false }),
    ).value;
    const pu = users.userArray?.find(({ email }) => email === 'pu@example.com')?.userHandle ?? '';
    await call('setGroupMembers', { companyHandle, ...saved, userHandleArray: [pu] });
    await fill(server, SHAPES[shape] ?? ((index) => `SampleCompany/${index}/`), sets);
    for (const [operation, given] of CALLS) {
      if (shape !== 'wide' && 'folderPath' in given) continue;
      // The table pairs each operation with its own input.
      const input = given as Operations[typeof operation]['input'];
      const times = { admin: [] as number[], pu: [] as number[] };
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [name, as] of [
          ['admin', admin],
          ['pu', header('pu@example.com', PASSWORD)],
        ] as const) {
          const begun = performance.now();
          await call(operation, input, as);
          times[name].push(performance.now() - begun);
        }
      }
      const [without, withSets] = [median(times.admin.slice(3)), median(times.pu.slice(3))];
      console.log(
        `${shape} folders, sets of ${sets}: ${operation} ${JSON.stringify({ ...given, companyHandle: undefined })}: ${without.toFixed(1)} ms for an administrator, ${withSets.toFixed(1)} ms for a portal user: ratio ${(withSets / without).toFixed(2)}`,
      );
    }
  } finally {
    await server.stop();
  }
}

for (const shape of Object.keys(SHAPES)) {
  for (const sets of ['folders', 'folders and assets'] as const) await measure(shape, sets);
}
