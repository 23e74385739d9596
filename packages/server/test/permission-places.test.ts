// Places that need not exist yet, as those of uploads: the nearest existing folder decides, however its accents are written.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deniedPlaces, requirePlaces } from '../src/access/permissions/places.js';
import type { Viewer } from '../src/access/permissions/viewer.js';
import type { IpsServer } from '../src/create-server.js';
import type { Db } from '../src/db/db.js';
import * as t from '../src/db/schema.js';
import { openStore, type Store } from '../src/db/store.js';
import { companyHandle, permissionWorld } from './support/permission-world.js';
import { serverForFile } from './support/shared-server.js';

const now = new Date('2026-03-01T12:00:00Z');
const COMPOSED = 'Caf\u00e9';
const DECOMPOSED = 'Cafe\u0301';

describe('the nearest existing folder', () => {
  let store: Store;
  let viewer: Viewer;

  /** By path, whether its own set allows to read it; `undefined` for one without a set. */
  const FOLDERS: Readonly<Record<string, boolean | undefined>> = {
    'A/': true,
    [`A/${COMPOSED}/`]: false,
    [`A/Tee ${DECOMPOSED}/`]: false,
    'A/Open/': undefined,
    'A/Open/Closed/': false,
    'A/Open/Closed/Reopened/': true,
    [`A/Both ${COMPOSED}/`]: true,
    [`A/Both ${DECOMPOSED}/`]: false,
    [`A/Twin ${COMPOSED}/`]: false,
    [`A/Twin ${DECOMPOSED}/`]: true,
  };

  beforeAll(async () => {
    store = await openStore({ kind: 'memory' });
    const { db } = store;
    await db.insert(t.companies).values({ id: 6, name: 'A', rootPath: 'A/', createdAt: now });
    const [group] = await db.insert(t.groups).values({ companyId: 6, name: 'Portal' }).returning();
    viewer = { companyId: 6, groups: [group?.id ?? 0] };
    for (const [path, isAllowed] of Object.entries(FOLDERS)) {
      const [folder] = await db
        .insert(t.folders)
        .values({ companyId: 6, path, lastModified: now })
        .returning();
      if (isAllowed === undefined) continue;
      const owner = { companyId: 6, folderId: folder?.id ?? 0 };
      const [set] = await db.insert(t.permissionSets).values(owner).returning();
      const entry = { setId: set?.id ?? 0, groupId: group?.id ?? 0, isAllowed, isOverride: true };
      await db.insert(t.permissionEntries).values({ ...entry, type: 'Read' });
    }
  });
  afterAll(() => store.close());

  it.each([
    ['A/', true],
    ['A/New/Newer/', true],
    ['A/Open/New/', true],
    ['A/Open/Closed/', false],
    ['A/Open/Closed/New/Newer/', false],
    // Not what is above the nearest one.
    ['A/Open/Closed/Reopened/New/', true],
    ['a/OPEN/closed/new/', false],
    // A name that begins with another is not in it.
    ['A/Open/Closed too/', true],
    [`A/${COMPOSED}/New/`, false],
    [`A/${DECOMPOSED}/New/`, false],
    [`A/Tee ${COMPOSED}/New/`, false],
    [`A/Tee ${DECOMPOSED}/New/`, false],
    // Either may be meant, so that both have to allow it.
    [`A/Both ${COMPOSED}/New/`, false],
    [`A/Both ${DECOMPOSED}/New/`, false],
    [`A/Twin ${COMPOSED}/New/`, false],
    [`A/Twin ${DECOMPOSED}/New/`, false],
    // Another company, and no folder at all.
    ['B/New/', false],
  ])('of %s decides: %s', async (path, isAllowed) => {
    const denied = await deniedPlaces(store.db, viewer, [path], ['Read']);
    expect([...denied]).toEqual(isAllowed ? [] : [[path, ['Read']]]);
  });

  it('decides about each of several places, and each of several rights', async () => {
    const paths = ['A/New/', 'A/Open/Closed/New/', 'A/Open/'];
    expect(await deniedPlaces(store.db, viewer, paths, ['Read', 'Write'])).toEqual(
      new Map([
        ['A/New/', ['Write']],
        ['A/Open/Closed/New/', ['Read', 'Write']],
        ['A/Open/', ['Write']],
      ]),
    );
  });

  it('decides about more places than one query finds', async () => {
    const open = Array.from({ length: 5000 }, (_, index) => `A/New ${index}/`);
    const closed = 'A/Open/Closed/New/';
    expect(await deniedPlaces(store.db, viewer, [...open, closed], ['Read'])).toEqual(
      new Map([[closed, ['Read']]]),
    );
    await requirePlaces(store.db, viewer, open, ['Read'], (index) => `files[${index}]`);
    await expect(
      requirePlaces(store.db, viewer, ['A/New/', closed], ['Read'], (index) => `files[${index}]`),
    ).rejects.toMatchObject({
      code: 20009,
      reason: `files[1]: missing Read permission on folder 'f|${closed}'`,
    });
  });

  it('does not matter to somebody whom permissions do not restrict', async () => {
    const everybody = { companyId: 6, groups: undefined };
    // Not even a query.
    const closed = {} as Db;
    expect(await deniedPlaces(closed, everybody, ['A/Open/Closed/'], ['Delete'])).toEqual(new Map());
  });
});

describe('a folder that was renamed to a name with decomposed accents', () => {
  let server: IpsServer;
  serverForFile('manual', (shared) => {
    server = shared;
  });

  it('decides about new folders in it, however their path is written', async () => {
    const world = await permissionWorld(server);
    const { folderHandle } = await world.as.c.call('renameFolder', {
      companyHandle,
      folderHandle: world.folder('Logos/'),
      folderName: DECOMPOSED,
    });
    await world.as.c.call('setFolderPermissions', {
      companyHandle,
      folderHandle,
      setChildren: false,
      permissionArray: world.entries('W Read +override'),
    });
    for (const name of [COMPOSED, DECOMPOSED]) {
      const folderPath = `SampleCompany/${name}/New/`;
      expect(await world.as.pc.fault('createFolder', { companyHandle, folderPath })).toMatchObject({
        code: 20009,
        reason: expect.stringContaining('missing Write permission'),
      });
    }
    await world.as.c.call('removeFolderPermissions', { companyHandle, folderHandle, updateChildren: false });
    await world.as.pc.call('createFolder', { companyHandle, folderPath: `SampleCompany/${COMPOSED}/New/` });
  });
});
