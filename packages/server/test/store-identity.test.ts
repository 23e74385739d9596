// A database and its files belong together, by an identity that both have: another store in place of the files is noticed.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import pino from 'pino';
import { describe, expect, it, onTestFinished, type TestContext, vi } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { locationOf, openStore } from '../src/db/store.js';
import type { IpsServerOptions } from '../src/server-options.js';
import { connect } from './support/call.js';
import { serveFiles } from './support/file-server.js';
import { endedJob } from './support/jobs.js';
import { TEST_COST } from './support/password-hash.js';
import { plain, RED } from './support/pictures.js';
import { freshDatabase } from './support/test-database.js';

const companyHandle = 'c|6';
const REPLACED = 'the directory of the files has been replaced: its store-id is missing';
const OPTIONS = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' } as const;

/** A data directory, and servers on it. */
function world(databaseUrl?: string) {
  const dataDir = mkdtempSync(join(tmpdir(), 'ips-identity-'));
  const files = join(dataDir, 'files');
  const running: IpsServer[] = [];
  onTestFinished(async () => {
    for (const server of running) await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const start = async (more: IpsServerOptions = {}): Promise<IpsServer> => {
    const server = await createIpsServer({
      dataDir,
      databaseUrl,
      passwordCost: TEST_COST,
      allowPrivateAddresses: true,
      console: false,
      ...more,
    });
    running.push(server);
    return server;
  };
  return {
    dataDir,
    files,
    start,
    /** Starts a server and stops it. */
    run: async (more?: IpsServerOptions): Promise<void> => {
      const server = await start(more);
      running.splice(running.indexOf(server), 1);
      await server.stop();
    },
    identity: () => readFileSync(join(files, 'store-id'), 'utf8').trim(),
    remembered: async (change?: string): Promise<unknown> => {
      const store = await openStore(locationOf({ dataDir, databaseUrl }));
      try {
        if (change !== undefined) await store.db.execute(sql.raw(change));
        return (await store.db.execute(sql`select identity from live.file_store`)).rows[0]?.['identity'];
      } finally {
        await store.close();
      }
    },
  };
}

const health = async ({ url }: IpsServer): Promise<unknown> => {
  const response = await fetch(`${url}/healthz`);
  return [response.status, ((await response.json()) as { status: string }).status];
};

describe('a directory that is replaced by an empty one under a running server', () => {
  it('takes no file; runs wait, and nothing that was accepted is lost', async () => {
    const { files, start } = world();
    const lines: string[] = [];
    const server = await start({
      logger: pino({ level: 'error' }, { write: (line: string) => void lines.push(line) }),
    });
    const picture = await plain(20, 10, RED).png().toBuffer();
    const held: ServerResponse[] = [];
    const sources = await serveFiles({
      '/first.png': picture,
      '/held.png': (_request, response) => void held.push(response),
    });
    onTestFinished(() => sources.close());
    const connection = connect(server);
    await connection.call('submitJob', {
      companyHandle,
      jobName: 'moves',
      uploadUrlsJob: {
        ...OPTIONS,
        urlArray: ['first', 'held'].map((name) => ({
          sourceUrl: `${sources.url}/${name}.png`,
          destPath: `SampleCompany/${name}.png`,
        })),
      },
    });
    await vi.waitFor(() => expect(held).toHaveLength(1), 20_000);
    renameSync(files, `${files}.away`);
    mkdirSync(files);
    expect(await health(server)).toEqual([503, REPLACED]);
    held.splice(0)[0]?.end(picture);
    await vi.waitFor(() => expect(lines.join('')).toContain(`a run is waiting: ${REPLACED}`), 20_000);
    expect(readdirSync(files)).toEqual([]);
    rmSync(files, { recursive: true });
    renameSync(`${files}.away`, files);
    expect(await health(server)).toEqual([200, 'ok']);
    // It fetches the file again.
    await vi.waitFor(() => expect(held).toHaveLength(1), 20_000);
    held.splice(0)[0]?.end(picture);
    expect(await endedJob(connection, companyHandle, 'moves')).toMatchObject({
      fatalError: false,
      fileSuccessCount: 2,
      fileErrorCount: 0,
    });
  });

  it('takes no file that arrived before', async () => {
    const { files, run } = world();
    await run();
    const { DirectoryFileStore } = await import('../src/files/file-store.js');
    const store = new DirectoryFileStore(files);
    store.expect((await store.identity()) ?? '');
    const early = await store.stage(Buffer.from('early'));
    renameSync(files, `${files}.away`);
    mkdirSync(join(files, 'incoming'), { recursive: true });
    await expect(early.keep()).rejects.toThrow(REPLACED);
    await expect(store.put(Buffer.from('late'))).rejects.toThrow(REPLACED);
    await expect(store.delete(early.hash)).rejects.toThrow(REPLACED);
    expect(readdirSync(join(files, 'incoming'))).toEqual([]);
    expect(readdirSync(files)).toEqual(['incoming']);
    // A copy of the volume is the same store.
    cpSync(`${files}.away/store-id`, join(files, 'store-id'));
    await store.put(Buffer.from('late'));
  });
});

describe.each(['the embedded database', 'PostgreSQL'])('with %s, a start', (database) => {
  const placeOf = async (context: TestContext) => {
    if (database !== 'PostgreSQL') return world();
    const { url, drop } = await freshDatabase(context);
    onTestFinished(drop);
    return world(url);
  };

  it('refuses an empty directory and a missing one, and names directory and remedy; it adopts one if that is requested', async (context) => {
    const place = await placeOf(context);
    const { files, run } = place;
    await run();
    const identity = place.identity();
    renameSync(files, `${files}.away`);
    const refusal = expect.objectContaining({
      message: expect.stringMatching(
        new RegExp(
          `^${files} is not the store .* it has 0 of the newest \\d+ files .* mount it\\. .*--adopt-files`,
        ),
      ),
    });
    await expect(run()).rejects.toEqual(refusal);
    expect(existsSync(files)).toBe(false);
    mkdirSync(files);
    await expect(run()).rejects.toEqual(refusal);
    expect(readdirSync(files)).toEqual([]);
    await run({ adoptFiles: true });
    expect(place.identity()).toBe(identity);
    rmSync(files, { recursive: true });
    renameSync(`${files}.away`, files);
    await run();
  });

  it('refuses the files of another server', async (context) => {
    const place = await placeOf(context);
    await place.run();
    const identity = place.identity();
    writeFileSync(join(place.files, 'store-id'), '1'.repeat(36));
    await expect(place.run()).rejects.toThrow(
      `its store-id is ${'1'.repeat(36)}, and the database remembers ${identity}`,
    );
    await place.run({ adoptFiles: true });
    expect([place.identity(), await place.remembered()]).toEqual([identity, identity]);
  });

  it('gives the files of an earlier version and of a restored backup an identity', async (context) => {
    const place = await placeOf(context);
    await place.run();
    const identity = place.identity();
    // The database remembers it, the files have none.
    rmSync(join(place.files, 'store-id'));
    await place.run();
    expect(place.identity()).toBe(identity);
    // The files have it, the database remembers none.
    await place.remembered('delete from live.file_store');
    await place.run();
    expect(await place.remembered()).toBe(identity);
    // Neither has one.
    await place.remembered('delete from live.file_store');
    rmSync(join(place.files, 'store-id'));
    await place.run();
    expect(place.identity()).toMatch(/^[0-9a-f-]{36}$/);
    expect(place.identity()).not.toBe(identity);
    expect(await place.remembered()).toBe(place.identity());
    // Neither has one, and the files are others.
    await place.remembered('delete from live.file_store');
    for (const name of readdirSync(place.files)) rmSync(join(place.files, name), { recursive: true });
    await expect(place.run()).rejects.toThrow('is not the store of the files');
  });
});

it('a reset and a snapshot leave the identity', async () => {
  const { start, identity, dataDir } = world();
  const server = await start();
  const before = identity();
  const snapshot = await server.snapshot();
  expect(JSON.stringify(snapshot)).not.toContain(before);
  await server.reset();
  await server.restore(snapshot);
  expect(await health(server)).toEqual([200, 'ok']);
  await server.stop();
  const again = await createIpsServer({ dataDir, passwordCost: TEST_COST });
  expect(identity()).toBe(before);
  await again.stop();
});

it('processes that start at once on one directory share the identity', async (context) => {
  const { url, drop } = await freshDatabase(context);
  onTestFinished(drop);
  const { start, identity, remembered } = world(url);
  const servers = await Promise.all([1, 2, 3].map(() => start()));
  expect(await remembered()).toBe(identity());
  for (const server of servers) expect(await health(server)).toEqual([200, 'ok']);
});
