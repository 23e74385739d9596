import { sql } from 'drizzle-orm';
import { type Db, tableNames } from './db/store.js';
import { emptyDatabase } from './seed.js';

/** Everything that the tables hold, as JSON. Contents of files are not in it: the file store never changes one. */
export interface Snapshot {
  readonly version: 1;
  readonly tables: Readonly<Record<string, readonly Record<string, unknown>[]>>;
}

/** Takes a snapshot. */
export async function takeSnapshot(db: Db): Promise<Snapshot> {
  const tables: Record<string, Record<string, unknown>[]> = {};
  await db.transaction(async (transaction) => {
    const tx = transaction as unknown as Db;
    for (const name of await tableNames(tx)) {
      const result = await tx.execute(sql.raw(`select to_jsonb(rows) as row from "${name}" rows`));
      tables[name] = (result as unknown as { rows: { row: Record<string, unknown> }[] }).rows.map(
        ({ row }) => row,
      );
    }
  });
  return { version: 1, tables };
}

/**
 * Replaces everything by a snapshot.
 *
 * @throws Error when it is no snapshot of this version; nothing is changed then.
 */
export async function restoreSnapshot(db: Db, snapshot: Snapshot): Promise<void> {
  if (snapshot?.version !== 1 || typeof snapshot.tables !== 'object') {
    throw new Error('expected a snapshot of version 1');
  }
  await db.transaction(async (transaction) => {
    const tx = transaction as unknown as Db;
    const known = new Set(await tableNames(tx));
    const unknown = Object.keys(snapshot.tables).find((name) => !known.has(name));
    if (unknown !== undefined)
      throw new Error(`the snapshot has a table "${unknown}" that this server does not have`);
    await emptyDatabase(tx);
    // Rows may point at rows of tables that come later.
    await tx.execute(sql.raw("set local session_replication_role = 'replica'"));
    for (const [name, rows] of Object.entries(snapshot.tables)) {
      if (rows.length === 0) continue;
      await tx.execute(
        sql`insert into ${sql.identifier(name)} select * from jsonb_populate_recordset(null::${sql.identifier(name)}, ${JSON.stringify(rows)}::jsonb)`,
      );
      if (!('id' in (rows[0] ?? {}))) continue;
      await tx.execute(
        sql.raw(
          `select setval(pg_get_serial_sequence('"${name}"', 'id'), greatest(max(id), 1), max(id) > 0) from "${name}"`,
        ),
      );
    }
  });
}
