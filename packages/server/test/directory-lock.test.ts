// What the lock of a data directory says, and what it does with files that are not its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryInUseError, DirectoryLock, isOwnersFile } from '../src/db/directory-lock.js';
import { OsLock } from '../src/db/os-lock.js';

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

it('files about the owner are those that begin with its name', () => {
  expect(
    ['owner.json', 'owner.lock', 'owner.json.new', 'owners', 'files', 'an owner.json'].map(isOwnersFile),
  ).toEqual([true, true, true, false, false, false]);
});
