// A server saved in a file starts again from it with all that it had, and returns to it. Whatever is wrong with a file is named.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract, type Header, pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { migrationTags } from '../src/db/earlier-schema.js';
import type { FileContent } from '../src/files/stored-files.js';
import type { IpsServerOptions } from '../src/server-options.js';
import { fileName, type StateManifest } from '../src/state/manifest.js';
import { StateReader } from '../src/state/state-file.js';
import { connect } from './support/call.js';
import { type FileServer, serveFiles } from './support/file-server.js';
import type { runJob } from './support/jobs.js';
import { TEST_COST } from './support/password-hash.js';
import { BLUE, plain, RED } from './support/pictures.js';
import { freshDatabase } from './support/test-database.js';

const companyHandle = 'c|6';
const NOW = new Date('2026-03-01T12:00:00Z');
const DAY = 86_400_000;
const ANN = { email: 'ann@example.com', password: 'secret-of-Ann-1' };
const PAT = { email: 'pat@example.com', password: 'secret-of-Pat-1' };

let folder: string;
let files: FileServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ips-state-'));
  files = await serveFiles({
    '/red.png': await plain(20, 10, RED).png().toBuffer(),
    '/blue.png': await plain(30, 10, BLUE).png().toBuffer(),
  });
});
afterAll(async () => {
  await files.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: IpsServerOptions = {}): Promise<IpsServer> {
  const server = await createIpsServer({
    jobClock: 'manual',
    passwordCost: TEST_COST,
    console: false,
    timeZone: 'UTC',
    serverName: 'worker',
    allowPrivateAddresses: true,
    ...options,
  });
  onTestFinished(() => server.stop());
  return server;
}

/** Submits a job and does it. */
async function run(server: IpsServer, job: Omit<Parameters<typeof runJob>[2], 'jobName'>, jobName = 'Job') {
  const { jobHandle } = await connect(server).call('submitJob', { companyHandle, jobName, ...job });
  expect(await server.waitForJob(jobHandle)).toMatchObject({ ok: true, originalName: jobName });
}

const upload = (server: IpsServer, file: string, destPath: string) =>
  run(
    server,
    {
      uploadUrlsJob: {
        overwrite: true,
        readyForPublish: true,
        createMask: false,
        emailSetting: 'None',
        urlArray: [{ sourceUrl: `${files.url}/${file}`, destPath }],
      },
    },
    `Upload of ${destPath}`,
  );

/** A company with an image that is published, a user and a schedule. */
async function shop(options: IpsServerOptions = {}): Promise<IpsServer> {
  const server = await start({ company: 'MyCompany', now: NOW, admin: ANN, ...options });
  await fill(server);
  return server;
}

async function fill(server: IpsServer): Promise<void> {
  await server.seed({
    companies: [{ name: 'MyCompany', folders: ["Ann's Shoes"] }, { name: 'Other' }],
    users: [{ ...PAT, memberships: [{ company: 'MyCompany', role: 'IpsUser' }] }],
  });
  await upload(server, 'red.png', "MyCompany/Ann's Shoes/red.png");
  await run(server, { imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' } }, 'Publish');
  await run(server, { serverDirectoryPublishJob: { emailSetting: 'None' } }, 'Directory');
  await connect(server).call('submitJob', {
    companyHandle,
    jobName: 'Nightly',
    execSchedule: '0 0 2 * * ?',
    imageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' },
  });
}

const sha256Of = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

const tablesOf = async (server: IpsServer) => (await server.snapshot()).tables;

async function imageOf(server: IpsServer): Promise<string> {
  const response = await fetch(`${server.endpoints.images}red?fmt=png`);
  return response.ok
    ? createHash('sha256')
        .update(new Uint8Array(await response.arrayBuffer()))
        .digest('hex')
    : `${response.status}`;
}

const published = (root: string) => {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(root.length), readFileSync(path).toString('base64')];
    }),
  );
};

async function saved(server: IpsServer, name: string): Promise<string> {
  const file = join(folder, name);
  await server.saveState(file);
  return file;
}

describe('a server that starts from a state', () => {
  it('has all that was saved: rows, files, published files, passwords, numbers and the time', async () => {
    const from = mkdtempSync(join(folder, 'from-'));
    const to = mkdtempSync(join(folder, 'to-'));
    const one = await shop({ serverRoot: from });
    await one.clock.advance(3600_000);
    const file = await saved(one, 'shop.state');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const other = await start({ state: file, serverRoot: to, admin: ANN });
    expect(other).toMatchObject({
      company: 'MyCompany',
      companyHandle,
      admin: ANN,
      adminPasswordSource: 'given',
    });
    expect(other.clock.now()).toEqual(one.clock.now());
    expect(await tablesOf(other)).toEqual(await tablesOf(one));
    expect(await imageOf(other)).toBe(await imageOf(one));
    expect(Object.keys(published(from)).length).toBeGreaterThan(0);
    expect(published(to)).toEqual(published(from));
    await connect(other, PAT).call('getUserInfo', {});
    for (const server of [one, other]) {
      await server.clock.advance(DAY);
      await connect(server).call('createProject', { companyHandle, projectName: 'Spring' });
    }
    const [kept, copied] = [await tablesOf(one), await tablesOf(other)];
    expect(copied['projects']).toEqual(kept['projects']);
    expect(copied['runs']?.map((row) => row['name'])).toEqual(kept['runs']?.map((row) => row['name']));
    expect(copied['runs']?.at(-1)).toMatchObject({ original_name: 'Nightly', state: 'Done' });
  });

  it('returns to it, whatever became of its rows and files', async () => {
    const from = mkdtempSync(join(folder, 'from-'));
    const server = await start({
      state: await saved(await shop({ serverRoot: from }), 'return.state'),
      serverRoot: from,
      admin: ANN,
    });
    const before = await tablesOf(server);
    const image = await imageOf(server);
    const directory = published(from);
    for (const round of [1, 2]) {
      const admin = connect(server);
      await upload(server, 'blue.png', `MyCompany/blue-${round}.png`);
      const { assetArray = [] } = await admin.call('searchAssets', {
        companyHandle,
        folder: "MyCompany/Ann's Shoes/",
        includeSubfolders: false,
      });
      const [asset] = assetArray;
      await admin.call('deleteAsset', { companyHandle, assetHandle: String(asset?.assetHandle) });
      await run(server, { serverDirectoryPublishJob: { emailSetting: 'None' } }, 'Directory');
      // The trash is emptied, and files that nobody uses are removed a week later.
      await server.clock.advance(30 * DAY);
      expect(await tablesOf(server)).not.toEqual(before);
      await server.reset();
      expect(server.clock.now()).toEqual(NOW);
      expect(await tablesOf(server)).toEqual(before);
      expect(await imageOf(server)).toBe(image);
      expect(published(from)).toEqual(directory);
    }
  });

  it('takes the company, the administrator and the time of its options, and creates what is missing', async () => {
    const file = await saved(await shop(), 'options.state');
    const admin = { email: 'ben@example.com', password: 'secret-of-Ben-1' };
    const server = await start({ state: file, company: 'New Company', admin, now: new Date(+NOW + DAY) });
    for (const _ of [1, 2]) {
      expect(server.clock.now()).toEqual(new Date(+NOW + DAY));
      await connect(server, ANN).call('getUserInfo', {});
      const { companyInfo } = await connect(server).call('getCompanyInfo', { companyName: 'New Company' });
      expect(companyInfo.companyHandle).toBe(server.companyHandle);
      await server.reset();
    }
  });

  it('may be refused', async () => {
    const file = await saved(await start(), 'small.state');
    for (const [option, options] of Object.entries({
      dataDir: { dataDir: join(folder, 'data') },
      databaseUrl: { databaseUrl: 'postgres://localhost/x' },
    }))
      await expect(createIpsServer({ state: file, ...options })).rejects.toThrow(
        `state: a server with a state is in memory; remove ${option}`,
      );
    await expect(createIpsServer({ state: join(folder, 'no.state') })).rejects.toThrow(
      /^state: .*no\.state cannot be used: it does not exist$/,
    );
    await expect(createIpsServer({ state: folder })).rejects.toThrow(/it is a directory, expected a file$/);
  });
});

describe('the present state', () => {
  it('can be marked as the one to return to', async () => {
    const server = await shop();
    await server.markState();
    const before = await tablesOf(server);
    await connect(server).call('createFolder', { companyHandle, folderPath: 'MyCompany/New/' });
    await server.clock.advance(2 * DAY);
    expect(await tablesOf(server)).not.toEqual(before);
    await server.reset();
    expect(await tablesOf(server)).toEqual(before);
    expect(await imageOf(server)).not.toBe('404');
    await connect(server, PAT).call('getUserInfo', {});
  });

  it('gives the same bytes again', async () => {
    const server = await shop();
    const [one, other] = [await saved(server, 'one.state'), await saved(server, 'other.state')];
    expect(readFileSync(one).equals(readFileSync(other))).toBe(true);
    const copy = await start({ state: one, admin: ANN });
    expect(readFileSync(await saved(copy, 'copy.state')).equals(readFileSync(one))).toBe(true);
  });

  it('is downloaded from the admin API', async () => {
    const server = await shop({ adminApi: true });
    const response = await fetch(`${server.url}/admin/state`);
    expect(response.headers.get('content-type')).toBe('application/gzip');
    const body = new Uint8Array(await response.arrayBuffer());
    expect(readFileSync(await saved(server, 'api.state')).equals(body)).toBe(true);
  });

  it('is saved by a server with a directory, and by one with a PostgreSQL server', async (context) => {
    const { url, drop } = await freshDatabase(context);
    try {
      for (const options of [
        { dataDir: join(folder, 'embedded') },
        { dataDir: join(folder, 'shared'), databaseUrl: url },
      ]) {
        const server = await createIpsServer({
          company: 'MyCompany',
          jobClock: 'manual',
          now: NOW,
          admin: ANN,
          passwordCost: TEST_COST,
          allowPrivateAddresses: true,
          ...options,
        });
        await fill(server);
        const file = await saved(server, 'directory.state').finally(() => server.stop());
        const copy = await start({ state: file, admin: ANN });
        expect(await imageOf(copy)).not.toBe('404');
        await connect(copy, PAT).call('getUserInfo', {});
      }
    } finally {
      await drop();
    }
  });

  it('is not saved without a file of an asset, and leaves nothing where it cannot be written', async () => {
    const dataDir = join(folder, 'incomplete');
    const server = await start({ dataDir, company: 'MyCompany', now: NOW });
    await upload(server, 'red.png', 'MyCompany/red.png');
    const target = mkdtempSync(join(folder, 'target-'));
    for (const file of [target, join(target, 'a/..'), `${join(target, 'none')}/`])
      await expect(server.saveState(file)).rejects.toThrow(
        /target-\w+(?:\/none)? cannot be written: it is a directory, expected a file$/,
      );
    for (const file of ['', 'a\0b', 5 as never])
      await expect(server.saveState(file)).rejects.toThrow('file: expected a non-empty string, found ');
    await expect(server.saveState(join(target, `${'x'.repeat(250)}.state`))).rejects.toThrow(
      /x\.state cannot be written: ENAMETOOLONG/,
    );
    expect(readdirSync(target, { recursive: true })).toEqual([]);
    const files = join(dataDir, 'files');
    for (const name of readdirSync(files))
      if (/^[0-9a-f]{2}$/.test(name)) rmSync(join(files, name), { recursive: true });
    await expect(server.saveState(join(target, 'b.state'))).rejects.toThrow(
      /^the state is not complete: the file [0-9a-f]{64} is missing/,
    );
    rmSync(files, { recursive: true });
    await expect(server.saveState(join(target, 'b.state'))).rejects.toThrow(
      'the directory of the files is missing',
    );
    expect(readdirSync(target)).toEqual([]);
  });
});

describe('a server that has stopped', () => {
  it('refuses methods that need its database, and names them', async () => {
    const server = await createIpsServer({ jobClock: 'manual', now: NOW, passwordCost: TEST_COST });
    const snapshot = await server.snapshot();
    await server.stop();
    const calls = {
      saveState: () => server.saveState(join(folder, 'late.state')),
      markState: () => server.markState(),
      reset: () => server.reset(),
      seed: () => server.seed({}),
      snapshot: () => server.snapshot(),
      restore: () => server.restore(snapshot),
      mails: () => server.mails(),
      notifications: () => server.notifications(),
      clearRecords: () => server.clearRecords(),
      waitForJob: () => server.waitForJob('j|6|a||'),
      'clock.advance': () => server.clock.advance(1),
      'clock.runPending': () => server.clock.runPending(),
    };
    for (const [name, call] of Object.entries(calls))
      await expect(call()).rejects.toThrow(`${name}: the server has stopped`);
    expect(existsSync(join(folder, 'late.state'))).toBe(false);
  });
});

describe('a state file', () => {
  interface ArchiveEntry {
    readonly header: Pick<Header, 'name'> & Partial<Header>;
    readonly content: Buffer;
  }

  let original: Buffer;
  let entries: readonly ArchiveEntry[];
  let manifest: StateManifest;
  let temporary: string;
  const { TMPDIR } = process.env;

  beforeAll(async () => {
    temporary = mkdtempSync(join(folder, 'tmp-'));
    process.env['TMPDIR'] = temporary;
    const server = await createIpsServer({ jobClock: 'manual', now: NOW, passwordCost: TEST_COST });
    const file = join(folder, 'original.state');
    try {
      await server.saveState(file);
    } finally {
      await server.stop();
    }
    original = readFileSync(file);
    entries = await entriesOf(original);
    manifest = JSON.parse(String(entries[0]?.content)) as StateManifest;
  });

  afterAll(() => {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
  });

  async function entriesOf(archive: Buffer): Promise<ArchiveEntry[]> {
    const tar = extract();
    tar.end(gunzipSync(archive));
    const found: ArchiveEntry[] = [];
    for await (const entry of tar) found.push({ header: entry.header, content: await buffer(entry) });
    return found;
  }

  async function archiveOf(given: readonly ArchiveEntry[]): Promise<Buffer> {
    const tar = pack();
    for (const { header, content } of given)
      tar.entry({ ...header, size: header.type === 'symlink' ? 0 : content.length }, content);
    tar.finalize();
    return gzipSync(await buffer(tar));
  }

  const withManifest = (changes: object) =>
    archiveOf([
      { header: { name: 'state.json' }, content: Buffer.from(JSON.stringify({ ...manifest, ...changes })) },
      ...entries.slice(1),
    ]);

  const withPart = (table: string, change: (rows: Record<string, unknown>[]) => unknown) => {
    const index = manifest.parts.findIndex((part) => part.table === table);
    const content = Buffer.from(
      JSON.stringify(change(JSON.parse(String(entries[index + 1]?.content)) as Record<string, unknown>[])),
    );
    const parts = manifest.parts.with(index, {
      table,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    const changed = entries.with(index + 1, { header: entries[index + 1]?.header ?? { name: '' }, content });
    const first = {
      header: { name: 'state.json' },
      content: Buffer.from(JSON.stringify({ ...manifest, parts })),
    };
    return archiveOf(changed.with(0, first));
  };

  const lastName = (): string => String(entries.at(-1)?.header.name);

  const cases: readonly (readonly [what: string, make: () => Promise<Buffer> | Buffer, error: RegExp])[] = [
    ['is empty', () => Buffer.alloc(0), /it is not complete/],
    ['is not compressed', () => gunzipSync(original), /it is damaged, or not a state of ips-server/],
    ['is text', () => Buffer.from('a state'), /it is damaged, or not a state/],
    [
      'is compressed text',
      () => gzipSync('a state'.repeat(200)),
      /it is damaged, or not a state|not complete/,
    ],
    ['is an empty archive', () => archiveOf([]), /it is not complete: it has no state\.json/],
    [
      'is a backup',
      () => archiveOf([{ header: { name: 'database.tar' }, content: Buffer.alloc(9) }]),
      /it contains "database\.tar" \(file\), expected the file state\.json/,
    ],
    ['was cut', () => original.subarray(0, original.length - 100), /it is not complete/],
    ['was cut at its beginning', () => original.subarray(0, 300), /it is not complete/],
    ['lacks its last file', () => archiveOf(entries.slice(0, -1)), /it is not complete: it has no files\//],
    [
      'has other rows',
      () =>
        archiveOf(
          entries.with(1, { header: entries[1]?.header ?? { name: '' }, content: Buffer.from('[]') }),
        ),
      /it is damaged: the content of tables\/0000-\w+\.json does not match/,
    ],
    [
      'has another file',
      () =>
        archiveOf(
          entries.with(-1, {
            header: { name: lastName() },
            content: Buffer.alloc(entries.at(-1)?.content.length ?? 0),
          }),
        ),
      /it is damaged: the content of files\//,
    ],
    [
      'has a file too many',
      () => archiveOf([...entries, { header: { name: '../x' }, content: Buffer.from('x') }]),
      /it contains "\.\.\/x", which its manifest lacks/,
    ],
    [
      'has a link',
      () =>
        archiveOf(
          entries.with(1, {
            header: { name: 'x', type: 'symlink', linkname: '/etc/passwd' },
            content: Buffer.alloc(0),
          }),
        ),
      /it contains "x" \(symlink\), expected the file tables/,
    ],
    [
      'has no end',
      () => archiveOf([...entries, { header: { name: 'x' }, content: Buffer.alloc(2 ** 24) }]),
      /it contains "x"|more than its manifest says/,
    ],
    ['is of another format', () => withManifest({ format: 'zip' }), /it is not a state of ips-server/],
    [
      'is of a later format',
      () => withManifest({ version: 2 }),
      /it has version 2 of the format; this ips-server reads version 1/,
    ],
    [
      'is of a newer server',
      () => withManifest({ migration: '0999_future' }),
      /a newer server saved it: its database has the migration "0999_future"/,
    ],
    [
      'has no time',
      () => withManifest({ time: 'noon' }),
      /state\.json: time: found "noon", expected an ISO 8601 time/,
    ],
    ['has no company', () => withManifest({ company: 6 }), /state\.json: company: found 6, expected a text/],
    [
      'has a wrong number',
      () => withManifest({ next: { assets: '1; drop table assets' } }),
      /state\.json: next\.assets: found "1; drop table assets", expected a whole number/,
    ],
    [
      'has parts that are not a list',
      () => withManifest({ parts: 'all' }),
      /state\.json: parts: found "all", expected a list/,
    ],
    [
      'has the part of no table',
      () => withManifest({ parts: [{ ...manifest.parts[0], table: 'a"; drop' }] }),
      /state\.json: parts\[0\]\.table: found "a\\"; drop", expected the name of a table/,
    ],
    [
      'has more rows than fit',
      () => withManifest({ parts: [{ ...manifest.parts[0], bytes: 2 ** 40 }] }),
      /state\.json: parts: found 1099511627776 bytes in all, expected at most/,
    ],
    [
      'has more files than fit',
      () => withManifest({ files: [{ ...manifest.files[0], bytes: 2 ** 40 }] }),
      /state\.json: files: found 1099511627776 bytes in all, expected at most/,
    ],
    [
      'has a file twice',
      () => withManifest({ files: [manifest.files[0], manifest.files[0]] }),
      /state\.json: files: a file is listed twice/,
    ],
    [
      'has no hash',
      () => withManifest({ files: [{ sha256: '../../x', bytes: 1 }] }),
      /state\.json: files\[0\]\.sha256: found "\.\.\/\.\.\/x"/,
    ],
    [
      'publishes outside',
      () => withManifest({ published: [{ path: 'a/../../x', sha256: manifest.files[0]?.sha256 }] }),
      /state\.json: published\[0\]\.path: found "a\/\.\.\/\.\.\/x", expected a relative path/,
    ],
    [
      'publishes what it lacks',
      () => withManifest({ published: [{ path: 'a', sha256: '0'.repeat(64) }] }),
      /state\.json: published\[0\]\.sha256: 0{64} is not among the files/,
    ],
    [
      'has rows of an unknown table',
      () =>
        withManifest({
          parts: manifest.parts.map((part, at) => (at === 0 ? { ...part, table: 'nothing' } : part)),
        }),
      /it contains "tables\/0000-\w+\.json" \(file\), expected the file tables\/0000-nothing\.json/,
    ],
    ['has rows that are not JSON', () => withPart('users', () => 'x'), /the rows do not fit into the tables/],
    [
      'has rows of nothing',
      () => withPart('users', (rows) => rows.map(({ email, ...rest }) => rest)),
      /the rows do not fit into the tables .*email/,
    ],
    [
      'has rows that refer to nothing',
      () => withPart('folders', (rows) => rows.map((row) => ({ ...row, company_id: 999 }))),
      /the rows do not fit into the tables .*foreign key/,
    ],
    [
      'has a row twice',
      () => withPart('users', (rows) => [...rows, ...rows]),
      /the rows do not fit into the tables .*duplicate key/,
    ],
  ];

  it.each(cases)('that %s is refused with the reason', async (_what, make, error) => {
    const file = join(mkdtempSync(join(folder, 'refused-')), 'a.state');
    writeFileSync(file, await make());
    const attempt = createIpsServer({ state: file, passwordCost: TEST_COST, console: false });
    const message = await attempt.then(
      async (server) => {
        await server.stop();
        return 'it started';
      },
      (reason: Error) => reason.message,
    );
    expect(message).toMatch(error);
    expect(message.startsWith(`state: ${file} cannot be used: `)).toBe(true);
    expect(message.length).toBeLessThan(600);
    expect(readdirSync(temporary)).toEqual([]);
  });

  describe('that was changed behind its files', () => {
    const changes: readonly (readonly [string, (state: Buffer) => Buffer, RegExp])[] = [
      ['text after its end', (state) => Buffer.concat([state, Buffer.from('junk')]), /it is damaged/],
      ['zeros after its end', (state) => Buffer.concat([state, Buffer.alloc(9)]), /has bytes after its end$/],
      ['its end missing', (state) => state.subarray(0, -9), /it is not complete$/],
    ];

    /** Milliseconds after which a file is read: before the archive fails, while it does, and behind it. */
    const delays = [0, 1, 50];

    it.each(changes.flatMap((change) => delays.map((delay) => [...change, delay] as const)))(
      'to have %s, is refused however late its files are read',
      async (_what, change, words, delay) => {
        // Larger than what is read of the archive at once.
        const contents = [randomBytes(100_000), randomBytes(20_000)];
        const listed = contents.map((content) => ({ sha256: sha256Of(content), bytes: content.length }));
        const state = await archiveOf([
          ...(await entriesOf(await withManifest({ files: [...manifest.files, ...listed] }))),
          ...contents.map((content) => ({ header: { name: fileName(sha256Of(content)) }, content })),
        ]);
        const file = join(folder, 'behind.state');
        writeFileSync(file, change(state));
        const reader = await StateReader.open(file, migrationTags());
        const put = async (content: FileContent) => {
          await setTimeout(delay);
          const all = await buffer(content as AsyncIterable<Uint8Array>);
          return { hash: sha256Of(all), size: all.length };
        };
        await expect(reader.storeFiles({ put })).rejects.toThrow(words);
      },
    );
  });

  it('with a changed bit is refused or starts with the same contents', async () => {
    for (let at = 12; at < original.length; at += Math.ceil(original.length / 12)) {
      const changed = Buffer.from(original);
      changed[at] = (changed[at] ?? 0) ^ 4;
      const file = join(folder, 'changed.state');
      writeFileSync(file, changed);
      await expect(
        createIpsServer({ state: file, passwordCost: TEST_COST, console: false }).then(async (server) => {
          await server.stop();
        }),
        `bit in byte ${at}`,
      ).rejects.toThrow(/cannot be used/);
    }
  });
});
