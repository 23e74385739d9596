// A backup holds everything, of a server that runs or not; what is restored is what was backed up, or nothing.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
  type TestContext,
  vi,
} from 'vitest';
import { backUp } from '../src/backup/backup.js';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { DirectoryLock } from '../src/db/directory-lock.js';
import { DirectoryFileStore } from '../src/files/file-store.js';
import { main } from '../src/main.js';
import type { Snapshot } from '../src/seed/snapshot.js';
import { connect } from './support/call.js';
import { storeAssets } from './support/stored-assets.js';
import { freshDatabase } from './support/test-database.js';

const DAY = 86_400_000;
const ann = { email: 'ann@example.com', password: 'Sunny-Day-42' };

let base: string;
/** A data directory with assets. */
let whole: string;
let contents: Snapshot;
let server: IpsServer | undefined;

/** Of the server that is started from a directory: what it holds, and whether Ann can log in. */
async function stateOf(dataDir: string) {
  const opened = await createIpsServer({ dataDir });
  try {
    await connect(opened, ann).call('getUserInfo', {});
    return (await opened.snapshot()).tables;
  } finally {
    await opened.stop();
  }
}

const filesIn = (dataDir: string) =>
  readdirSync(join(dataDir, 'files'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /[0-9a-f]{64}$/.test(name))
    .sort();

/** Runs the command in this process. */
async function run(...args: string[]) {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text);
      return true;
    }),
  );
  try {
    return { code: await main(args), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

beforeAll(async () => {
  whole = mkdtempSync(join(tmpdir(), 'ips-backup-'));
  server = await createIpsServer({ dataDir: whole });
  await server.seed({ users: [{ ...ann, memberships: [{ company: 'Sample Company', role: 'IpsUser' }] }] });
  await storeAssets(
    server,
    whole,
    ['', 'one', 'two', 'x'.repeat(200_000)].map((content, index) => ({
      id: 2000 + index,
      name: `asset ${index}`,
      type: 'Image',
      content,
    })),
  );
  contents = await server.snapshot();
});
afterAll(async () => {
  await server?.stop();
  rmSync(whole, { recursive: true, force: true });
});
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'ips-backups-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('a backup of a server that runs', () => {
  it.each(['backup.tar', 'backup'])('to %s is restored with files, rows and passwords', async (target) => {
    const to = join(base, 'new', target);
    expect(await run('backup', '--data', whole, '--to', to)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${filesIn(whole).length} files`),
      stderr: '',
    });
    expect(readdirSync(join(base, 'new'))).toEqual([target]);
    if (process.platform !== 'win32') {
      for (const name of ['', ...(target === 'backup' ? readdirSync(to, { recursive: true }) : [])])
        expect(statSync(join(to, String(name))).mode & 0o077, String(name)).toBe(0);
    }
    const dataDir = join(base, 'data');
    expect(await run('restore', '--from', to, '--data', dataDir)).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(dataDir).sort()).toEqual(['database', 'files', 'owner.lock']);
    expect(filesIn(dataDir)).toEqual(filesIn(whole));
    expect(await run('check', '--data', dataDir)).toMatchObject({ code: 0, stderr: '' });
    expect(await stateOf(dataDir)).toEqual(contents.tables);
  });

  it('is refused to those who cannot read its directory', async () => {
    for (const authorization of ['', 'Bearer ', 'Bearer x']) {
      const answer = await fetch(`${server?.url}/control/dump`, {
        method: 'POST',
        headers: { authorization },
      });
      expect([answer.status, await answer.text()]).toEqual([403, '']);
    }
  });

  it('leaves nothing when its target exists, or the server cannot be reached', async () => {
    const to = join(base, 'backup');
    mkdirSync(to);
    expect(await run('backup', '--data', whole, '--to', to)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${to} already exists`),
    });
    const other = join(base, 'data');
    mkdirSync(other);
    const lock = await DirectoryLock.acquire(other);
    lock.announce({ url: 'http://127.0.0.1:1', token: 'x' });
    expect(await run('backup', '--data', other, '--to', join(base, 'b.tar'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot be reached at http://127.0.0.1:1'),
    });
    lock.release();
    expect(readdirSync(base).sort()).toEqual(['backup', 'data']);
  });
});

describe('a data directory without a server', () => {
  let dataDir: string;
  let backup: string;
  /** One of its files. */
  let file: string;
  let saved: string;

  beforeAll(async () => {
    saved = mkdtempSync(join(tmpdir(), 'ips-saved-'));
    await run('backup', '--data', whole, '--to', join(saved, 'backup'));
    await run('restore', '--from', join(saved, 'backup'), '--data', join(saved, 'data'));
  });
  afterAll(() => rmSync(saved, { recursive: true, force: true }));
  beforeEach(() => {
    cpSync(saved, base, { recursive: true });
    dataDir = join(base, 'data');
    backup = join(base, 'backup');
    file = filesIn(dataDir).find((name) => statSync(join(dataDir, 'files', name)).size === 3) ?? '';
  });

  it('is backed up as it is', async () => {
    const to = join(base, 'again.tar');
    expect(await run('backup', '--data', dataDir, '--to', to)).toMatchObject({ code: 0, stderr: '' });
    const restored = join(base, 'restored');
    expect(await run('restore', '--from', to, '--data', restored)).toMatchObject({ code: 0 });
    expect(await stateOf(restored)).toEqual(contents.tables);
  });

  it('is backed up even if files are missing or damaged, which are named and known to the restore', async () => {
    const [first = '', second = ''] = filesIn(dataDir);
    rmSync(join(dataDir, 'files', first));
    appendFileSync(join(dataDir, 'files', second), 'x');
    const to = join(base, 'partial.tar');
    const made = await run('backup', '--data', dataDir, '--to', to);
    expect(made.code).toBe(1);
    expect(made.stderr).toContain(`missing: ${first.slice(6)}`);
    expect(made.stderr).toContain(`damaged: the content of ${second.slice(6)}`);
    const again = await run('restore', '--from', to, '--data', join(base, 'restored'));
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining(first.slice(6)) });
    expect(filesIn(join(base, 'restored'))).toEqual(filesIn(dataDir));
  });

  it('is checked: files that are missing, damaged or unowned', async () => {
    const other = filesIn(dataDir).find((name) => name !== file) ?? '';
    rmSync(join(dataDir, 'files', file));
    writeFileSync(join(dataDir, 'files', other), 'else');
    const files = new DirectoryFileStore(join(dataDir, 'files'));
    const { hash: arriving } = await files.put(Buffer.from('arriving'));
    const { hash: stray } = await files.put(Buffer.from('stray'));
    const old = new Date(Date.now() - 2 * DAY);
    utimesSync(await files.path(stray), old, old);
    const { code, stdout } = await run('check', '--data', dataDir, '--json');
    const owner = expect.stringMatching(/^asset a\|\d+ \(original_file\)$/);
    expect([code, JSON.parse(stdout)]).toEqual([
      1,
      {
        ok: false,
        files: filesIn(dataDir).length,
        named: filesIn(whole).length,
        missing: [{ hash: file.slice(6), owner }],
        damaged: [{ hash: other.slice(6), owner }],
        unowned: [stray],
      },
    ]);
    expect(stdout).not.toContain(arriving);
    const words = await run('check', '--data', dataDir);
    expect(words.stdout).toContain(`missing: ${file.slice(6)} of asset`);
    expect(words.stdout).toContain(`unowned: ${stray}`);
  });

  it('is neither checked nor backed up with the files of another one', async () => {
    const identity = '00000000-0000-4000-8000-000000000000';
    writeFileSync(join(dataDir, 'files/store-id'), `${identity}\n`);
    const words = new RegExp(
      `another store: its store-id is ${identity}, and the database remembers [0-9a-f-]{36}$`,
      'm',
    );
    expect(await run('check', '--data', dataDir)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(words),
    });
    const { stdout } = await run('check', '--data', dataDir, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, otherStore: expect.stringMatching(words) });
    expect(await run('backup', '--data', dataDir, '--to', join(base, 'other'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        `${join(dataDir, 'files')} is not the store of the files that belongs to the database: its store-id is ${identity}`,
      ),
    });
    // A volume that is not mounted.
    rmSync(join(dataDir, 'files'), { recursive: true });
    mkdirSync(join(dataDir, 'files'));
    expect(await run('backup', '--data', dataDir, '--to', join(base, 'none.tar'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /: it has no identity, and 0 of the \d+ files of the database\. If a volume/,
      ),
    });
    expect(readdirSync(base).sort()).toEqual(['backup', 'data']);
  });

  it('is whole although files are unowned, unless the check is strict', async () => {
    const files = new DirectoryFileStore(join(dataDir, 'files'));
    const { hash } = await files.put(Buffer.from('stray'));
    const old = new Date(Date.now() - 2 * DAY);
    utimesSync(await files.path(hash), old, old);
    expect(await run('check', '--data', dataDir)).toMatchObject({ code: 0 });
    expect(await run('check', '--data', dataDir, '--strict')).toMatchObject({ code: 1 });
  });

  it('cannot be checked or backed up with a damaged database', async () => {
    truncateSync(join(dataDir, 'database/global/pg_control'));
    for (const args of [['check'], ['backup', '--to', join(base, 'b')]])
      expect(await run(...args, '--data', dataDir)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('cannot be opened'),
      });
    rmSync(join(dataDir, 'database'), { recursive: true });
    for (const args of [['check'], ['backup', '--to', join(base, 'b')]])
      expect(await run(...args, '--data', dataDir)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('is missing or empty'),
      });
    expect(existsSync(join(base, 'b'))).toBe(false);
  });

  it('is replaced by a backup only where that was requested, and not while a server uses it', async () => {
    const extra = await new DirectoryFileStore(join(dataDir, 'files')).put(Buffer.from('extra'));
    const refused = await run('restore', '--from', backup, '--data', dataDir);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is not empty') });
    const used = await run('restore', '--from', backup, '--data', whole, '--replace');
    expect(used).toMatchObject({ code: 1, stderr: expect.stringContaining('is in use by process') });
    expect(filesIn(dataDir).join()).toContain(extra.hash);
    truncateSync(join(dataDir, 'database/global/pg_control'));
    expect(await run('restore', '--from', backup, '--data', dataDir, '--replace')).toMatchObject({ code: 0 });
    expect(filesIn(dataDir)).toEqual(filesIn(whole));
    expect(await stateOf(dataDir)).toEqual(contents.tables);
  });

  it.each<[string, RegExp, () => void]>([
    ['has no manifest', /is not a complete backup/, () => rmSync(join(backup, 'manifest.json'))],
    ['has another manifest', /is not a backup/, () => writeFileSync(join(backup, 'manifest.json'), '{}')],
    [
      'is of a later version',
      /of version 2/,
      () => {
        const text = readFileSync(join(backup, 'manifest.json'), 'utf8');
        writeFileSync(join(backup, 'manifest.json'), text.replace('"version": 1', '"version": 2'));
      },
    ],
    ['lacks its database', /database.tar is missing/, () => rmSync(join(backup, 'database.tar'))],
    [
      'has a damaged database',
      /database.tar is missing or damaged/,
      () => appendFileSync(join(backup, 'database.tar'), 'x'),
    ],
    ['lacks a file', /is not complete: found/, () => rmSync(join(backup, 'files', file))],
    [
      'has a damaged file',
      /does not match its hash/,
      () => writeFileSync(join(backup, 'files', file), 'xyz'),
    ],
    ['has a foreign file', /contains "evil"/, () => writeFileSync(join(backup, 'evil'), '')],
    ['has a file in another place', /contains "files\/x"/, () => writeFileSync(join(backup, 'files/x'), '')],
    ['has a link', /is not a file/, () => symlinkSync('/etc/passwd', join(backup, 'link'))],
  ])('takes nothing of a backup that %s', async (_, problem, damage) => {
    damage();
    const target = join(base, 'target');
    const { code, stderr } = await run('restore', '--from', backup, '--data', target);
    expect([code, stderr]).toEqual([1, expect.stringMatching(problem)]);
    expect(readdirSync(target)).toEqual(['owner.lock']);
  });

  it('takes nothing of an archive that ends early', async () => {
    const to = join(base, 'b.tar');
    await run('backup', '--data', dataDir, '--to', to);
    const { size } = statSync(to);
    for (const length of [0, 700, Math.floor(size / 2), size - 3000]) {
      const cut = join(base, `cut ${length}.tar`);
      cpSync(to, cut);
      truncateSync(cut, length);
      const target = join(base, `target ${length}`);
      expect(await run('restore', '--from', cut, '--data', target)).toMatchObject({ code: 1 });
      expect(readdirSync(target)).toEqual(['owner.lock']);
    }
  });
});

it.each([
  [['backup', '--data', 'x'], 'backup: --to is required'],
  [['restore', '--data', 'x'], 'restore: --from is required'],
  [['check', '--port', '1'], '--port'],
  [['check', 'x'], "'x'"],
])('refuses %j with code 2', async (args, words) => {
  expect(await run(...args)).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(words) });
});

describe('a backup of a PostgreSQL server', () => {
  /** Backs up with another program in place of pg_dump, and returns the error and what is left. */
  const withDump = async (context: TestContext, script: string, signal?: AbortSignal) => {
    const database = await freshDatabase(context);
    onTestFinished(() => database.drop());
    const directory = join(base, 'data');
    await (await createIpsServer({ dataDir: directory, databaseUrl: database.url })).stop();
    const bin = join(base, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'pg_dump'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const to = join(base, 'to/backup.tar');
    vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const error = await backUp({ directory, databaseUrl: database.url, to, signal }).catch(
      (reason: Error) => reason.message,
    );
    return { error, left: readdirSync(join(base, 'to')) };
  };

  it.runIf(process.platform === 'linux')(
    'fails when pg_dump is killed, and leaves nothing',
    async (context) => {
      const script = `for each; do case "$each" in --file=*) echo half > "\${each#--file=}";; esac; done
      kill -9 $$`;
      expect(await withDump(context, script)).toEqual({
        error: 'pg_dump ended with SIGKILL: ',
        left: [],
      });
    },
  );

  it.runIf(process.platform === 'linux')(
    'ends with its signal, pg_dump with it, and leaves nothing',
    async (context) => {
      const stop = new AbortController();
      const pid = join(base, 'pid');
      const waiting = vi.waitFor(() => expect(readFileSync(pid, 'utf8')).toMatch(/^\d+\n$/), 30_000);
      void waiting.then(() => stop.abort(new Error('interrupted')));
      const script = `for each; do case "$each" in --file=*) echo half > "\${each#--file=}";; esac; done
      echo $$ > ${pid}; exec sleep 600`;
      expect(await withDump(context, script, stop.signal)).toEqual({ error: 'interrupted', left: [] });
      expect(() => process.kill(Number(readFileSync(pid, 'utf8')), 0)).toThrow('ESRCH');
    },
  );
});

it('a PostgreSQL server is backed up by pg_dump', async (context) => {
  if (spawnSync('pg_dump', ['--version']).status !== 0) return context.skip('there is no pg_dump');
  const database = await freshDatabase(context);
  try {
    const dataDir = join(base, 'data');
    const shared = await createIpsServer({ dataDir, databaseUrl: database.url });
    const place = ['--data', dataDir, '--database-url', database.url];
    const made = await run('backup', ...place, '--to', join(base, 'backup'));
    expect(made).toMatchObject({ code: 0, stderr: '' });
    await shared.stop();
    expect(await run('check', ...place)).toMatchObject({ code: 0 });
    const restored = await run('restore', '--from', join(base, 'backup'), '--data', join(base, 'new'));
    expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining('pg_restore') });
    expect(filesIn(join(base, 'new'))).toEqual(filesIn(dataDir));
    const listed = spawnSync('pg_restore', ['--list', join(base, 'backup/database.pgdump')], {
      encoding: 'utf8',
    });
    expect(listed.stdout).toContain('TABLE DATA public companies');
    expect(listed.stdout).toContain('pgboss');
  } finally {
    await database.drop();
  }
});
