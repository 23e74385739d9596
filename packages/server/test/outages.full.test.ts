// PostgreSQL may go at any time: the process stays, jobs wait and go on, nothing is counted twice, and `/healthz` shows it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { servePictures, tally, untilAnswered, uploadAndPublish } from './support/outage-world.js';
import { type OwnCluster, ownCluster } from './support/own-cluster.js';
import { type ServerProcess, startServer } from './support/server-process.js';
import { freshDatabase } from './support/test-database.js';

const FILES = 60;

let dataDir: string;
let files: FileServer;
let server: ServerProcess | undefined;
let clean: () => Promise<void> | void;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'ips-outage-'));
  files = await serveFiles();
  server = undefined;
  clean = () => undefined;
});

afterEach(async () => {
  await server?.end('SIGKILL');
  await files.close();
  await clean();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = (url: string) =>
  startServer([
    ...['--data', dataDir, '--database-url', url, '--server-name', 'worker', '--allow-private'],
    ...['--log-level', 'debug'],
  ]);

/** Fails when a log holds a connection, the key that cancels its queries, or the end of a process by an error that nobody heard. */
function checkLog(lines: readonly string[]): void {
  const text = lines.join('\n');
  for (const secret of [
    'secretKey',
    'processID',
    '"client":',
    '_queryable',
    'connectionParameters',
    'Unhandled',
    // An error that was logged without a reason.
    '"err":{}',
  ])
    expect(text).not.toContain(secret);
}

it('terminated connections, again and again, change no count', async (context) => {
  const database = await freshDatabase(context);
  clean = () => database.drop();
  await servePictures(files, FILES, 100);
  server = await start(database.url);
  const { url, child, logLines } = server;
  await uploadAndPublish(server, files, FILES);
  const killer = new pg.Client({ connectionString: database.url, application_name: 'killer' });
  await killer.connect();
  let killed = 0;
  let over = false;
  const killing = (async () => {
    while (!over) {
      const { rows } = await killer.query<{ ended: boolean }>(
        `select pg_terminate_backend(pid) as ended from pg_stat_activity
          where datname = current_database() and application_name <> 'killer'`,
      );
      killed += rows.length;
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
  })();
  const reachable = server;
  // The calls of the test itself meet the terminations as well.
  const done = () =>
    untilAnswered(async () => ((await tally(reachable, FILES)).done ? true : undefined), 15_000);
  const until = Date.now() + 20_000;
  while (Date.now() < until && !(await done().catch(() => false)));
  over = true;
  await killing;
  await killer.end();
  expect(killed).toBeGreaterThan(20);
  const found = await untilAnswered(async () => {
    const each = await tally(reachable, FILES);
    return each.done ? each : undefined;
  }, 240_000);
  expect(found.wrong).toEqual([]);
  expect(child.exitCode).toBeNull();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  checkLog(logLines);
}, 400_000);

it('a restart of the database in the middle of an upload is shown, waited for and survived', async (context) => {
  const cluster: OwnCluster | string = await ownCluster();
  if (typeof cluster === 'string') return context.skip(cluster);
  clean = () => cluster.remove();
  await servePictures(files, FILES, 100);
  server = await start(cluster.url);
  const { url, child, logLines } = server;
  await uploadAndPublish(server, files, FILES);
  await untilAnswered(async () => (files.requests.length > 5 ? true : undefined), 60_000);
  for (let outage = 0; outage < 2; outage += 1) {
    cluster.stop();
    const away = await fetch(`${url}/healthz`);
    expect(away.status).toBe(503);
    expect(await away.json()).toEqual({
      status: 'the database does not respond',
      reason: expect.stringMatching(/ECONNREFUSED|57P0\d|Connection terminated|ECONNRESET/),
    });
    // Longer than any statement waits.
    await new Promise((resolve) => setTimeout(resolve, 7000));
    const fault = await connect(server).fault('getProperty', { name: 'IpsVersion' });
    expect(fault.code).toBe(30000);
    cluster.start();
    await untilAnswered(async () => ((await fetch(`${url}/healthz`)).ok ? true : undefined), 30_000);
  }
  const reachable = server;
  const found = await untilAnswered(async () => {
    const each = await tally(reachable, FILES);
    return each.done ? each : undefined;
  }, 240_000);
  expect(found.wrong).toEqual([]);
  expect(child.exitCode).toBeNull();
  checkLog(logLines);
  // It can still be stopped in order.
  expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
}, 400_000);
