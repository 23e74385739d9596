import { sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { tableNames } from '../db/store.js';
import { checkNextNumbers, nextNumbers, setNextNumbers } from '../db/table-numbers.js';
import { NO_PASSWORD } from '../passwords/stored-hash.js';
import { deleteRows } from './seed-database.js';

/**
 * The contents of all tables, as JSON, without password hashes. Files are not included, because the file store never changes a file.
 */
export interface Snapshot {
  readonly version: 1;
  readonly tables: Readonly<Record<string, readonly Record<string, unknown>[]>>;
  /** The number of the next row in each numbered table. Default: the one after the last row. */
  readonly next?: Readonly<Record<string, number>>;
}

/** The column that snapshots leave out. */
const HASH = 'password_hash';

/**
 * The password hashes of users in the snapshots that a server has taken, by e-mail address, with which removed users get their passwords
 * back.
 */
export type KnownHashes = Map<string, string>;

/**
 * Takes a snapshot.
 *
 * @param known - Receives the hashes that the snapshot omits.
 *
 * @internal
 */
export async function takeSnapshot(db: Db, known: KnownHashes): Promise<Snapshot> {
  return db.transaction(async (tx) => {
    for (const [email, hash] of await currentHashes(tx)) known.set(email, hash);
    const names = await tableNames(tx);
    const tables: Record<string, Record<string, unknown>[]> = Object.fromEntries(
      names.map((name) => [name, []]),
    );
    // One query for all tables, because a query for each would cost more than the few rows that most of them have. Ordered, by number if
    // there is one, so that equal contents give equal snapshots.
    const selects = names.map(
      (name) => `select '${name}' as name, to_jsonb(rows) - '${HASH}' as row from "${name}" rows`,
    );
    const { rows } = await tx.execute<{ name: string; row: Record<string, unknown> }>(
      sql.raw(
        `select * from (${selects.join(' union all ')}) every_row order by name, (row->>'id')::bigint, row::text`,
      ),
    );
    for (const { name, row } of rows) tables[name]?.push(row);
    return { version: 1, tables, next: await nextNumbers(tx) };
  });
}

/**
 * Checks that a value is a snapshot that can be restored here.
 *
 * @throws Error with the reason if it is not.
 *
 * @internal
 */
export async function checkSnapshot(db: Db, given: unknown): Promise<Snapshot> {
  const snapshot = given as Snapshot | null;
  if (snapshot?.version !== 1 || typeof snapshot.tables !== 'object' || snapshot.tables === null) {
    throw new Error('expected a snapshot of version 1, with "tables"');
  }
  const known = new Set(await tableNames(db));
  for (const [name, rows] of Object.entries(snapshot.tables)) {
    if (!known.has(name)) throw new Error(`tables.${name}: this server has no such table`);
    if (!Array.isArray(rows)) throw new Error(`tables.${name}: expected an array of rows`);
  }
  checkNextNumbers(snapshot.next ?? {});
  return snapshot;
}

/**
 * Replaces the contents of the database with a snapshot. Existing users keep their passwords. Others get the password that they had when
 * a snapshot was last taken here; users who are new here cannot log in until they get one.
 *
 * @param known - The hashes that `takeSnapshot` remembered.
 * @returns The e-mail addresses of users who need a new password.
 * @throws Error if a table rejects its rows. Nothing is changed then.
 *
 * @internal
 */
export async function restoreSnapshot(
  db: Db,
  snapshot: Snapshot,
  known: ReadonlyMap<string, string>,
): Promise<string[]> {
  return db.transaction(async (tx) => {
    const current = await currentHashes(tx);
    const withoutPassword: string[] = [];
    const withHash = (row: Record<string, unknown>): Record<string, unknown> => {
      const email = String(row['email']);
      const key = email.toLowerCase();
      // Snapshots of earlier versions contain hashes.
      const hash = current.get(key) ?? known.get(key) ?? row[HASH] ?? NO_PASSWORD;
      if (hash === NO_PASSWORD) withoutPassword.push(email);
      return { ...row, [HASH]: hash };
    };
    // Rows may refer to rows of tables that come later.
    await tx.execute(sql.raw("set local session_replication_role = 'replica'"));
    await deleteRows(tx);
    const columns = await columnNames(tx);
    for (const [name, stored] of Object.entries(snapshot.tables)) {
      if (stored.length === 0) continue;
      const rows = name === 'users' ? stored.map(withHash) : stored;
      // A column that no row has was added by a later version and gets its default.
      const all = columns.get(name) ?? [];
      const given = all.filter((column) => rows.some((row) => row?.[column] !== undefined));
      const list = sql.join(
        (given.length > 0 ? given : all).map((column) => sql.identifier(column)),
        sql`, `,
      );
      try {
        await tx.execute(
          sql`insert into ${sql.identifier(name)} (${list}) select ${list} from jsonb_populate_recordset(null::${sql.identifier(name)}, ${JSON.stringify(rows)}::jsonb)`,
        );
      } catch (error) {
        // The error's own message contains all rows.
        const { message } = ((error as Error).cause ?? error) as Error;
        throw new Error(`tables.${name}: the rows do not fit: ${message}`, { cause: error });
      }
    }
    await setNextNumbers(tx, snapshot.next);
    return withoutPassword;
  });
}

/** The hashes of all users' passwords, by e-mail address in lower case. */
async function currentHashes(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.select({ email: t.users.email, hash: t.users.passwordHash }).from(t.users);
  return new Map(rows.map(({ email, hash }) => [email.toLowerCase(), hash]));
}

/** The columns of each table. */
async function columnNames(db: Db): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await db.execute<{ name: string; columns: string[] }>(
    sql`select relname as name, json_agg(attname) as columns from pg_class join pg_attribute on attrelid = pg_class.oid
      where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped group by relname`,
  );
  return new Map(rows.map(({ name, columns }) => [name, columns]));
}
