// What mutation tests found untested in the hashing of passwords and the delays of logins: see docs/mutation.md.
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Metrics } from '../src/metrics.js';
import { HashPool } from '../src/passwords/hash-pool.js';
import type { DeriveRequest } from '../src/passwords/hash-worker.js';
import { FORGET_AFTER, FREE_FAILURES, LoginDelays, MAX_GUESSES } from '../src/passwords/login-delays.js';
import { Logins } from '../src/passwords/logins.js';
import { PasswordHasher } from '../src/passwords/password-hasher.js';
import { generatePassword, MAX_PASSWORD, passwordProblem } from '../src/passwords/password-rules.js';
import {
  costOf,
  KEY_BYTES,
  MAX_COST,
  NO_PASSWORD,
  readHash,
  workOf,
  writeHash,
} from '../src/passwords/stored-hash.js';

const COST = 8;

afterEach(() => {
  vi.restoreAllMocks();
});

function hasherOf(cost = COST): PasswordHasher {
  const hasher = new PasswordHasher({ cost });
  onTestFinished(() => hasher.close());
  return hasher;
}

describe('a check of a password', () => {
  it('takes the same hashes for whomever, and whatever is stored', async () => {
    const derive = vi.spyOn(HashPool.prototype, 'derive');
    const hasher = hasherOf();
    const [current, cheaper] = [await hasher.hash('right', 'a'), await hasherOf(COST - 3).hash('right', 'a')];
    derive.mockClear();
    const attempts: readonly (readonly [string, string | undefined, boolean])[] = [
      ['right', current, true],
      ['wrong', current, false],
      ['right', cheaper, true],
      ['wrong', cheaper, false],
      ['wrong', undefined, false],
      ['wrong', NO_PASSWORD, false],
      ['wrong', 'no hash', false],
      ['x'.repeat(MAX_PASSWORD + 1), current, false],
    ];
    const work: number[] = [];
    for (const [password, stored, isRight] of attempts) {
      expect(await hasher.verify(password, stored, 'a'), `${password} ${stored}`).toBe(isRight);
      expect(derive).toHaveBeenCalledTimes(1);
      const requests = derive.mock.calls[0]?.[1] ?? [];
      expect(requests.every(({ password }) => password.length <= MAX_PASSWORD)).toBe(true);
      work.push(requests.reduce((sum, request) => sum + workOf(request), 0));
      derive.mockClear();
    }
    const wanted = workOf(costOf(COST));
    for (const each of work) {
      expect(each / wanted).toBeGreaterThan(0.93);
      expect(each / wanted).toBeLessThanOrEqual(1);
    }
    // A hash of today is one hash, and a missing one is the same.
    expect([work[0], work[1], work[4]]).toEqual([wanted, wanted, wanted]);
  });

  it('accepts no key of another length, nor a hash beside other text', async () => {
    const hash = await hasherOf().hash('right', 'a');
    const [, N = '', r = '', p = '', salt = '', key = ''] = hash.split('$');
    const written = (...parts: string[]): string => ['scrypt', ...parts].join('$');
    expect(readHash(written(N, r, p, salt, key))).toBeDefined();
    for (const text of [
      ` ${hash}`,
      `${hash} `,
      `x${hash}`,
      written(N, r, p, salt, Buffer.alloc(KEY_BYTES - 1).toString('base64')),
      written(N, r, p, salt, Buffer.alloc(KEY_BYTES + 1).toString('base64')),
      written('1', r, p, salt, key),
      written('3', r, p, salt, key),
      written(N, '0', p, salt, key),
      written(N, r, '0', salt, key),
      written(String(2 ** MAX_COST), '9', '1', salt, key),
      written(String(2 ** MAX_COST), '8', '2', salt, key),
    ])
      expect(readHash(text), text).toBeUndefined();
    for (const cost of [
      { N: 2, r: 1, p: 1 },
      { N: 16, r: 12, p: 10 },
      { N: 2 ** MAX_COST, r: 8, p: 1 },
    ]) {
      const read = readHash(writeHash({ cost, salt: Buffer.alloc(16), key: Buffer.alloc(KEY_BYTES) }));
      expect(read?.cost).toEqual(cost);
    }
    expect(costOf(MAX_COST).N).toBe(2 ** MAX_COST);
  });
});

describe('the threads that hash', () => {
  const request = (password: string, N = 16): DeriveRequest => ({
    ...{ password, salt: Buffer.alloc(16), length: KEY_BYTES },
    ...{ N, r: 8, p: 1 },
  });

  it('continue after a hash that cannot be made', async () => {
    const pool = new HashPool({ threads: 1 });
    onTestFinished(() => pool.close());
    const all = await Promise.allSettled([
      pool.derive('a', [request('a', 3)]),
      pool.derive('a', [request('a')]),
    ]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(String((all[0] as PromiseRejectedResult).reason)).toMatch(/could not be hashed: /);
  });

  it('are replaced when they end, and what waits is done', async () => {
    const waiting: number[] = [];
    const pool = new HashPool({ threads: 1, onWaiting: (count) => waiting.push(count) });
    onTestFinished(() => pool.close());
    vi.spyOn(Worker.prototype, 'postMessage').mockImplementationOnce(function (this: Worker) {
      void this.terminate();
    });
    const all = await Promise.allSettled([
      pool.derive('a', [request('a')]),
      pool.derive('a', [request('b')]),
    ]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(String((all[0] as PromiseRejectedResult).reason)).toMatch(/password hashing thread exited/);
    expect(waiting).toEqual([1, 0]);
  });
});

describe('delays of logins', () => {
  const failing = (delays: LoginDelays, times: number, now: number): void => {
    for (let time = 0; time < times; time += 1) delays.begin('a', now);
  };

  it('take back attempts that were not checked, each once', () => {
    const delays = new LoginDelays();
    delays.takeBack('a', 0);
    failing(delays, FREE_FAILURES + 1, 0);
    expect(delays.delay('a', 0)).toBe(2);
    delays.takeBack('a', 0);
    expect(delays.delay('a', 0)).toBe(1);
    for (let time = 0; time < FREE_FAILURES - 1; time += 1) delays.takeBack('a', 0);
    // One is left.
    failing(delays, FREE_FAILURES - 2, 0);
    expect(delays.delay('a', 0)).toBe(0);
    failing(delays, 1, 0);
    expect(delays.delay('a', 0)).toBe(1);
    const other = new LoginDelays();
    failing(other, 1, 0);
    other.takeBack('a', 0);
    failing(other, FREE_FAILURES - 1, 0);
    expect(other.delay('a', 0)).toBe(0);
  });

  it('forget failures that are as old as that', () => {
    const delays = new LoginDelays();
    failing(delays, FREE_FAILURES + 3, 0);
    failing(delays, 1, FORGET_AFTER - 1);
    expect(delays.delay('a', FORGET_AFTER - 1)).toBe(16);
    failing(delays, FREE_FAILURES - 1, 2 * FORGET_AFTER - 1);
    expect(delays.delay('a', 2 * FORGET_AFTER - 1)).toBe(0);
  });

  it('spare whoever is logged in, up to a number of guesses in an hour', () => {
    const HOUR = 3_600_000;
    const delays = new LoginDelays();
    expect(delays.isSpared('a', 0)).toBe(false);
    delays.guess('a', 0);
    delays.know('a', 0);
    for (let guess = 0; guess < MAX_GUESSES; guess += 1) {
      expect(delays.isSpared('a', 0)).toBe(true);
      delays.guess('a', 0);
    }
    expect([delays.isSpared('a', 0), delays.isSpared('a', HOUR - 1)]).toEqual([false, false]);
    expect(delays.isSpared('a', HOUR)).toBe(true);
    // The next guess begins another hour.
    delays.guess('a', HOUR);
    for (let guess = 1; guess < MAX_GUESSES; guess += 1) delays.guess('a', HOUR);
    expect(delays.isSpared('a', HOUR)).toBe(false);
    delays.clear();
    expect([delays.isSpared('a', 2 * HOUR), delays.delay('a', HOUR)]).toEqual([false, 0]);
  });

  it('end when they are forgotten', () => {
    const delays = new LoginDelays();
    failing(delays, FREE_FAILURES + 4, 0);
    delays.clear();
    expect(delays.delay('a', 0)).toBe(0);
  });
});

describe('a remembered login', () => {
  it('is one whose hash was just made, and keeps its place at its address', async () => {
    const derive = vi.spyOn(HashPool.prototype, 'derive');
    const logins = new Logins({ cost: COST, metrics: new Metrics() });
    onTestFinished(() => logins.close());
    const attempt = { user: ' Ann ', password: 'right', stored: 'hash', address: 'a', now: new Date(0) };
    logins.remember('ann', 'right', 'hash');
    expect(await logins.check(attempt)).toBe(true);
    expect(derive).not.toHaveBeenCalled();
    for (let time = 0; time < FREE_FAILURES; time += 1)
      expect(await logins.check({ ...attempt, password: `wrong ${time}` })).toBe(false);
    await expect(logins.check({ ...attempt, password: 'wrong' })).rejects.toThrow('too many failed logins');
    expect(await logins.check(attempt)).toBe(true);
    logins.forgetFailures();
    expect(await logins.check({ ...attempt, password: 'wrong' })).toBe(false);
  });

  it('is renewed again after a renewal that failed', async () => {
    const logins = new Logins({ cost: COST, metrics: new Metrics() });
    onTestFinished(() => logins.close());
    const stored = await hasherOf(COST - 1).hash('right', 'a');
    const attempt = { user: 'ann', password: 'right', stored, address: 'a', now: new Date(0) };
    vi.spyOn(PasswordHasher.prototype, 'hash').mockRejectedValueOnce(new Error('no thread'));
    await expect(logins.renewed(attempt)).rejects.toThrow('no thread');
    const renewed = await logins.renewed(attempt);
    expect(readHash(renewed ?? '')?.cost).toEqual(costOf(COST));
    expect(await logins.renewed({ ...attempt, stored: renewed })).toBeUndefined();
    expect(await logins.renewed({ ...attempt, stored: undefined })).toBeUndefined();
  });
});

describe('rules for passwords', () => {
  it('are about length and kinds of characters', () => {
    expect(passwordProblem('Aa34567')).toBe('at least 8 characters');
    expect(passwordProblem('Aa345678')).toBeUndefined();
    expect(passwordProblem(`A${'a'.repeat(MAX_PASSWORD - 1)}`)).toBeUndefined();
    expect(passwordProblem(`A${'a'.repeat(MAX_PASSWORD)}`)).toBe(`at most ${MAX_PASSWORD} characters`);
    for (const one of ['abcdefgh', 'ABCDEFGH', '12345678', '!!!!!!!!'])
      expect(passwordProblem(one), one).toMatch(/at least two kinds/);
    for (const two of ['abcdefgH', 'ABCDEFG1', '1234567!', '!!!!!!!a'])
      expect(passwordProblem(two), two).toBeUndefined();
  });

  it('are kept by generated ones, in no fixed order', () => {
    const made = Array.from({ length: 200 }, generatePassword);
    expect(new Set(made).size).toBe(200);
    for (const password of made) expect(passwordProblem(password)).toBeUndefined();
    // Were the kinds not mixed, each place would have one kind.
    const kindsAt = (place: number) => new Set(made.map((text) => /[a-z]/.test(text[place] ?? '')));
    expect([...Array(made[0]?.length ?? 0).keys()].map((place) => kindsAt(place).size)).toEqual(
      Array(made[0]?.length ?? 0).fill(2),
    );
  });
});
