// The current server opens databases of every earlier version: their contents are still there, and the server works with them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzleServer } from 'drizzle-orm/node-postgres';
import { migrate as migrateServer } from 'drizzle-orm/node-postgres/migrator';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFull } from '../../../scripts/testing/cases.js';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import * as schema from '../src/db/schema.js';
import { DirectoryFileStore } from '../src/files/file-store.js';
import { readContents } from '../src/state/contents.js';
import { saveState } from '../src/state/starting-point.js';
import { packState, partEntries } from '../src/state/state-file.js';
import { connect } from './support/call.js';
import {
  makeOldDatabase,
  migrationTags,
  type OldDatabase,
  rowsOf,
  type SampleContents,
} from './support/old-database.js';
import { storedHashOf } from './support/password-hash.js';
import { look, plain, RED } from './support/pictures.js';
import { freshDatabase } from './support/test-database.js';

const OLD = { email: 'old@example.com', password: 'old-password' };
const companyHandle = 'c|6';

type Rows = Awaited<ReturnType<typeof rowsOf>>;

let root: string;
let contents: SampleContents;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ips-old-'));
  const files = new DirectoryFileStore(join(root, 'files'));
  contents = {
    passwordHash: storedHashOf(OLD.password, 14),
    image: (await files.put(await plain(20, 10, RED).png().toBuffer())).hash,
    archive: (await files.put(Buffer.from('an archive'))).hash,
  };
});
afterAll(() => rmSync(root, { recursive: true }));

/** Opens a database with the current server, whose jobs wait until the test asks for them. */
const open = (dataDir: string, databaseUrl?: string) =>
  createIpsServer({
    dataDir,
    databaseUrl,
    company: 'Old Company',
    jobClock: 'manual',
    now: new Date('2026-03-01T00:00:00Z'),
    serverName: 'new worker',
  });

/** Expects every old row among those that a server has now. It may have got columns. */
async function expectRows(server: IpsServer, before: Rows): Promise<void> {
  const { tables } = await server.snapshot();
  for (const [table, rows] of Object.entries(before)) {
    const now = tables[table] ?? [];
    // A snapshot contains no hashes; that the old user can log in is tested below.
    for (const { password_hash: _hash, ...row } of rows) {
      const key = Object.keys(row).filter((column) =>
        /^(?:id|.*_id|key|token|name|type|owner|position)$/.test(column),
      );
      const same = now.find((other) => key.every((column) => other[column] === row[column]));
      expect(same, `a row of ${table}`).toMatchObject(row);
    }
  }
}

/** Does with an old database what its users do. */
async function expectToWork(server: IpsServer, tag: string, alone: boolean): Promise<void> {
  const user = connect(server, OLD);
  const { companyInfo } = await user.call('getCompanyInfo', { companyName: 'Old Company' });
  expect(companyInfo).toMatchObject({ companyHandle, rootPath: 'OldCompany/' });
  const { assetArray } = await user.call('searchAssets', {
    companyHandle,
    folder: 'OldCompany/Shoes/',
    includeSubfolders: false,
    sortBy: 'Name',
  });
  expect(assetArray?.map(({ name, type }) => [name, type])).toEqual([
    ['red', 'Image'],
    ['set', 'ImageSet'],
    ['view', 'AdjustedView'],
  ]);
  const image = await fetch(`${server.url}/is/image/OldCompany/red?fmt=png&wid=4`);
  expect(await look(new Uint8Array(await image.arrayBuffer()))).toMatchObject({ width: 4, height: 2 });
  const { jobLogArray } = await user.call('getJobLogDetails', { companyHandle, originalName: 'Nightly' });
  expect(jobLogArray[0]?.detailArray?.map(({ logMessage }) => logMessage)).toContain('red');
  const { jobArray } = await user.call('getScheduledJobs', { companyHandle });
  expect(jobArray.map(({ name }) => name)).toEqual(['Nightly']);
  if (migrationTags.indexOf(tag) >= migrationTags.indexOf('0003_exports')) {
    const archive = await fetch(`${server.url}/scene7/export/${'a'.repeat(32)}/Old.zip`);
    expect(await archive.text()).toBe('an archive');
  }
  // The run that the old server left is continued, if no other server can have it; new ones come after it. It is a publish, and while
  // another server may have it, the next publish would wait for its turn.
  await user.call('createFolder', { companyHandle, folderPath: 'OldCompany/New/' });
  await user.call('submitJob', {
    companyHandle,
    jobName: 'Next',
    ...(alone
      ? { imageServingPublishJob: { publishType: 'Full', emailSetting: 'All' } }
      : { optimizeImagesJob: { emailSetting: 'All' } }),
  });
  await server.clock.runPending();
  for (const originalName of alone ? ['Left', 'Next'] : ['Next']) {
    const { jobLogArray: logs } = await user.call('getJobLogDetails', { companyHandle, originalName });
    expect(logs).toMatchObject([{ fatalError: false, endDate: expect.any(String) }]);
  }
}

/** All tables of the newest version must have rows, or the test would prove nothing about them. */
function expectAllFilled(tag: string, rows: Rows): void {
  if (tag !== migrationTags.at(-1)) return;
  const empty = Object.entries(rows).flatMap(([table, { length }]) => (length === 0 ? [table] : []));
  expect(empty, 'tables without sample rows: add some in support/old-database.ts').toEqual([]);
}

// The way from the first version leads through all migrations.
describe.each(isFull ? migrationTags : migrationTags.slice(0, 1))('a database of %s', (tag) => {
  it('embedded, is opened with all its rows, and works', async () => {
    const dataDir = mkdtempSync(join(root, 'data-'));
    const lite = await PGlite.create({ dataDir: join(dataDir, 'database') });
    const database: OldDatabase = {
      migrate: (migrationsFolder) => migrate(drizzle(lite), { migrationsFolder }),
      query: async (text) => (await lite.query<Record<string, unknown>>(text)).rows,
    };
    await makeOldDatabase(database, tag, contents);
    const before = await rowsOf(database);
    expectAllFilled(tag, before);
    await lite.close();
    await keepFiles(dataDir);
    const server = await open(dataDir);
    try {
      await expectRows(server, before);
      await expectToWork(server, tag, true);
    } finally {
      await server.stop();
    }
  });

  it('in a state file, is loaded with all its rows, and works', async () => {
    const lite = await PGlite.create();
    const database: OldDatabase = {
      migrate: (migrationsFolder) => migrate(drizzle(lite), { migrationsFolder }),
      query: async (text) => (await lite.query<Record<string, unknown>>(text)).rows,
    };
    await makeOldDatabase(database, tag, contents);
    const before = await rowsOf(database);
    const { parts, next } = await readContents(drizzle(lite, { schema }));
    await lite.close();
    const store = new DirectoryFileStore(join(root, 'files'));
    const files = [contents.image, contents.archive].sort();
    const state = join(root, `${tag}.state`);
    const packed = packState(
      {
        format: 'ips-server-state',
        version: 1,
        server: '0.0.0',
        migration: tag,
        time: '2026-03-01T00:00:00Z',
        company: 'Old Company',
        admin: 'admin@example.com',
        next,
        parts: partEntries(parts),
        files: await Promise.all(
          files.map(async (sha256) => ({ sha256, bytes: (await store.size(sha256)) ?? 0 })),
        ),
        published: [],
      },
      parts,
      store,
    );
    await saveState(packed, state);
    const server = await createIpsServer({ state, jobClock: 'manual', serverName: 'new worker' });
    try {
      for (const _ of ['started', 'reset']) {
        await expectRows(server, before);
        await expectToWork(server, tag, true);
        await server.reset();
      }
    } finally {
      await server.stop();
    }
  });

  it('on a PostgreSQL server, is opened with all its rows, and works', async (context) => {
    const { url, drop } = await freshDatabase(context);
    try {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const database: OldDatabase = {
        migrate: (migrationsFolder) => migrateServer(drizzleServer(client), { migrationsFolder }),
        query: async (text) => (await client.query<Record<string, unknown>>(text)).rows,
      };
      await makeOldDatabase(database, tag, contents);
      const before = await rowsOf(database);
      await client.end();
      const dataDir = mkdtempSync(join(root, 'data-'));
      await keepFiles(dataDir);
      const server = await open(dataDir, url);
      try {
        await expectRows(server, before);
        await expectToWork(server, tag, false);
      } finally {
        await server.stop();
      }
    } finally {
      await drop();
    }
  });
});

/** Puts the sample files where a server looks for them. */
async function keepFiles(dataDir: string): Promise<void> {
  const from = new DirectoryFileStore(join(root, 'files'));
  const to = new DirectoryFileStore(join(dataDir, 'files'));
  for await (const hash of from.list()) await to.put(from.read(hash));
}
