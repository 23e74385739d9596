import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { Db } from './db.js';
import type * as schema from './schema.js';
import { MIGRATIONS } from './template.js';

interface Journal {
  readonly entries: readonly { readonly tag: string }[];
}

const JOURNAL = 'meta/_journal.json';

function journal(): Journal {
  // A file of our own.
  return JSON.parse(readFileSync(join(MIGRATIONS, JOURNAL), 'utf8')) as Journal;
}

/** The names of all migrations, oldest first. */
export function migrationTags(): readonly string[] {
  return journal().entries.map(({ tag }) => tag);
}

/**
 * Replaces the tables of a database in memory with those of an earlier version, lets them be filled, and applies the later migrations.
 *
 * @param last - The last migration of the earlier version.
 */
export async function fillEarlierSchema(db: Db, last: string, fill: () => Promise<void>): Promise<void> {
  const { entries, ...rest } = journal();
  const count = entries.findIndex(({ tag }) => tag === last) + 1;
  const folder = mkdtempSync(join(tmpdir(), 'ips-migrations-'));
  // Only the types of the results of raw statements differ.
  const migrated = db as unknown as NodePgDatabase<typeof schema>;
  try {
    mkdirSync(join(folder, 'meta'));
    for (const { tag } of entries.slice(0, count))
      cpSync(join(MIGRATIONS, `${tag}.sql`), join(folder, `${tag}.sql`));
    writeFileSync(join(folder, JOURNAL), JSON.stringify({ ...rest, entries: entries.slice(0, count) }));
    await db.execute(sql.raw('drop schema if exists live, drizzle cascade'));
    await db.execute(sql.raw('drop schema public cascade'));
    await db.execute(sql.raw('create schema public'));
    await migrate(migrated, { migrationsFolder: folder });
    await fill();
    await migrate(migrated, { migrationsFolder: MIGRATIONS });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
