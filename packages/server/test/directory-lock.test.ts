// What the lock of a data directory says, and what it does with files that are not its own.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryInUseError, DirectoryLock, isOwnersFile } from '../src/db/directory-lock.js';
import { holdsLocks, OsLock, type ProbeResult, probeArguments, probeLock } from '../src/db/os-lock.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ips-lock-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function refused(): Promise<DirectoryInUseError> {
  const error = await DirectoryLock.acquire(directory).catch((reason: unknown) => reason);
  if (!(error instanceof DirectoryInUseError)) throw new Error(`found ${error}`);
  return error;
}

describe('the owner of a data directory', () => {
  it('shows who it is, and the address for commands when it has one', async () => {
    const lock = await DirectoryLock.acquire(directory);
    try {
      expect((await refused()).owner).toMatchObject({ pid: process.pid });
      expect((await refused()).owner?.control).toBeUndefined();
      const control = { url: 'http://127.0.0.1:1', token: 'secret' };
      lock.announce(control);
      const { owner, message } = await refused();
      expect(owner).toMatchObject({ pid: process.pid, control });
      expect(message).toContain(`process ${process.pid} on host`);
      expect(message).not.toContain('secret');
    } finally {
      lock.release();
    }
    (await DirectoryLock.acquire(directory)).release();
  });

  it.each([
    '',
    'null',
    '[]',
    '"x"',
    '{"pid":"1","host":"h","since":"s"}',
    '{"pid":1,"host":2,"since":"s"}',
    '{"pid":1,"host":"h"}',
    '{"pid":1',
  ])('is another process while its file says %s', async (content) => {
    const lock = await DirectoryLock.acquire(directory);
    try {
      writeFileSync(join(directory, 'owner.json'), content);
      const { owner, message } = await refused();
      expect([owner, message.includes('is in use by another process;')]).toEqual([undefined, true]);
    } finally {
      lock.release();
    }
  });
});

describe('a file that is no lock', () => {
  it('is not called a lock that somebody holds', async () => {
    const file = join(directory, 'owner.lock');
    writeFileSync(file, 'not a database '.repeat(1000));
    for (let attempt = 0; attempt < 3; attempt += 1)
      await expect(DirectoryLock.acquire(directory)).rejects.toThrow(/cannot be locked: .*not a database/);
  });

  it('leaves nothing open when it cannot be locked', async () => {
    const file = join(directory, 'owner.lock');
    writeFileSync(file, 'not a database '.repeat(1000));
    await expect(OsLock.tryAcquire(file)).rejects.toThrow();
    rmSync(file);
    const lock = await OsLock.tryAcquire(file);
    expect(lock).toBeDefined();
    expect(await OsLock.tryAcquire(file)).toBeUndefined();
    lock?.release();
  });
});

describe('the description of the owner', () => {
  const file = (): string => join(directory, 'owner.json');

  it('is written at once and as a whole, for this user only, and removed at the end', async () => {
    const lock = await DirectoryLock.acquire(directory);
    const { since, ...rest } = JSON.parse(readFileSync(file(), 'utf8')) as { since: string };
    expect(rest).toEqual({ pid: process.pid, host: hostname() });
    expect(new Date(since).toISOString()).toBe(since);
    expect(readdirSync(directory).sort()).toEqual(['owner.json', 'owner.lock']);
    if (process.platform !== 'win32')
      expect(
        ['owner.json', 'owner.lock'].map((name) => statSync(join(directory, name)).mode & 0o777),
      ).toEqual([0o600, 0o600]);
    lock.announce({ url: 'http://127.0.0.1:1', token: 'secret' });
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({
      ...rest,
      since,
      control: { url: 'http://127.0.0.1:1', token: 'secret' },
    });
    lock.release();
    expect(existsSync(file())).toBe(false);
  });

  it('keeps nothing locked if it cannot be written', async () => {
    // A folder is in its place.
    const lock = await DirectoryLock.acquire(directory);
    lock.release();
    mkdirSync(join(file(), 'a'), { recursive: true });
    await expect(DirectoryLock.acquire(directory)).rejects.toThrow(/owner\.json/);
    rmSync(file(), { recursive: true });
    (await DirectoryLock.acquire(directory)).release();
  });

  it('may be gone with its directory', async () => {
    const lock = await DirectoryLock.acquire(directory);
    rmSync(directory, { recursive: true });
    lock.release();
    await expect(DirectoryLock.acquire(directory)).rejects.toThrow(
      /cannot be locked: .*; use a writable file system with support for locks$/,
    );
  });
});

describe('a lock', () => {
  it.each<[ProbeResult, boolean]>([
    ['refused', true],
    ['unknown', true],
    ['acquired', false],
  ])('whose probe answers %s is one: %s', async (answer, isLocked) => {
    const probed: string[] = [];
    const acquired = DirectoryLock.acquire(directory, async (file) => {
      probed.push(file);
      return answer;
    });
    if (isLocked) {
      const lock = await acquired;
      await refused();
      lock.release();
    } else {
      await expect(acquired).rejects.toThrow('a second process acquired the same lock');
    }
    expect(probed).toEqual([join(directory, 'owner.lock')]);
    // It is free again.
    (await DirectoryLock.acquire(directory)).release();
    expect(existsSync(join(directory, 'owner.json'))).toBe(false);
  });

  it('is refused to another process while it is held', async () => {
    const file = join(directory, 'owner.lock');
    const lock = await OsLock.tryAcquire(file);
    expect(await probeLock(file)).toBe('refused');
    lock?.release();
    expect(await probeLock(file)).toBe('acquired');
    // A folder is no file to lock.
    expect(await probeLock(directory)).toBe('unknown');
    const { execPath } = process;
    try {
      process.execPath = join(directory, 'nothing');
      expect(await probeLock(file)).toBe('unknown');
    } finally {
      process.execPath = execPath;
    }
  });

  it('is probed in the name of a process', () => {
    const [quiet, evaluate, script, file, parent, ...more] = probeArguments('/a/file', 5);
    expect([quiet, evaluate, file, parent, more]).toEqual(['--no-warnings', '-e', '/a/file', '5', []]);
    expect(script).toContain('node:sqlite');
  });

  it('is not probed where the kernel of Linux keeps it', () => {
    expect(holdsLocks('/proc', 'linux')).toBe(false);
    expect(holdsLocks(join(directory, 'nothing'), 'linux')).toBe(false);
    for (const platform of ['win32', 'darwin'] as const) expect(holdsLocks(directory, platform)).toBe(false);
  });

  it('warns of nothing that Node.js says about its SQLite, and of everything else', async () => {
    const { emitWarning } = process;
    const warned: unknown[] = [];
    process.emitWarning = ((warning: unknown) => void warned.push(warning)) as typeof emitWarning;
    try {
      const own = process.emitWarning;
      const acquiring = OsLock.tryAcquire(join(directory, 'a'));
      process.emitWarning('SQLite is an experimental feature and might change at any time');
      process.emitWarning('something else');
      (await acquiring)?.release();
      expect([warned, process.emitWarning === own]).toEqual([['something else'], true]);
    } finally {
      process.emitWarning = emitWarning;
    }
  });
});

it('files about the owner are those that begin with its name', () => {
  expect(
    ['owner.json', 'owner.lock', 'owner.json.new', 'owners', 'files', 'an owner.json'].map(isOwnersFile),
  ).toEqual([true, true, true, false, false, false]);
});
