// What an export leaves in the file store goes when its archive does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Clock } from '../src/clock.js';
import * as t from '../src/db/schema.js';
import { openStore, type Store } from '../src/db/store.js';
import { DirectoryFileStore } from '../src/files/file-store.js';
import { NO_COUNTS } from '../src/jobs/run-counters.js';
import { findArchive, removeExpiredExports } from '../src/publish/export-archive.js';

const HOUR = 3_600_000;
const now = new Date('2026-02-01T00:00:00Z');
const directory = mkdtempSync(join(tmpdir(), 'ips-exports-'));
const files = new DirectoryFileStore(directory);
let store: Store;

const ago = (hours: number) => new Date(now.getTime() - hours * HOUR);
const put = async (text: string) => (await files.put(Buffer.from(text))).hash;
const kept = async () => {
  const texts: string[] = [];
  for await (const hash of files.list())
    texts.push(Buffer.concat(await files.read(hash).toArray()).toString('utf8'));
  return texts.sort();
};

beforeAll(async () => {
  store = await openStore({ kind: 'memory' });
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

it('removes archives and converted files a day after the export, but nothing that is used elsewhere', async () => {
  const { db } = store;
  await db.insert(t.companies).values({ id: 6, name: 'A', rootPath: 'A/', createdAt: now });
  await db.insert(t.folders).values({ id: 1, companyId: 6, path: 'A/', lastModified: now });
  await db.insert(t.users).values({
    id: 41,
    email: 'a@example.com',
    firstName: 'A',
    lastName: 'B',
    passwordHash: '',
    createdAt: now,
  });
  const asset = { companyId: 6, folderId: 1, created: now, lastModified: now };
  await db.insert(t.assets).values([
    { ...asset, name: 'red', type: 'Image', fileName: 'red.tif', originalFile: await put('original') },
    // Somebody uploaded an archive that was downloaded here.
    { ...asset, name: 'zip', type: 'Zip', fileName: 'old.zip', originalFile: await put('uploaded archive') },
  ]);
  const runs = [
    { id: 1, endDate: ago(25), archive: 'old archive', parts: ['old part', 'shared part', 'original'] },
    { id: 2, endDate: ago(25), archive: 'uploaded archive', parts: [] },
    { id: 3, endDate: ago(25), archive: undefined, parts: ['part of a stopped export'] },
    { id: 4, endDate: ago(23), archive: 'young archive', parts: ['young part', 'shared part'] },
    { id: 5, endDate: null, archive: undefined, parts: ['part of an export at work'] },
  ];
  for (const { id, endDate, archive, parts } of runs) {
    await db.insert(t.runs).values({
      id,
      companyId: 6,
      name: `run ${id}`,
      originalName: 'run',
      kind: 'exportJob',
      details: {},
      submitUserId: 41,
      mailUserId: 41,
      state: endDate === null ? 'Running' : 'Done',
      triggerTime: ago(48),
      startDate: ago(48),
      endDate,
      lastProgressUpdate: ago(48),
      counters: NO_COUNTS,
      logType: 'BeginGet',
    });
    for (const [position, part] of parts.entries())
      await db.insert(t.exportFiles).values({ runId: id, position, path: part, file: await put(part) });
    if (archive === undefined || endDate === null) continue;
    await db.insert(t.exportArchives).values({
      token: `token ${id}`,
      companyId: 6,
      runId: id,
      fileName: 'a.zip',
      file: await put(archive),
      expiresAt: new Date(endDate.getTime() + 24 * HOUR),
    });
  }
  const services = { db, files, clock: new Clock('manual', now) };

  // An expired archive cannot be downloaded, although its row and its file are still there.
  expect(await findArchive(db, 'token 1', now)).toBeUndefined();
  expect(await findArchive(db, 'token 4', now)).toMatchObject({ runId: 4 });
  expect(await findArchive(db, 'token 4', ago(-1))).toBeUndefined();

  // Before their time nothing goes.
  expect(
    await removeExpiredExports({ ...services, clock: new Clock('manual', ago(2)) }, { fileGrace: 0 }),
  ).toBe(0);
  expect(await removeExpiredExports(services, { fileGrace: 0 })).toBe(3);
  expect(await kept()).toEqual([
    'original',
    'part of an export at work',
    'shared part',
    'uploaded archive',
    'young archive',
    'young part',
  ]);
  expect(
    await removeExpiredExports({ ...services, clock: new Clock('manual', ago(-2)) }, { fileGrace: 0 }),
  ).toBe(3);
  expect(await kept()).toEqual(['original', 'part of an export at work', 'uploaded archive']);
});
