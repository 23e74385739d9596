// The bounds on passwords: how many are hashed, how often one may be wrong, and what a server remembers.
import { describe, expect, it, onTestFinished } from 'vitest';
import { Metrics } from '../src/metrics.js';
import { FairQueue } from '../src/passwords/fair-queue.js';
import { HashOverloadError } from '../src/passwords/hash-pool.js';
import {
  FORGET_AFTER,
  FREE_FAILURES,
  LoginDelays,
  MAX_DELAY,
  MAX_GUESSES,
} from '../src/passwords/login-delays.js';
import { LoginDelayError, Logins } from '../src/passwords/logins.js';
import { PasswordHasher } from '../src/passwords/password-hasher.js';
import { MAX_PASSWORD, passwordProblem } from '../src/passwords/password-rules.js';
import { RecentMap } from '../src/passwords/recent.js';
import { costOf, DEFAULT_COST, padding, readHash, workOf } from '../src/passwords/stored-hash.js';
import { storedHashOf, TEST_COST } from './support/password-hash.js';

const password = 'Sunny-Day-42';
const start = Date.parse('2026-03-01T12:00:00Z');

function hasherOf(options: { cost?: number; threads?: number } = {}): PasswordHasher {
  const hasher = new PasswordHasher({ cost: TEST_COST, ...options });
  onTestFinished(() => hasher.close());
  return hasher;
}

function loginsOf(options: { cost?: number; threads?: number } = {}) {
  const metrics = new Metrics();
  const logins = new Logins({ metrics, cost: TEST_COST, ...options });
  onTestFinished(() => logins.close());
  const stored = storedHashOf(password);
  let now = start;
  return {
    logins,
    stored,
    move: (milliseconds: number) => {
      now += milliseconds;
    },
    login: (given: Partial<Parameters<Logins['check']>[0]> = {}) =>
      logins.check({
        user: 'ann@example.com',
        password,
        stored,
        address: '192.0.2.1',
        now: new Date(now),
        ...given,
      }),
    outcomes: async () =>
      Object.fromEntries(
        (await metrics.logins.get()).values.map(({ labels, value }) => [labels.outcome, value]),
      ),
  };
}

const wrong = (number: number) => ({ password: `wrong ${number}` });

describe('stored hashes', () => {
  it('have the cost that OWASP recommends by default, in the hash', async () => {
    const hash = readHash(await hasherOf({ cost: DEFAULT_COST }).hash(password, 'x'));
    expect(hash?.cost).toEqual({ N: 2 ** 17, r: 8, p: 1 });
  });

  it('match their password in any Unicode form, and no other', async () => {
    const hasher = hasherOf();
    const stored = await hasher.hash('Sünny-Däy'.normalize('NFD'), 'x');
    expect(await hasher.verify('Sünny-Däy'.normalize('NFC'), stored, 'x')).toBe(true);
    expect(await hasher.verify('Sünny-Day', stored, 'x')).toBe(false);
    expect(await hasher.verify('', stored, 'x')).toBe(false);
    expect(await hasher.hash('Sünny-Däy', 'x')).not.toBe(stored);
  });

  it('of any cost are checked, and lower costs are recognized', async () => {
    const hasher = hasherOf({ cost: 8 });
    for (const cost of [2, 7, 8, 9]) {
      const stored = storedHashOf(password, cost);
      expect(await hasher.verify(password, stored, 'x')).toBe(true);
      expect(await hasher.verify('wrong', stored, 'x')).toBe(false);
      expect(hasher.isOutdated(stored)).toBe(cost < 8);
    }
  });

  it.each([
    '',
    '!',
    'scrypt',
    'scrypt$16$8$1$$',
    'scrypt$0$8$1$c2FsdA==$a2V5',
    'scrypt$15$8$1$c2FsdHNhbHRzYWx0c2FsdA==$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=',
    'scrypt$16777216$8$1$c2FsdHNhbHRzYWx0c2FsdA==$c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0c2FsdHNhbHQ=',
    'argon2id$x',
  ])('that are none match no password: %s', async (stored) => {
    expect(readHash(stored)).toBeUndefined();
    expect(await hasherOf().verify('', stored, 'x')).toBe(false);
    expect(await hasherOf().verify(password, stored, 'x')).toBe(false);
  });

  it('of a lower cost are padded to the work of a new one', () => {
    const wanted = costOf(17);
    for (const cost of [1, 10, 14, 15, 16, 17]) {
      const work = [costOf(cost), ...padding(costOf(cost), wanted)]
        .map(workOf)
        .reduce((sum, each) => sum + each);
      expect(work / workOf(wanted)).toBeGreaterThan(0.93);
      expect(work / workOf(wanted)).toBeLessThanOrEqual(1);
    }
    expect(padding(costOf(18), wanted)).toEqual([]);
  });

  it('are made only of passwords of a limited length', async () => {
    const long = 'x'.repeat(MAX_PASSWORD + 1);
    await expect(hasherOf().hash(long, 'x')).rejects.toThrow(RangeError);
    expect(passwordProblem(`${long}1`)).toBe('at most 1024 characters');
    // Not even one whose beginning is right.
    const stored = await hasherOf().hash(long.slice(1), 'x');
    expect(await hasherOf().verify(long.slice(1), stored, 'x')).toBe(true);
    expect(await hasherOf().verify(long, stored, 'x')).toBe(false);
  });

  it.each([0, 21, 1.5, Number.NaN])('have no cost of %s', (cost) => {
    expect(() => new PasswordHasher({ cost })).toThrow(
      /^passwordCost: expected a whole number from 1 to 20, found .+$/,
    );
  });
});

describe('the pool of hashes', () => {
  it('refuses at once what would wait too long, for each key and in all', async () => {
    const hasher = hasherOf({ cost: 12, threads: 1 });
    const attempts = (key: string, count: number) =>
      Array.from({ length: count }, () => hasher.hash(password, key));
    const own = await Promise.allSettled(attempts('a', 30));
    const refused = own.filter((each) => each.status === 'rejected');
    // One at work and sixteen waiting.
    expect(refused).toHaveLength(13);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(HashOverloadError);
    const all = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => attempts(`k${index}`, 10)).flat(),
    );
    expect(all.filter((each) => each.status === 'fulfilled')).toHaveLength(65);
    // What was refused leaves nothing behind.
    await expect(hasher.hash(password, 'a')).resolves.toMatch(/^scrypt\$/);
  });

  it('serves each key in its turn', () => {
    const queue = new FairQueue<string>(10, 3);
    for (const entry of ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2']) queue.add(entry.slice(0, 1), entry);
    expect(queue.size).toBe(6);
    expect(Array.from({ length: 7 }, () => queue.take())).toEqual([
      'a1',
      'b1',
      'c1',
      'a2',
      'b2',
      'a3',
      undefined,
    ]);
    expect(queue.size).toBe(0);
  });

  it('rejects what is under way when it closes, and all that comes later', async () => {
    const hasher = new PasswordHasher({ cost: 14, threads: 1 });
    const waiting = Promise.allSettled([hasher.hash(password, 'a'), hasher.hash(password, 'a')]);
    await hasher.close();
    for (const each of await waiting)
      expect(each).toMatchObject({ status: 'rejected', reason: { message: 'the server is stopping' } });
    await expect(hasher.hash(password, 'a')).rejects.toThrow('the server is stopping');
  });
});

describe('logins', () => {
  it('are remembered until the stored hash changes', async () => {
    const { login, outcomes } = loginsOf();
    expect(await login()).toBe(true);
    expect(await login({ user: ' ANN@example.com ' })).toBe(true);
    expect(await outcomes()).toEqual({ right: 1, remembered: 1 });
    expect(await login({ stored: storedHashOf('Another-1') })).toBe(false);
    expect(await login({ stored: undefined })).toBe(false);
    expect(await outcomes()).toEqual({ right: 1, remembered: 1, wrong: 2 });
  });

  it('of one user with one password at once are one check', async () => {
    const { login, outcomes } = loginsOf({ threads: 1 });
    expect(await Promise.all(Array.from({ length: 100 }, () => login()))).toEqual(Array(100).fill(true));
    expect(await outcomes()).toEqual({ right: 1 });
  });

  it.each([['of a user'], ['of nobody', undefined]])(
    '%s are delayed after failures, longer and longer',
    async (...names) => {
      const { login, move } = loginsOf();
      const given = names.length === 2 ? { stored: undefined } : {};
      const delays: number[] = [];
      for (let number = 0; number < 14; number += 1) {
        const refusal = await login({ ...given, ...wrong(number) }).catch((error: unknown) => error);
        if (!(refusal instanceof LoginDelayError)) {
          expect(refusal).toBe(false);
          continue;
        }
        delays.push(refusal.retryAfter);
        // Attempts during a delay do not make it longer.
        await expect(login({ ...given, ...wrong(99) })).rejects.toThrow(LoginDelayError);
        move(refusal.retryAfter * 1000 - 1);
        await expect(login({ ...given, ...wrong(99) })).rejects.toThrow(
          'too many failed logins; retry in 1 s',
        );
        move(1);
        expect(await login({ ...given, ...wrong(number) })).toBe(false);
      }
      expect(delays).toEqual([1, 2, 4, 8, 16, MAX_DELAY, MAX_DELAY, MAX_DELAY, MAX_DELAY]);
    },
  );

  it('at once count before they are checked', async () => {
    const { login, outcomes } = loginsOf();
    await Promise.allSettled(Array.from({ length: 200 }, (_, number) => login(wrong(number))));
    expect(await outcomes()).toEqual({ wrong: FREE_FAILURES, delayed: 200 - FREE_FAILURES });
  });

  it('that failed elsewhere, or for another user, delay nobody', async () => {
    const { login } = loginsOf();
    await Promise.allSettled(Array.from({ length: 20 }, (_, number) => login(wrong(number))));
    await expect(login()).rejects.toThrow(LoginDelayError);
    expect(await login({ address: '192.0.2.2' })).toBe(true);
    expect(await login({ user: 'bob@example.com' })).toBe(true);
  });

  it('of the right user wait no longer than the delay, and forgive the failures', async () => {
    const { login, move } = loginsOf();
    for (let number = 0; number < 30; number += 1) {
      await login(wrong(number)).catch(() => move(MAX_DELAY * 1000));
    }
    move(MAX_DELAY * 1000);
    expect(await login()).toBe(true);
    for (let number = 0; number < FREE_FAILURES; number += 1) expect(await login(wrong(number))).toBe(false);
    await expect(login(wrong(99))).rejects.toMatchObject({ retryAfter: 1 });
  });

  it('that are remembered continue while others fail at the same address, up to a number of guesses', async () => {
    const { login, move } = loginsOf();
    expect(await login()).toBe(true);
    const guess = (count: number) =>
      Promise.allSettled(Array.from({ length: count }, (_, number) => login(wrong(number))));
    await guess(FREE_FAILURES + MAX_GUESSES - 1);
    expect(await login()).toBe(true);
    await guess(1);
    await expect(login()).rejects.toThrow(LoginDelayError);
    move(MAX_DELAY * 1000);
    expect(await login()).toBe(true);
    // Remembered logins forgive nothing.
    expect(await login(wrong(5000))).toBe(false);
    await expect(login(wrong(5001))).rejects.toMatchObject({ retryAfter: 2 });
  });

  it('that are remembered from elsewhere wait at an address with failures', async () => {
    const { login } = loginsOf();
    expect(await login({ address: '192.0.2.2' })).toBe(true);
    await Promise.allSettled(Array.from({ length: 20 }, (_, number) => login(wrong(number))));
    await expect(login()).rejects.toThrow(LoginDelayError);
    expect(await login({ address: '192.0.2.2' })).toBe(true);
  });

  it('that were not checked are not failures', async () => {
    const { logins, login, outcomes } = loginsOf({ cost: 12, threads: 1 });
    const fill = Array.from({ length: 17 }, () => logins.hasher.hash(password, '192.0.2.1'));
    const refused = await Promise.allSettled(
      Array.from({ length: FREE_FAILURES }, (_, number) => login(wrong(number))),
    );
    for (const each of refused)
      expect(each).toMatchObject({ reason: { name: 'HashOverloadError', retryAfter: 5 } });
    await Promise.all(fill);
    expect(await login(wrong(0))).toBe(false);
    expect(await login()).toBe(true);
    expect(await outcomes()).toEqual({ overloaded: FREE_FAILURES, wrong: 1, right: 1 });
  });

  it('whose hash costs less than a new one get a new one, once', async () => {
    const { logins, login, stored } = loginsOf({ cost: 6 });
    expect(await login()).toBe(true);
    const attempt = { user: 'ann@example.com', password, stored, address: 'x', now: new Date(start) };
    const made = await Promise.all([logins.renewed(attempt), logins.renewed(attempt)]);
    expect(made[1]).toBeUndefined();
    expect(readHash(made[0] ?? '')?.cost.N).toBe(2 ** 6);
    expect(await login({ stored: made[0] })).toBe(true);
    expect(await logins.renewed({ ...attempt, stored: made[0] })).toBeUndefined();
    expect(await logins.renewed({ ...attempt, stored: undefined })).toBeUndefined();
  });
});

describe('the tables of failures', () => {
  it('forget failures after a while, and those of the least recent pairs when they are full', () => {
    const delays = new LoginDelays(2);
    const fail = (key: string) => {
      for (let count = 0; count < 6; count += 1) delays.begin(key, start);
    };
    fail('a');
    expect(delays.delay('a', start)).toBe(2);
    expect(delays.delay('a', start + FORGET_AFTER)).toBe(0);
    fail('b');
    expect(delays.delay('a', start)).toBe(2);
    fail('c');
    expect(delays.delay('b', start)).toBe(0);
    expect([delays.delay('a', start), delays.delay('c', start)]).toEqual([2, 2]);
  });

  it('hold as much as they are told', () => {
    const map = new RecentMap<number>(100);
    for (let number = 0; number < 1000; number += 1) map.set(String(number), number);
    expect(map.size).toBe(100);
    expect([map.get('899'), map.get('900'), map.get('999')]).toEqual([undefined, 900, 999]);
  });
});
