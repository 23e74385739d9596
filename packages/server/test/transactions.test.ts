// Which transactions repeat when the database rolls them back or goes away, and which must not.
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { beforeEach, describe, expect, it } from 'vitest';
import { CommitUnknownError, DatabaseAwayError, isDatabaseLoss } from '../src/db/connection-loss.js';
import type { Db } from '../src/db/db.js';
import { repeatTransactions } from '../src/db/transactions.js';

const driver = (code: string | undefined, message = 'it failed') =>
  Object.assign(new Error(message), code === undefined ? {} : { code });
const query = (code: string | undefined, message?: string) =>
  new DrizzleQueryError('select 1', [], driver(code, message));

/** A database that begins transactions as drizzle does, and fails where a test says. */
class FakeDatabase {
  readonly log: string[] = [];
  fail: { begin?: Error; commit?: Error; rollback?: Error } = {};

  async transaction<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    await this.#statement('begin');
    try {
      const result = await work({} as Db);
      await this.#statement('commit');
      return result;
    } catch (error) {
      await this.#statement('rollback');
      throw error;
    }
  }

  async #statement(name: 'begin' | 'commit' | 'rollback'): Promise<void> {
    this.log.push(name);
    const error = this.fail[name];
    delete this.fail[name];
    if (error !== undefined) throw error;
  }
}

let fake: FakeDatabase;
let db: Db;
beforeEach(() => {
  fake = new FakeDatabase();
  // Only what the transactions need.
  db = fake as unknown as Db;
  repeatTransactions(db);
});

/** Work that fails the first times. */
function failing(...errors: Error[]) {
  let calls = 0;
  return {
    work: async () => {
      calls += 1;
      const error = errors.shift();
      if (error !== undefined) throw error;
      return 'done';
    },
    calls: () => calls,
  };
}

describe('a transaction repeats', () => {
  it.each([
    ['a serialization failure', query('40001')],
    ['a deadlock', query('40P01')],
    ['a connection that the server ended', query('57P01')],
    ['a connection that broke', query(undefined, 'Connection terminated unexpectedly')],
    ['a database that is away', new DatabaseAwayError('away')],
  ])('after %s in its work', async (_what, error) => {
    const { work, calls } = failing(error, error);
    expect(await db.transaction(work)).toBe('done');
    expect(calls()).toBe(3);
    expect(fake.log.filter((each) => each === 'commit')).toHaveLength(1);
  });

  it('when it could not begin', async () => {
    fake.fail.begin = query('ECONNRESET');
    expect(await db.transaction(async () => 'done')).toBe('done');
  });

  it('after a serialization failure at its commit, which rolled it back', async () => {
    fake.fail.commit = query('40001');
    const { work, calls } = failing();
    expect(await db.transaction(work)).toBe('done');
    expect(calls()).toBe(2);
  });

  it('although its rollback fails as well on the lost connection', async () => {
    fake.fail.rollback = query(undefined, 'Client has encountered a connection error and is not queryable');
    const { work, calls } = failing(query('57P01'));
    expect(await db.transaction(work)).toBe('done');
    expect(calls()).toBe(2);
  });
});

describe('a transaction does not repeat', () => {
  it('when the connection was lost at its commit: it may have taken effect', async () => {
    fake.fail.commit = query('57P01');
    fake.fail.rollback = query(undefined, 'Connection terminated');
    const { work, calls } = failing();
    const thrown = await db.transaction(work).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(CommitUnknownError);
    expect(isDatabaseLoss(thrown)).toBe(true);
    expect(calls()).toBe(1);
  });

  it('after any other failure, which stays the reason although the rollback fails', async () => {
    const error = query('23505');
    fake.fail.rollback = query('57P01');
    const { work, calls } = failing(error);
    await expect(db.transaction(work)).rejects.toBe(error);
    expect(calls()).toBe(1);
  });

  it('without end', async () => {
    const { work, calls } = failing(...Array.from({ length: 20 }, () => query('40001')));
    await expect(db.transaction(work)).rejects.toThrow(DrizzleQueryError);
    expect(calls()).toBe(6);
  });
});

it('a lost connection to something else is not a lost database', () => {
  expect(isDatabaseLoss(driver('ECONNRESET'))).toBe(false);
  expect(isDatabaseLoss(new Error('fetch failed', { cause: driver('ECONNREFUSED') }))).toBe(false);
  expect(isDatabaseLoss(query('23505'))).toBe(false);
  expect(isDatabaseLoss(new Error('outer', { cause: query('08006') }))).toBe(true);
});
