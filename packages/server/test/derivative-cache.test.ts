// Delivered images on disk: limits, damage, full disks, and those who wait for the same image.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { DerivativeCache } from '../src/files/derivative-cache.js';
import { Metrics } from '../src/metrics.js';

let root: string;
let metrics: Metrics;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ips-derivatives-'));
  metrics = new Metrics();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const cache = (limit = 1_000_000, at = root): DerivativeCache => new DerivativeCache(at, limit, metrics);
const key = (variant: string, name = 'shoe') => ({ companyId: 6, name, variant });
const bytes = (size: number, value = 7): Buffer => Buffer.alloc(size, value);
const files = (folder = root): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
const fileOf = (variant: string): string => files().find((path) => path.endsWith(`/${variant}`)) ?? '';
const never = (): Promise<Uint8Array> => Promise.reject(new Error('it is made again'));

async function count(outcome: string): Promise<number> {
  const { values } = await metrics.derivatives.get();
  return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
}

/** Work that ends when it is told to. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  let signal: AbortSignal | undefined;
  const make = vi.fn((given: AbortSignal) => {
    signal = given;
    given.addEventListener('abort', () => reject(given.reason));
    return promise;
  });
  return { make, resolve, isAborted: () => signal?.aborted };
}

/** Lets everything go on that can. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('delivered images on disk', () => {
  it('are there after a restart', async () => {
    await cache().get(key('a'), async () => bytes(100));
    const again = cache();
    expect(await again.get(key('a'), never)).toEqual(bytes(100));
    expect(await again.sizeOf(key('a'))).toBe(100);
    expect(await again.sizeOf(key('b'))).toBeUndefined();
    expect([await count('hit'), await count('miss')]).toEqual([1, 1]);
  });

  it.each<[string, (path: string) => void]>([
    ['truncated', (path) => truncateSync(path, 60)],
    ['short by one byte', (path) => truncateSync(path, statSync(path).size - 1)],
    ['empty', (path) => truncateSync(path, 0)],
    [
      'changed',
      (path) => {
        const content = readFileSync(path);
        content[50] = 8;
        writeFileSync(path, content);
      },
    ],
    ['longer', (path) => writeFileSync(path, Buffer.concat([readFileSync(path), bytes(5)]))],
    ['of another kind', (path) => writeFileSync(path, 'hello')],
    ['of zeros', (path) => writeFileSync(path, bytes(statSync(path).size, 0))],
  ])('are made again when the file is %s', async (_what, damage) => {
    await cache().get(key('a'), async () => bytes(100));
    damage(fileOf('a'));
    const next = cache();
    expect(await next.sizeOf(key('a'))).toBeUndefined();
    expect(await next.get(key('a'), async () => bytes(100, 9))).toEqual(bytes(100, 9));
    expect(await cache().get(key('a'), never)).toEqual(bytes(100, 9));
    expect(await count('damaged')).toBe(1);
  });

  it('are removed where they exceed the limit, those first that were not used for longest', async () => {
    const limit = 100_000;
    const first = cache(limit);
    for (const variant of ['a', 'b', 'c', 'd', 'e']) await first.get(key(variant), async () => bytes(18_000));
    for (const [index, variant] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      const time = new Date(Date.now() - 1_000_000 + index * 1000);
      utimesSync(fileOf(variant), time, time);
    }
    // A use is noted, also by another process.
    const second = cache(limit);
    await second.get(key('a'), never);
    await second.get(key('f'), async () => bytes(18_000));
    const total = files().reduce((sum, path) => sum + statSync(path).size, 0);
    expect(total).toBeLessThanOrEqual(limit * 0.8);
    expect(
      files()
        .map((path) => path.slice(-1))
        .sort(),
    ).toEqual(['a', 'd', 'e', 'f']);
    expect(await count('removed')).toBe(2);
    // What was removed is not used from memory either.
    expect(await second.get(key('b'), async () => bytes(5))).toEqual(bytes(5));
  });

  it('never take more than the limit and a twentieth of it', async () => {
    const limit = 50_000;
    const own = cache(limit);
    for (let index = 0; index < 60; index += 1) {
      await own.get(key(String(index), `image ${index % 7}`), async () => bytes(500 + (index % 9) * 900));
      const total = files().reduce((sum, path) => sum + statSync(path).size, 0);
      // One file more than what is measured.
      expect(total).toBeLessThanOrEqual(limit * 1.05 + 9000);
    }
  });

  it('are not kept where they are too large, or where nothing is to be kept', async () => {
    await cache(1000).get(key('a'), async () => bytes(300));
    await cache(0).get(key('a'), async () => bytes(3));
    await cache().get(key('a'), async () => bytes(3), 'bypass');
    expect(files()).toEqual([]);
  });

  it('are delivered though they cannot be written', async () => {
    writeFileSync(join(root, 'file'), '');
    const broken = cache(1_000_000, join(root, 'file'));
    expect(await broken.get(key('a'), async () => bytes(100))).toEqual(bytes(100));
    expect(await broken.get(key('a'), async () => bytes(100, 8))).toEqual(bytes(100, 8));
    expect(await count('unwritten')).toBe(2);
  });

  it.runIf(process.platform === 'linux')(
    'are delivered though their directory cannot be created',
    async () => {
      const broken = cache(1_000_000, '/proc/derivatives');
      expect(await broken.get(key('a'), async () => bytes(100))).toEqual(bytes(100));
      expect(await count('unwritten')).toBe(1);
    },
  );

  const mounts =
    process.platform === 'linux' &&
    process.getuid?.() === 0 &&
    spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

  it.runIf(mounts)('are delivered though the disk is full, and kept when there is room', async () => {
    const disk = mkdtempSync(join(tmpdir(), 'ips-small-disk-'));
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status).toBe(0);
    onTestFinished(() => {
      spawnSync('umount', ['--lazy', disk]);
      rmSync(disk, { recursive: true, force: true });
    });
    writeFileSync(join(disk, 'filler'), bytes(200_000));
    const own = cache(10_000_000, disk);
    expect(await own.get(key('a'), async () => bytes(120_000))).toEqual(bytes(120_000));
    expect(await count('unwritten')).toBe(1);
    // Nothing remains that would be taken for the image, or that takes room.
    expect(files(disk).map((path) => path.slice(disk.length))).toEqual(['/filler']);
    rmSync(join(disk, 'filler'));
    await own.get(key('a'), async () => bytes(120_000, 8));
    expect(await cache(10_000_000, disk).get(key('a'), never)).toEqual(bytes(120_000, 8));
  });

  it('are dropped with all variants of their image, also from memory and while they are made', async () => {
    const own = cache();
    for (const variant of ['a', 'b']) await own.get(key(variant, 'Shoe'), async () => bytes(9));
    await own.get(key('a', 'other'), async () => bytes(9));
    const { make, resolve } = work();
    const running = own.get(key('c'), make);
    await vi.waitFor(() => expect(make).toHaveBeenCalledOnce());
    await own.drop(6, 'SHOE');
    const { make: again, resolve: resolveAgain } = work();
    const next = own.get(key('c'), again);
    resolve(bytes(3, 1));
    expect(await running).toEqual(bytes(3, 1));
    await vi.waitFor(() => expect(again).toHaveBeenCalledOnce());
    resolveAgain(bytes(3, 2));
    expect(await next).toEqual(bytes(3, 2));
    expect(await own.get(key('c'), never)).toEqual(bytes(3, 2));
    expect(await own.get(key('a'), async () => bytes(4))).toEqual(bytes(4));
    expect(await own.get(key('a', 'other'), never)).toEqual(bytes(9));
  });
});

describe('an image that several wait for', () => {
  it('is made once', async () => {
    const own = cache();
    const { make, resolve } = work();
    const all = Array.from({ length: 5 }, () => own.get(key('a'), make));
    await vi.waitFor(async () => expect(await count('shared')).toBe(4));
    resolve(bytes(3));
    expect(await Promise.all(all)).toEqual(Array.from({ length: 5 }, () => bytes(3)));
    expect(make).toHaveBeenCalledOnce();
  });

  it('is made as long as one of them is there', async () => {
    const own = cache();
    const { make, resolve, isAborted } = work();
    const clients = [new AbortController(), new AbortController(), new AbortController()];
    const waiting = clients.map(({ signal }) => own.get(key('a'), make, 'keep', signal));
    const results = Promise.allSettled(waiting);
    await vi.waitFor(async () => expect(await count('shared')).toBe(2));
    // The one who began it, and another.
    clients[0]?.abort(new Error('gone'));
    clients[2]?.abort(new Error('gone'));
    await expect(waiting[2]).rejects.toThrow('gone');
    expect(isAborted()).toBe(false);
    resolve(bytes(3));
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    expect(await own.get(key('a'), never)).toEqual(bytes(3));
  });

  it('is given up when all have left, and made again for the next one', async () => {
    const own = cache();
    const { make, isAborted } = work();
    const clients = [new AbortController(), new AbortController()];
    const results = Promise.allSettled(clients.map(({ signal }) => own.get(key('a'), make, 'keep', signal)));
    await vi.waitFor(async () => expect(await count('shared')).toBe(1));
    for (const client of clients) client.abort(new Error('gone'));
    const next = own.get(key('a'), async () => bytes(4));
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(isAborted()).toBe(true);
    expect(await next).toEqual(bytes(4));
    expect(await count('abandoned')).toBe(1);
    const bypassed = work();
    const client = new AbortController();
    const last = own.get(key('b'), bypassed.make, 'bypass', client.signal);
    await vi.waitFor(() => expect(bypassed.make).toHaveBeenCalledOnce());
    client.abort(new Error('gone'));
    await expect(last).rejects.toThrow('gone');
    expect(existsSync(fileOf('b'))).toBe(false);
  });

  it('fails for all of them together', async () => {
    const own = cache();
    const failing = vi.fn(async () => {
      await settled();
      throw new Error('damaged');
    });
    const results = await Promise.allSettled([own.get(key('a'), failing), own.get(key('a'), failing)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await own.get(key('a'), async () => bytes(1))).toEqual(bytes(1));
  });
});
