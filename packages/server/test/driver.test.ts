// One driver for both databases: statements under names, transactions of their own, plans that outlive changes of the schema.
import type { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterEach, describe, expect, it, type TestContext } from 'vitest';
import { embeddedPool } from '../src/db/embedded-connection.js';
import { embeddedQueue } from '../src/db/embedded-queue.js';
import { NamingClient } from '../src/db/named-statements.js';
import { openStore } from '../src/db/store.js';
import { openInMemory } from '../src/db/template.js';
import { freshDatabase } from './support/test-database.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function embedded(): Promise<{ pool: pg.Pool; lite: PGlite }> {
  const lite = await openInMemory();
  const pool = embeddedPool(lite);
  closers.push(
    () => lite.close(),
    () => pool.end(),
  );
  return { pool, lite };
}

async function server(context: TestContext): Promise<pg.Pool> {
  const database = await freshDatabase(context);
  const pool = new pg.Pool({ connectionString: database.url, max: 1, Client: NamingClient });
  closers.push(
    () => database.drop(),
    () => pool.end(),
  );
  return pool;
}

const kinds: [string, (context: TestContext) => Promise<pg.Pool>][] = [
  ['an embedded database', async () => (await embedded()).pool],
  ['a PostgreSQL server', server],
];

/** How many statements the connection of the pool has prepared. */
async function prepared(pool: pg.Pool): Promise<number> {
  // A text that is not prepared itself.
  const { rows } = await pool.query<{ count: number }>('table pg_prepared_statements');
  return rows.length;
}

describe.each(kinds)('%s', (_kind, open) => {
  it('prepares a statement once, whatever its values', async (context) => {
    const pool = await open(context);
    for (const value of [1, 2, 3]) {
      const { rows } = await pool.query({ text: 'select $1::int + 1 as sum', values: [value] });
      expect(rows).toEqual([{ sum: value + 1 }]);
    }
    expect(await prepared(pool)).toBe(1);
  });

  it('keeps no more than 400 statements, and prepares a closed one again', async (context) => {
    const pool = await open(context);
    for (let each = 0; each < 450; each += 1) await pool.query({ text: `select ${each} as n` });
    expect(await prepared(pool)).toBe(400);
    expect((await pool.query({ text: 'select 0 as n' })).rows).toEqual([{ n: 0 }]);
    expect(await prepared(pool)).toBe(400);
  });

  it('survives changes of the schema', async (context) => {
    const pool = await open(context);
    await pool.query('create table shoes (id int)');
    await pool.query({ text: 'insert into shoes values ($1)', values: [1] });
    expect((await pool.query({ text: 'select * from shoes' })).rows).toEqual([{ id: 1 }]);
    await pool.query(`alter table shoes add colour text default 'red'`);
    expect((await pool.query({ text: 'select * from shoes' })).rows).toEqual([{ id: 1, colour: 'red' }]);
    await pool.query('deallocate all');
    expect((await pool.query({ text: 'select * from shoes' })).rows).toEqual([{ id: 1, colour: 'red' }]);
  });

  it('reports an outdated plan inside a transaction, and works in the next one', async (context) => {
    const pool = await open(context);
    await pool.query('create table shoes (id int)');
    await pool.query({ text: 'select * from shoes' });
    const client = await pool.connect();
    try {
      await client.query('begin');
      await client.query('alter table shoes add colour text');
      await expect(client.query({ text: 'select * from shoes' })).rejects.toMatchObject({ code: '0A000' });
      await client.query('rollback');
      await client.query('begin');
      await client.query('alter table shoes add colour text');
      expect((await client.query({ text: 'select * from shoes' })).fields).toHaveLength(2);
      await client.query('commit');
    } finally {
      client.release();
    }
  });

  it('works after an error, and after a statement that could not be parsed', async (context) => {
    const pool = await open(context);
    for (let each = 0; each < 3; each += 1) {
      await expect(pool.query({ text: 'select 1 / $1::int', values: [0] })).rejects.toMatchObject({
        code: '22012',
      });
      await expect(pool.query({ text: 'select nothing from nowhere' })).rejects.toMatchObject({
        code: '42P01',
      });
      await expect(pool.query({ text: 'select $1::int', values: ['x'] })).rejects.toMatchObject({
        code: '22P02',
      });
    }
    expect((await pool.query({ text: 'select 10 / $1::int as five', values: [2] })).rows).toEqual([
      { five: 5 },
    ]);
  });

  it('reads and writes every kind of value', async (context) => {
    const pool = await open(context);
    const bytes = Buffer.from([0, 1, 255]);
    const text = 'ü \u{1F45F} \'" \\ $1';
    const { rows } = await pool.query({
      text: 'select $1::text as text, $2::bytea as bytes, $3::jsonb as json, $4::int[] as list, $5::bool as yes, $6::text as nothing',
      values: [text, bytes, JSON.stringify({ text }), [1, 2], true, null],
    });
    expect(rows).toEqual([{ text, bytes, json: { text }, list: [1, 2], yes: true, nothing: null }]);
  });

  it('carries texts and rows of a megabyte', async (context) => {
    const pool = await open(context);
    const long = 'x'.repeat(1_000_000);
    const { rows } = await pool.query({
      text: 'select $1::text as long, n from generate_series(1, 5) n',
      values: [long],
    });
    expect(rows.map((row) => row.long.length)).toEqual(Array(5).fill(1_000_000));
  });
});

describe('an embedded database', () => {
  it('lets nothing into a transaction of another', async () => {
    const { pool } = await embedded();
    await pool.query('create table shoes (id int)');
    const queue = embeddedQueue(pool);
    const client = await pool.connect();
    await client.query('begin');
    await client.query('insert into shoes values (1)');
    const others = [
      pool.query('insert into shoes values (2)'),
      queue.executeSql('insert into shoes values ($1)', [3]),
      queue.executeSql('insert into shoes values (4); insert into shoes values (5)'),
    ];
    await new Promise((resolve) => setImmediate(resolve));
    await client.query('rollback');
    client.release();
    await Promise.all(others);
    const { rows } = await pool.query('select id from shoes order by id');
    expect(rows.map(({ id }) => id)).toEqual([2, 3, 4, 5]);
  });

  it('leaves no transaction open when a text of several statements fails', async () => {
    const { pool, lite } = await embedded();
    const queue = embeddedQueue(pool);
    await expect(
      queue.executeSql('begin; create table shoes (id int); select 1 / 0; commit'),
    ).rejects.toMatchObject({ code: '22012' });
    expect((await queue.executeSql('select 1 as one; select 2 as two')).rows).toEqual([
      { one: 1 },
      { two: 2 },
    ]);
    expect(lite.isInTransaction()).toBe(false);
    await expect(queue.executeSql('select id from shoes')).rejects.toMatchObject({ code: '42P01' });
  });

  it('delivers notifications, from inside a transaction once it commits', async () => {
    const { pool } = await embedded();
    const queue = embeddedQueue(pool);
    const heard: string[] = [];
    let subscribed = 0;
    const listening = await queue.listen?.(
      'news',
      (payload) => heard.push(payload),
      () => {
        subscribed += 1;
      },
    );
    await pool.query('select pg_notify($1, $2)', ['news', 'plain']);
    const client = await pool.connect();
    await client.query('begin');
    await client.query('select pg_notify($1, $2)', ['news', 'committed']);
    expect(heard).toEqual(['plain']);
    await client.query('commit');
    client.release();
    await pool.query('select 1');
    expect(heard).toEqual(['plain', 'committed']);
    await listening?.close();
    await pool.query('select pg_notify($1, $2)', ['news', 'late']);
    expect([heard, subscribed]).toEqual([['plain', 'committed'], 1]);
  });
});

it('keeps the store whole when transactions fail at once', async () => {
  const store = await openStore({ kind: 'memory' });
  closers.push(() => store.close());
  await store.db.execute(sql`create table counters (n int)`);
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, each) =>
      store.db.transaction(async (tx) => {
        await tx.execute(sql`insert into counters values (${each})`);
        if (each % 2 === 1) throw new Error('no');
        await tx.transaction(async (inner) => inner.execute(sql`insert into counters values (100)`));
      }),
    ),
  );
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(10);
  const { rows } = await store.db.execute<{ n: number }>(
    sql`select n from counters where n < 100 order by n`,
  );
  expect(rows.map(({ n }) => n)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
});
