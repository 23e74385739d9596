// A data directory has one owner, and a server does not start on one whose database is lost.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { restore } from '../src/backup/restore.js';
import { createIpsServer } from '../src/create-server.js';
import { DirectoryInUseError, DirectoryLock } from '../src/db/directory-lock.js';
import { holdsLocks, OsLock, PROBE_EXIT, probeArguments, probeLock } from '../src/db/os-lock.js';
import { beginReplacement, finishReplacement } from '../src/db/replacement.js';
import { openStore } from '../src/db/store.js';
import { unpackDatabase } from '../src/db/template.js';
import { DirectoryFileStore } from '../src/files/file-store.js';
import { makeDirectory } from '../src/files/make-directory.js';
import { runCommand } from './support/server-process.js';

const POSIX = process.platform !== 'win32';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ips-data-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the owner of a data directory', () => {
  it('is one of six processes that meet what a killed one left, even with equal numbers', () => {
    const scenario = fileURLToPath(new URL('../torture/one-owner.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', scenario, '--short'], {
      encoding: 'utf8',
    });
    expect([status, stdout, stderr]).toEqual([0, expect.stringContaining('lost: 0'), '']);
  });

  it('keeps others in its own process out, who say whose it is, until it lets go', async () => {
    const lock = await DirectoryLock.acquire(dataDir);
    const refusal = await DirectoryLock.acquire(dataDir).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DirectoryInUseError);
    expect((refusal as Error).message).toMatch(
      `the data directory ${dataDir} is in use by process ${process.pid} on host ${hostname()} since 2`,
    );
    // The attempt that failed has not opened it to another process.
    expect(await probeLock(join(dataDir, 'owner.lock'))).toBe('refused');
    lock.release();
    expect(await probeLock(join(dataDir, 'owner.lock'))).toBe('acquired');
    (await DirectoryLock.acquire(dataDir)).release();
    expect(readdirSync(dataDir)).toEqual(['owner.lock']);
  });

  it('is whoever has the lock, whatever a file says', async () => {
    const dead = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    writeFileSync(join(dataDir, 'owner.json'), JSON.stringify(dead));
    (await DirectoryLock.acquire(dataDir)).release();
    const lock = await OsLock.tryAcquire(join(dataDir, 'owner.lock'));
    for (const text of ['', 'null', '{"pid":"x"}', '{"pid":']) {
      writeFileSync(join(dataDir, 'owner.json'), text);
      await expect(DirectoryLock.acquire(dataDir)).rejects.toThrow('is in use by another process');
    }
    lock?.release();
  });

  it('is nobody where a second process gets the same lock', async () => {
    await expect(DirectoryLock.acquire(dataDir, async () => 'acquired')).rejects.toThrow(
      'with unreliable locks',
    );
    // Where that cannot be tried, the word of the system counts.
    (await DirectoryLock.acquire(dataDir, async () => 'unknown')).release();
  });

  it('is not a probe that outlived the process for which it tries the lock', () => {
    const file = join(dataDir, 'owner.lock');
    const probe = (parent: number): number | null =>
      spawnSync(process.execPath, probeArguments(file, parent)).status;
    expect(probe(process.pid)).toBe(PROBE_EXIT.acquired);
    expect(Object.values(PROBE_EXIT)).not.toContain(probe(process.pid + 1));
  });

  it('is not probed for where the kernel keeps the locks', async () => {
    expect(holdsLocks(tmpdir(), 'darwin')).toBe(false);
    expect(holdsLocks('/nowhere/at/all', 'linux')).toBe(false);
    // Files of the kernel itself, which nobody can lock.
    if (process.platform === 'linux') expect(holdsLocks('/proc')).toBe(false);
  });

  it.skipIf(process.platform !== 'linux' || statfsSync(tmpdir()).type !== 0xef53)(
    'is known on ext4 without another process',
    async () => {
      expect(holdsLocks(dataDir)).toBe(true);
      const { execPath } = process;
      try {
        // A process that would be started ends at once and with the code of one that was given the lock.
        process.execPath = join(dataDir, 'probe');
        writeFileSync(process.execPath, `#!/bin/sh\nexit ${PROBE_EXIT.acquired}\n`, { mode: 0o755 });
        (await DirectoryLock.acquire(dataDir)).release();
      } finally {
        process.execPath = execPath;
      }
    },
  );

  it('is nobody where the directory cannot be locked', async () => {
    mkdirSync(join(dataDir, 'owner.lock'));
    await expect(DirectoryLock.acquire(dataDir)).rejects.toThrow(`${dataDir} cannot be locked: `);
  });
});

describe('a data directory that has lost its database', () => {
  let whole: string;

  beforeAll(async () => {
    whole = mkdtempSync(join(tmpdir(), 'ips-whole-'));
    await (await createIpsServer({ dataDir: whole })).stop();
  });
  afterAll(() => rmSync(whole, { recursive: true, force: true }));

  it.each<[string, RegExp, (database: string) => void]>([
    ['is missing', /is missing or empty/, (database) => rmSync(database, { recursive: true })],
    [
      'is an empty directory',
      /is missing or empty/,
      (database) => {
        rmSync(database, { recursive: true });
        mkdirSync(database);
      },
    ],
    ['has lost its version', /has no PG_VERSION/, (database) => rmSync(join(database, 'PG_VERSION'))],
    [
      'has an empty file',
      /cannot be opened/,
      (database) => truncateSync(join(database, 'global/pg_control')),
    ],
    [
      'has lost a folder',
      /cannot be opened/,
      (database) => rmSync(join(database, 'base'), { recursive: true }),
    ],
  ])('refuses to start when it %s, names the way out, and changes no file', async (_, problem, damage) => {
    cpSync(whole, dataDir, { recursive: true });
    damage(join(dataDir, 'database'));
    const files = readdirSync(join(dataDir, 'files'), { recursive: true });
    for (const attempt of [1, 2]) {
      const refusal = await createIpsServer({ dataDir }).catch((error: unknown) => error);
      expect((refusal as Error).message, `attempt ${attempt}`).toMatch(problem);
      expect((refusal as Error).message).toContain(
        `ips-server restore --from BACKUP --data ${dataDir} --replace`,
      );
    }
    expect(readdirSync(join(dataDir, 'files'), { recursive: true })).toEqual(files);
    // The lock is free again.
    (await DirectoryLock.acquire(dataDir)).release();
  });

  it('refuses to start when the database is a new one', async () => {
    await (await openStore({ kind: 'directory', path: dataDir })).close();
    await new DirectoryFileStore(join(dataDir, 'files')).put(Buffer.from('mine'));
    await expect(createIpsServer({ dataDir })).rejects.toThrow('the database is empty');
    rmSync(join(dataDir, 'files'), { recursive: true });
    await (await createIpsServer({ dataDir })).stop();
  });
});

describe('what a restore left', () => {
  const put = (directory: string, name: string, text: string) => {
    mkdirSync(join(dataDir, directory, name), { recursive: true });
    writeFileSync(join(dataDir, directory, name, text), '');
  };
  const at = (name: string) => readdirSync(join(dataDir, name));

  it('is discarded when it was not complete', () => {
    put('.', 'database', 'old');
    beginReplacement(dataDir);
    put('restore.incoming', 'database', 'new');
    finishReplacement(dataDir);
    expect([readdirSync(dataDir), at('database')]).toEqual([['database'], ['old']]);
  });

  it.each([0, 1, 2, 3, 4])('is put in place when it was complete, from state %i of its way', (state) => {
    // The states that a process leaves that dies between two of its steps.
    const steps = [
      () => cpSync(join(dataDir, 'files'), join(dataDir, 'restore.replaced/files'), { recursive: true }),
      () => rmSync(join(dataDir, 'files'), { recursive: true }),
      () => {
        cpSync(join(dataDir, 'restore.incoming/files'), join(dataDir, 'files'), { recursive: true });
        rmSync(join(dataDir, 'restore.incoming/files'), { recursive: true });
      },
      () => rmSync(join(dataDir, 'database'), { recursive: true }),
    ];
    beginReplacement(dataDir);
    for (const name of ['files', 'database']) {
      put('.', name, 'old');
      put('restore.incoming', name, 'new');
    }
    writeFileSync(join(dataDir, 'restore.incoming/complete'), '');
    for (const step of steps.slice(0, state)) step();
    finishReplacement(dataDir);
    expect([readdirSync(dataDir), at('database'), at('files')]).toEqual([
      ['database', 'files'],
      ['new'],
      ['new'],
    ]);
  });
});

it('the archive of a database cannot write outside its directory', () => {
  const header = Buffer.alloc(1536);
  header.write('../evil', 0);
  header.write('00000000001\0', 124);
  expect(() => unpackDatabase(header, join(dataDir, 'database'))).toThrow('the path "../evil"');
  expect(existsSync(join(dataDir, 'evil'))).toBe(false);
});

describe.runIf(POSIX)('what is in a data directory', () => {
  it('can be read by its owner only', async () => {
    const directory = join(dataDir, 'new');
    const server = await createIpsServer({ dataDir: directory });
    const open = readdirSync(directory, { recursive: true, encoding: 'utf8' })
      // The database's own directory is closed to others; what PGlite creates in there later has the modes that it chooses.
      .filter((name) => !name.startsWith('database/'))
      .filter((name) => (statSync(join(directory, name)).mode & 0o077) !== 0);
    await server.stop();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(open).toEqual([]);
  });

  it('is used with a warning when others can reach it', async () => {
    chmodSync(dataDir, 0o755);
    const lines: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
    await (await createIpsServer({ dataDir, logger })).stop();
    expect(lines.join('')).toContain('chmod 700');
    chmodSync(dataDir, 0o700);
    lines.length = 0;
    await (await createIpsServer({ dataDir, logger })).stop();
    expect(lines).toEqual([]);
  });
});

describe('a data directory that cannot be created', () => {
  const cases: (readonly [string, () => string, RegExp])[] = [
    [
      'below a file',
      () => join(aFile(), 'data', 'more'),
      /the data directory \S+more cannot be used: \S+a-file is a file, expected a directory$/,
    ],
    ['that is a file', aFile, /cannot be used: \S+a-file is a file, expected a directory$/],
    [
      'that is a link to nothing',
      () => {
        symlinkSync(join(dataDir, 'nothing'), join(dataDir, 'link'));
        return join(dataDir, 'link');
      },
      /cannot be used: \S+link cannot be created: it is a link to nothing$/,
    ],
    [
      'with a long name',
      () => join(dataDir, 'x'.repeat(300)),
      /cannot be used: \S+ cannot be created: the path is too long$/,
    ],
  ];
  // The kernel answers that a parent is missing which exists; Node's own function never ends there.
  if (process.platform === 'linux')
    cases.push(
      [
        'in /proc',
        () => '/proc/ips/data',
        /\/proc\/ips cannot be created: its file system does not permit it$/,
      ],
      ['in /sys', () => '/sys/ips', /\/sys\/ips cannot be created: (?:its file system|permission denied)/],
    );

  function aFile(): string {
    writeFileSync(join(dataDir, 'a-file'), '');
    return join(dataDir, 'a-file');
  }

  it.each(POSIX ? cases : [])('%s, is refused in words', async (_what, path, words) => {
    const given = path();
    await expect(createIpsServer({ dataDir: given, console: false })).rejects.toThrow(words);
    await expect(restore({ from: dataDir, directory: given })).rejects.toThrow(words);
  });

  it('ends the command with 1', async () => {
    const { code, stderr } = await runCommand(['--data', join(aFile(), 'data'), '--port', '0']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /the data directory \S+ cannot be used: \S+a-file is a file, expected a directory\n$/,
      ),
    ]);
  });

  it.runIf(process.platform === 'linux')('is refused as the target of a backup', async () => {
    await (await createIpsServer({ dataDir, console: false })).stop();
    const { code, stderr } = await runCommand(['backup', '--data', dataDir, '--to', '/proc/ips/b.tar']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/\/proc\/ips cannot be created: its file system does not permit it\n$/),
    ]);
  });

  it('is created with all its parents, for its owner only', async () => {
    const path = join(dataDir, 'a', 'b');
    await Promise.all([makeDirectory(path, 0o700), makeDirectory(path, 0o700)]);
    if (POSIX) expect(statSync(join(dataDir, 'a')).mode & 0o777).toBe(0o700);
    expect(statSync(path).isDirectory()).toBe(true);
  });
});
