import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { cleanUpTrash } from '../src/assets/trash-cleanup.js';
import { Clock } from '../src/clock.js';
import * as t from '../src/db/schema.js';
import { openStore, type Store } from '../src/db/store.js';
import { DirectoryFileStore } from '../src/files/file-store.js';
import { removeStrayFiles } from '../src/files/unused-files.js';

const DAY = 86_400_000;
const now = new Date('2020-02-01T00:00:00Z');
const directory = mkdtempSync(join(tmpdir(), 'ips-trash-'));
const files = new DirectoryFileStore(directory);
let store: Store;

beforeAll(async () => {
  store = await openStore({ kind: 'memory' });
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

it('removes assets with what is published of them, and the files that nothing else uses', async () => {
  const { db } = store;
  const put = async (text: string) => (await files.put(Buffer.from(text))).hash;
  const [own, thumb, shared, published] = await Promise.all(['own', 'thumb', 'shared', 'published'].map(put));
  await db.insert(t.companies).values({ id: 6, name: 'A', rootPath: 'A/', createdAt: now });
  await db.insert(t.folders).values({ id: 1, companyId: 6, path: 'A/', lastModified: now });
  const base = { companyId: 6, folderId: 1, type: 'Image', created: now, lastModified: now };
  await db.insert(t.assets).values([
    {
      ...base,
      id: 1,
      name: 'gone',
      fileName: 'gone.tif',
      trashState: 'InEmptiedTrash',
      trashedAt: now,
      originalFile: own,
      optimizedFile: shared,
      thumbFile: thumb,
    },
    { ...base, id: 2, name: 'kept', fileName: 'kept.tif', originalFile: shared, thumbAssetId: 1 },
    { ...base, id: 3, name: 'page', fileName: 'page.tif', ownerId: 1, engine: 'PostScriptRip' },
  ]);
  await db
    .insert(t.publishContexts)
    .values({ id: 3001, companyId: 6, name: 'Image Serving', type: 'ImageServing' });
  await db.insert(t.publications).values({
    companyId: 6,
    contextId: 3001,
    assetId: 1,
    catalogId: 'gone',
    file: published ?? '',
    mediaType: 'image/tiff',
    version: 1,
    publishedAt: now,
  });
  const crop = {
    name: 'Banner',
    type: 'Banner',
    width: 9,
    height: 3,
    leftN: 0,
    topN: 0,
    widthN: 1,
    heightN: 1,
  };
  await db.insert(t.smartCrops).values([1, 2].map((assetId) => ({ ...crop, assetId })));
  const [group] = await db.insert(t.groups).values({ companyId: 6, name: 'Portal' }).returning();
  const sets = await db
    .insert(t.permissionSets)
    .values([1, 2].map((assetId) => ({ companyId: 6, assetId })))
    .returning();
  await db.insert(t.permissionEntries).values(
    sets.map(({ id }) => ({
      setId: id,
      groupId: group?.id ?? 0,
      type: 'Read',
      isAllowed: true,
      isOverride: true,
    })),
  );
  const services = { db, files, clock: new Clock('manual', now), log: pino({ level: 'silent' }) };

  expect(await cleanUpTrash(services, { fileGrace: 0 })).toEqual({
    assets: 1,
    files: 3,
    companies: new Map([[6, 1]]),
  });
  const sizes = await Promise.all([own, thumb, published, shared].map((hash) => files.size(hash ?? '')));
  expect(sizes).toEqual([undefined, undefined, undefined, 6]);
  const crops = await db.select({ assetId: t.smartCrops.assetId }).from(t.smartCrops);
  expect(crops).toEqual([{ assetId: 2 }]);
  const permissions = await db
    .select({ assetId: t.permissionSets.assetId })
    .from(t.permissionEntries)
    .innerJoin(t.permissionSets, eq(t.permissionSets.id, t.permissionEntries.setId));
  expect(permissions).toEqual([{ assetId: 2 }]);
  const rest = await db.select().from(t.assets).orderBy(t.assets.id);
  expect(rest.map(({ id, ownerId, thumbAssetId }) => [id, ownerId, thumbAssetId])).toEqual([
    [2, null, null],
    [3, null, null],
  ]);
  expect(await db.$count(t.publications)).toBe(0);
  expect(await cleanUpTrash(services)).toEqual({ assets: 0, files: 0, companies: new Map() });
});

it('leaves new files: they may belong to an upload in progress', async () => {
  const { db } = store;
  const fresh = (await files.put(Buffer.from('fresh'))).hash;
  await db.insert(t.assets).values({
    companyId: 6,
    folderId: 1,
    type: 'Image',
    created: now,
    lastModified: now,
    name: 'fresh',
    fileName: 'fresh.tif',
    originalFile: fresh,
    trashState: 'InTrash',
    trashedAt: new Date(now.getTime() - 7 * 86_400_000),
  });
  const services = { db, files, clock: new Clock('manual', now), log: pino({ level: 'silent' }) };
  expect(await cleanUpTrash(services)).toEqual({ assets: 1, files: 0, companies: new Map([[6, 1]]) });
  expect(await files.size(fresh)).toBe(5);
});

it('removes such files on a later night, and what was received but never kept', async () => {
  const { db } = store;
  const put = async (text: string) => (await files.put(Buffer.from(text))).hash;
  const [stray, used] = await Promise.all(['stray', 'used'].map(put));
  await files.stage(Buffer.from('never kept'));
  await db.insert(t.assets).values({
    companyId: 6,
    folderId: 1,
    type: 'Image',
    created: now,
    lastModified: now,
    id: 100,
    name: 'used',
    fileName: 'used.tif',
    originalFile: used,
  });
  const incoming = join(directory, 'incoming');
  const begin = Date.now();
  expect(await removeStrayFiles({ db, files })).toMatchObject({ removed: 0 });
  expect(readdirSync(incoming)).toHaveLength(1);
  const yesterday = new Date(begin - 25 * 3_600_000);
  for (const hash of [stray ?? '', used ?? '']) utimesSync(await files.path(hash), yesterday, yesterday);
  const [name = ''] = readdirSync(incoming);
  utimesSync(join(incoming, name), yesterday, yesterday);
  expect(await removeStrayFiles({ db, files }, { now: begin + 6.9 * DAY })).toMatchObject({ removed: 0 });
  expect(readdirSync(incoming)).toEqual([]);
  // A week after it was first found; the others have not been in the store for a day.
  expect(await removeStrayFiles({ db, files }, { now: begin + 7.1 * DAY })).toMatchObject({ removed: 1 });
  expect(await Promise.all([stray, used].map((hash) => files.size(hash ?? '')))).toEqual([undefined, 4]);
});

describe('stray files', () => {
  /** A store whose files are old enough to go, and a search in it long after they were found. */
  async function searched(contents: readonly string[], named: readonly string[]) {
    const root = mkdtempSync(join(tmpdir(), 'ips-strays-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const own = new DirectoryFileStore(root);
    const { db } = store;
    const hashes = new Map<string, string>();
    for (const text of contents) hashes.set(text, (await own.put(Buffer.from(text))).hash);
    await db.execute(sql`set session_replication_role = 'replica'`);
    await db.delete(t.postedFiles);
    for (const text of named)
      await db.insert(t.postedFiles).values({ runId: 1, path: text, file: hashes.get(text) ?? '', size: 1 });
    await db.execute(sql`set session_replication_role = 'origin'`);
    const later = (days: number) => ({ stored: 0, now: Date.now() + days * DAY });
    expect(await removeStrayFiles({ db, files: own }, later(0))).toMatchObject({ removed: 0 });
    return removeStrayFiles({ db, files: own }, later(30));
  }
  const texts = (count: number) => Array.from({ length: count }, (_, index) => `file ${index}`);

  it.each([
    [1, 0, 0, 'the database refers to no files'],
    [100, 0, 0, 'the database refers to no files'],
    [100, 49, 0, 'the database refers to fewer than half of the files'],
    [100, 50, 50, undefined],
    [19, 1, 18, undefined],
  ])('of %i files of which the database names %i', async (all, named, removed, kept) => {
    const found = await searched(texts(all), texts(named));
    expect(found).toEqual({
      files: all,
      strays: all - named,
      removed,
      ...(kept === undefined ? {} : { kept }),
    });
  });
});

it('the time of a file that was used meanwhile begins again', async () => {
  const root = mkdtempSync(join(tmpdir(), 'ips-unused-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const own = new DirectoryFileStore(root);
  await own.open();
  const at = (day: number) => new Date(day * DAY);
  const since = async (hashes: string[], day: number) => [...(await own.recordUnused(hashes, at(day)))];
  expect(await since(['a', 'b'], 1)).toEqual([
    ['a', at(1)],
    ['b', at(1)],
  ]);
  expect(await since(['a'], 2)).toEqual([['a', at(1)]]);
  expect(await since(['a', 'b'], 3)).toEqual([
    ['a', at(1)],
    ['b', at(3)],
  ]);
  // A record that cannot be read makes files stay longer, never shorter.
  for (const text of ['', '{', '{"a":"x"}', '[]']) {
    writeFileSync(join(root, 'unused.json'), text);
    expect(await since(['a'], 4)).toEqual([['a', at(4)]]);
  }
});
