import { randomUUID } from 'node:crypto';
import { and, desc, eq, isNotNull, ne, sql } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { SHARED_COMPANY } from '../db/shared-company.js';
import { type FileStore, IDENTITY } from './stored-files.js';

/** The newest files of the database that a store without the expected identity is searched for. */
const SAMPLE = 20;

/** How a store is compared with what the database remembers. */
export interface ClaimOptions {
  /** A name of the store for messages. */
  readonly name: string;
  /** Whether the store is used regardless of its identity and its files. */
  readonly adopts?: boolean | undefined;
}

/**
 * Checks that a store is the one that the database belongs to, by an identity that both have, and makes the store refuse to work without it.
 * Stores and databases of earlier versions have none, nor have the files of a restored backup: they get one if the store has the files that the
 * database names.
 *
 * @throws Error that names the store and what to do, if it is another one. Nothing is changed then.
 */
export async function claimStore(db: Db, files: FileStore, options: ClaimOptions): Promise<void> {
  const known = await knownIdentity(db);
  if (known !== undefined && known === (await files.identity())) return files.expect(known);
  const claimed = await db.transaction(async (tx) => {
    // Of the processes that start at the same time, one chooses the identity.
    await tx.execute(sql`select pg_advisory_xact_lock(7303)`);
    const remembered = await knownIdentity(tx);
    const found = await files.identity();
    if (remembered !== undefined && remembered === found) return found;
    if (options.adopts !== true) {
      const reason = await strangeness(tx, files, remembered, found);
      if (reason !== undefined) throw refusal(options.name, reason);
    }
    const identity = remembered ?? found ?? randomUUID();
    await files.open();
    // The store first: a database without an identity takes that of the store.
    if (found !== identity) await files.identify(identity);
    await tx.execute(
      sql`insert into live.file_store (identity) values (${identity})
        on conflict ("only") do update set identity = excluded.identity`,
    );
    return identity;
  });
  files.expect(claimed);
}

/**
 * Why files are not those of a database, as far as identities can tell.
 *
 * @param identities - What the database remembers, and what the store has.
 */
export function otherStore({ remembered, found }: Identities): string | undefined {
  if (remembered === undefined || found === undefined || remembered === found) return undefined;
  return `its ${IDENTITY} is ${found}, and the database remembers ${remembered}`;
}

/** The identities of what belongs together. */
interface Identities {
  readonly remembered: string | undefined;
  readonly found: string | undefined;
}

/** The reason why a store does not belong to the database; `undefined` if it does. */
async function strangeness(
  db: Db,
  files: FileStore,
  remembered: string | undefined,
  found: string | undefined,
): Promise<string | undefined> {
  const other = otherStore({ remembered, found });
  if (other !== undefined) return other;
  const named = await newestFiles(db);
  const sizes = await Promise.all(named.map((hash) => files.size(hash)));
  const there = sizes.filter((size) => size !== undefined).length;
  // Some files may be lost, and others have the content of a file in any store.
  const holds = there * 2 >= named.length;
  if (holds && (named.length > 0 || remembered === undefined)) return undefined;
  return `it has ${there} of the newest ${named.length} files of the database${remembered === undefined ? '' : `, and no ${IDENTITY}`}`;
}

async function knownIdentity(db: Db): Promise<string | undefined> {
  const { rows } = await db.execute<{ identity: string }>(sql`select identity from live.file_store`);
  return rows[0]?.identity;
}

/** The newest files that assets name. Every store has those of the shared assets, so they count only if there are no others. */
async function newestFiles(db: Db): Promise<readonly string[]> {
  for (const company of [
    ne(t.assets.companyId, SHARED_COMPANY.id),
    eq(t.assets.companyId, SHARED_COMPANY.id),
  ]) {
    const rows = await db
      .select({ hash: t.assets.originalFile })
      .from(t.assets)
      .where(and(company, isNotNull(t.assets.originalFile)))
      .orderBy(desc(t.assets.id))
      .limit(SAMPLE);
    const hashes = new Set(rows.flatMap(({ hash }) => hash ?? []));
    if (hashes.size > 0) return [...hashes];
  }
  return [];
}

const refusal = (name: string, reason: string): Error =>
  new Error(
    `${name} is not the store of the files that belongs to the database: ${reason}. The server does not start, because it would store files in ` +
      'the wrong place. If a volume belongs there, mount it. If the files were moved or restored on purpose, start one process with ' +
      '--adopt-files (adoptFiles of createIpsServer)',
  );
