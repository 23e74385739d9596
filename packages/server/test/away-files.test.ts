// Files that are away, replaced or closed to the server are a fault of the storage: not missing images, and nothing to keep in a cache.
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { DirectoryFileStore } from '../src/files/file-store.js';
import { connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import { endedJob, runJob } from './support/jobs.js';
import { TEST_COST } from './support/password-hash.js';
import { plain, RED } from './support/pictures.js';
import { type ServerProcess, startServer } from './support/server-process.js';

const companyHandle = 'c|6';
const OPTIONS = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' } as const;

let sources: FileServer;

beforeAll(async () => {
  sources = await serveFiles({
    '/red.png': await plain(40, 20, RED).png().toBuffer(),
    '/blue.png': await plain(30, 20, [0, 0, 255]).png().toBuffer(),
    '/page.html': Buffer.from('<p>a page</p>'),
  });
});
afterAll(() => sources.close());

const NAMES = ['red.png', 'blue.png', 'page.html'];

type Call = ReturnType<typeof connect>;

/** Uploads the files and publishes them. */
async function fill(connection: Call): Promise<void> {
  const urlArray = NAMES.map((name) => ({
    sourceUrl: `${sources.url}/${name}`,
    destPath: `SampleCompany/${name}`,
  }));
  await runJob(connection, companyHandle, { jobName: 'up', uploadUrlsJob: { ...OPTIONS, urlArray } });
  await runJob(connection, companyHandle, {
    jobName: 'images',
    imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
  });
}

interface Answer {
  readonly status: number;
  readonly cache: string | null;
  readonly text: string;
}

async function get(url: string, path: string): Promise<Answer> {
  const response = await fetch(`${url}${path}`);
  const type = response.headers.get('content-type') ?? '';
  return {
    status: response.status,
    cache: response.headers.get('cache-control'),
    text: type.startsWith('text/') ? await response.text() : type,
  };
}

const fault = (problem: string): Answer => ({
  status: 503,
  cache: 'no-store',
  text: `the files cannot be read: ${problem} at the server`,
});

const MISSING = 'the directory of the files is missing';
const REPLACED = 'the directory of the files has been replaced: its store-id is missing';

/** Requests that need files, none of which has been answered before. */
let asked = 0;
const paths = (): Record<string, string> => {
  asked += 1;
  return {
    // Its file was opened before; that of the other one was not.
    image: `/is/image/SampleCompany/red?wid=${10 + asked}`,
    unopened: `/is/image/SampleCompany/blue?wid=${10 + asked}`,
    properties: '/is/image/SampleCompany/blue?req=imageprops',
    content: '/is/content/SampleCompany/page',
  };
};

/** A server with published files, and what it logs of errors. */
async function world() {
  const dataDir = mkdtempSync(join(tmpdir(), 'ips-away-'));
  const lines: string[] = [];
  const server: IpsServer = await createIpsServer({
    dataDir,
    passwordCost: TEST_COST,
    allowPrivateAddresses: true,
    console: false,
    logger: pino({ level: 'error' }, { write: (line: string) => void lines.push(line) }),
  });
  const files = join(dataDir, 'files');
  onTestFinished(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const connection = connect(server);
  await fill(connection);
  expect(await get(server.url, '/is/image/SampleCompany/red?wid=5')).toMatchObject({ status: 200 });
  return { server, files, lines, connection };
}

const answersOf = async (url: string): Promise<Record<string, Answer>> => {
  const found: Record<string, Answer> = {};
  for (const [name, path] of Object.entries(paths())) found[name] = await get(url, path);
  return found;
};

const all = (answer: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.keys(paths()).map((name) => [name, answer]));

describe('while the files', () => {
  it.each([
    ['are away', MISSING],
    ['have been replaced by an empty directory', REPLACED],
  ])('%s, what needs them answers 503 with the reason, and no cache keeps that', async (how, problem) => {
    const { server, files } = await world();
    const delivered = await fetch(`${server.url}/is/image/SampleCompany/red?wid=5`);
    renameSync(files, `${files}.away`);
    if (how !== 'are away') mkdirSync(files);
    expect(await answersOf(server.url)).toEqual(all(fault(problem)));
    const response = await fetch(`${server.url}/is/image/SampleCompany/red?wid=7`);
    expect(response.headers.get('retry-after')).toBe('30');
    expect(response.headers.get('etag')).toBeNull();
    // What was drawn before is still there, and is the same image.
    const again = await fetch(`${server.url}/is/image/SampleCompany/red?wid=5`);
    expect([again.status, again.headers.get('etag')]).toEqual([200, delivered.headers.get('etag')]);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(503);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^ips_file_store_errors_total\{method="check"\} [1-9]/m);
    expect(metrics).toMatch(/^ips_file_store_errors_total\{method="size"\} [1-9]/m);
    if (existsSync(files)) {
      expect(readdirSync(files)).toEqual([]);
      rmSync(files, { recursive: true });
    }
    renameSync(`${files}.away`, files);
    expect(await answersOf(server.url)).toMatchObject(all({ status: 200 }));
  });

  it('are away, a publish waits for them, and then publishes all', async () => {
    const { server, files, lines, connection } = await world();
    renameSync(files, `${files}.away`);
    await connection.call('submitJob', {
      companyHandle,
      jobName: 'waits',
      imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
    });
    await vi.waitFor(() => expect(lines.join('')).toContain(`a run is waiting: ${MISSING}`), 30_000);
    renameSync(`${files}.away`, files);
    const log = await endedJob(connection, companyHandle, 'waits');
    expect(log).toMatchObject({ fatalError: false, fileErrorCount: 0, fileSuccessCount: NAMES.length });
    expect(JSON.stringify(log.detailArray)).not.toMatch(/Warning|missing|damaged/);
    expect(await answersOf(server.url)).toMatchObject(all({ status: 200 }));
  });

  it('are there, a single one that is lost is missing, which no cache keeps', async () => {
    const { server, files } = await world();
    const store = new DirectoryFileStore(files);
    for await (const hash of store.list()) await store.delete(hash);
    const lost = {
      status: 403,
      cache: 'no-store',
      text: '/SampleCompany/blue cannot be delivered: its file is missing',
    };
    expect(await answersOf(server.url)).toEqual({
      image: { ...lost, text: expect.stringContaining('/SampleCompany/red cannot be delivered: ') },
      unopened: lost,
      properties: lost,
      content: { status: 404, cache: 'no-store', text: 'the file is missing' },
    });
  });
});

/** A user without rights. The tests of a container run as root, whom no permission stops. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

describe.runIf(process.platform === 'linux')('where the server has no permission', () => {
  let dataDir: string;
  /** A server of somebody who is not root, with published files. */
  let server: ServerProcess;
  let connection: Call;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'ips-permissions-'));
    if (isRoot) chownSync(dataDir, NOBODY, NOBODY);
    const args = ['--data', dataDir, '--allow-private', '--no-console'];
    server = await startServer(args, {}, isRoot ? NOBODY : undefined);
    connection = connect(server);
    await fill(connection);
    expect(await get(server.url, '/is/image/SampleCompany/red?wid=5')).toMatchObject({ status: 200 });
  });
  afterAll(async () => {
    await server?.end('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });

  const health = async (): Promise<unknown> => {
    const response = await fetch(`${server.url}/healthz`);
    return [response.status, ((await response.json()) as { status: string }).status];
  };

  const DENIED = 'the server may not use the directory of the files: permission denied';

  it('for one of the files, the request for it answers that', async () => {
    const store = new DirectoryFileStore(join(dataDir, 'files'));
    for await (const hash of store.list()) chmodSync(await store.path(hash), 0);
    const denied = fault('a file may not be read: permission denied');
    const { content, unopened, properties } = await answersOf(server.url);
    expect({ content, unopened, properties }).toEqual({
      content: denied,
      unopened: denied,
      properties: denied,
    });
    expect(await health()).toEqual([200, 'ok']);
    for await (const hash of store.list()) chmodSync(await store.path(hash), 0o600);
    expect(await answersOf(server.url)).toMatchObject(all({ status: 200 }));
  });

  it('for the files, it says so, and continues when it has', async () => {
    const files = join(dataDir, 'files');
    chmodSync(files, 0);
    expect(await health()).toEqual([503, DENIED]);
    // The properties are known.
    const { image, unopened, content } = await answersOf(server.url);
    for (const answer of [image, unopened, content]) expect(answer).toEqual(fault(DENIED));
    await connection.call('submitJob', {
      companyHandle,
      jobName: 'waits',
      imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
    });
    await vi.waitFor(() => expect(server.logLines.join('')).toContain(`a run is waiting: ${DENIED}`), 30_000);
    chmodSync(files, 0o700);
    expect(await health()).toEqual([200, 'ok']);
    expect(await endedJob(connection, companyHandle, 'waits')).toMatchObject({
      fatalError: false,
      fileErrorCount: 0,
      fileSuccessCount: NAMES.length,
    });
  });

  it('to receive files, it delivers those that it has and says so', async () => {
    const incoming = join(dataDir, 'files/incoming');
    chmodSync(incoming, 0);
    expect(await health()).toEqual([503, DENIED]);
    expect(await answersOf(server.url)).toMatchObject(all({ status: 200 }));
    chmodSync(incoming, 0o700);
    expect(await health()).toEqual([200, 'ok']);
  });

  it('for the kept images, it draws them again', async () => {
    const kept = join(dataDir, 'delivery-cache');
    expect(readdirSync(kept)).not.toEqual([]);
    chmodSync(kept, 0);
    expect(await answersOf(server.url)).toMatchObject(all({ status: 200 }));
    expect(await health()).toEqual([200, 'ok']);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/^ips_delivery_cache_total\{outcome="unwritten"\} [1-9]/m);
  });
});
