// What searches remember ends with the changes that the triggers record: with each that they can see, made by any connection in any
// order of commits, and with no other.
import { eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterEach, describe, expect, it, type TestContext } from 'vitest';
import { casesOf } from '../../../scripts/testing/cases.js';
import type { Db } from '../src/db/db.js';
import { RECORDED } from '../src/db/schema/recorded-tables.js';
import * as t from '../src/db/schema.js';
import { openStore, type StoreLocation } from '../src/db/store.js';
import { unchangedResult } from '../src/db/unchanged-results.js';
import { PART_BITS } from '../src/db/versions.js';
import { countAssets } from '../src/search/counted-assets.js';
import { openSession, type Session } from './support/sessions.js';
import { freshDatabase } from './support/test-database.js';

const COMPANY = 6;
const PART = 2 ** PART_BITS;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const SEED = `
  insert into companies (id, name, root_path, created_at) values (6, 'Six', 'Six/', now()), (7, 'Seven', 'Seven/', now());
  insert into folders (id, company_id, path, last_modified) values (61, 6, 'Six/', now()), (62, 6, 'Six/In/', now()), (71, 7, 'Seven/', now());
  insert into metadata_fields (id, company_id, asset_type, name, type) values (1, 6, 'Asset', 'Season', 'String')
`;

/** Processes that share a database, and connections that change it. */
interface World {
  readonly processes: readonly Db[];
  readonly sessions: readonly Session[];
}

async function worldOf(location: StoreLocation, processes: number, sessions: number): Promise<World> {
  const stores = [];
  for (let each = 0; each < processes; each += 1) {
    const store = await openStore(location);
    closers.push(() => store.close());
    stores.push(store);
  }
  const [first] = stores;
  if (first === undefined) throw new Error('there is no process');
  for (const statement of SEED.trim().split(';\n')) await first.db.execute(sql.raw(statement));
  const opened: Session[] = [];
  for (let each = 0; each < sessions; each += 1) {
    const session = await openSession(location, first.db);
    closers.push(() => session.close());
    opened.push(session);
  }
  return { processes: stores.map(({ db }) => db), sessions: opened };
}

/** Two processes on a PostgreSQL server, and three connections that change it. */
async function sharedWorld(context: TestContext): Promise<World> {
  const { url, drop } = await freshDatabase(context);
  closers.push(drop);
  return worldOf({ kind: 'server', url }, 2, 3);
}

const insert = (id: number, company = COMPANY): string =>
  `insert into assets (id, company_id, folder_id, name, type, file_name, created, last_modified)
    values (${id}, ${company}, ${company * 10 + 1}, 'a${id}', 'Image', 'a${id}.tif', now(), now())`;

const ofCompany = sql`${t.assets.companyId} = ${COMPANY}`;
/** The conditions of which the property counts the assets: of the rows themselves, and of other tables. */
const CONDITIONS = [
  ofCompany,
  sql`${ofCompany} and ${t.assets.trashState} = 'NotInTrash'`,
  sql`${ofCompany} and ${t.assets.folderId} in (select f.id from ${t.folders} f where f.path like 'Six/In/%')`,
  sql`${ofCompany} and ${t.assets.id} in (select v.asset_id from ${t.metadataValues} v where v.values = '["red"]')`,
];

const counted = async (db: Db, where = ofCompany): Promise<number> => {
  const { rows } = await db.execute<{ count: number }>(
    sql`select count(*)::int as count from ${t.assets} where ${where}`,
  );
  return rows[0]?.count ?? 0;
};

describe('what connections of several processes change', () => {
  it('shows in the order of commits, and waits for nothing', async (context) => {
    const { processes, sessions } = await sharedWorld(context);
    const [early, late, third] = sessions;
    const totals = () => Promise.all(processes.map((db) => countAssets(db, COMPANY, ofCompany)));
    // All of them change the same part, which somebody has changed before.
    await early?.run(insert(1));
    expect(await totals()).toEqual([1, 1]);
    await early?.run('begin');
    await early?.run(insert(2));
    expect(await totals()).toEqual([1, 1]);
    // The numbers of these transactions are higher than that of the open one. They would time out if they had to wait for it.
    for (const [at, session] of [late, third].entries()) {
      await session?.run("set lock_timeout = '2s'");
      await session?.run('begin');
      await session?.run(insert(3 + at));
    }
    await third?.run('commit');
    expect(await totals()).toEqual([2, 2]);
    await early?.run('commit');
    expect(await totals()).toEqual([3, 3]);
    await late?.run('rollback');
    expect(await totals()).toEqual([3, 3]);
  });

  it('is counted as it is, whoever changes what', { timeout: 120_000 }, async (context) => {
    await expectRightCounts(await sharedWorld(context));
  });
});

describe('what one connection of an embedded database changes', () => {
  it('is counted as it is', { timeout: 120_000 }, async () => {
    await expectRightCounts(await worldOf({ kind: 'memory' }, 1, 1));
  });

  it('is counted again where other tables decide', async () => {
    const {
      processes: [db],
    } = await worldOf({ kind: 'memory' }, 1, 0);
    if (db === undefined) throw new Error('there is no process');
    const where = sql`${ofCompany} and ${t.assets.folderId} in (select f.id from ${t.folders} f where f.path like 'Six/In/%')`;
    await db.execute(sql.raw(insert(1)));
    await db.execute(sql.raw('update assets set folder_id = 62'));
    const counts: number[] = [];
    for (const path of ['Six/In/', 'Six/Out/', 'Six/In/']) {
      await db.execute(sql.raw(`update folders set path = '${path}' where id = 62`));
      counts.push(await countAssets(db, COMPANY, where, () => true));
    }
    expect(counts).toEqual([1, 0, 1]);
  });

  it('is neither remembered nor hidden while it is not committed', async () => {
    const {
      processes: [db],
    } = await worldOf({ kind: 'memory' }, 1, 0);
    if (db === undefined) throw new Error('there is no process');
    await countAssets(db, COMPANY, ofCompany);
    await db
      .transaction(async (tx) => {
        await tx.execute(sql.raw(insert(1)));
        expect(await countAssets(tx, COMPANY, ofCompany)).toBe(1);
        expect(await countAssets(tx, COMPANY, ofCompany)).toBe(1);
        throw new Error('undone');
      })
      .catch(() => undefined);
    expect(await countAssets(db, COMPANY, ofCompany)).toBe(0);
  });
});

describe('a result', () => {
  it('holds until what it depends on changes, and outlives all else', async () => {
    const {
      processes: [db],
    } = await worldOf({ kind: 'memory' }, 1, 0);
    if (db === undefined) throw new Error('there is no process');
    let queries = 0;
    const asked = async (): Promise<number> => {
      await unchangedResult(db, COMPANY, 'a result', async () => {
        queries += 1;
        return queries;
      });
      return queries;
    };
    expect(await asked()).toBe(1);
    expect(await asked()).toBe(1);
    for (const other of [
      insert(PART + 1, 7),
      `insert into users (id, email, first_name, last_name, password_hash, created_at) values (1, 'a@example.com', '', '', '', now())`,
      `update users set first_name = 'Ann'`,
      `insert into groups (company_id, name) values (6, 'Some')`,
      `delete from permission_sets`,
      `insert into mails (recipient, subject, body, created_at, outcome) values ('', '', '', now(), '')`,
    ]) {
      await db.execute(sql.raw(other));
      expect(await asked(), other).toBe(1);
    }
    let expected = 1;
    for (const change of [
      insert(1),
      `update assets set trash_state = 'InTrash' where company_id = 6`,
      `update folders set last_modified = now() where id = 61`,
      `update folders set path = 'Six/Out/' where id = 62`,
      `update users set email = 'b@example.com'`,
      `insert into metadata_values (asset_id, field_id, values) values (1, 1, '["red"]')`,
      `update metadata_values set values = '["blue"]'`,
      `delete from metadata_fields`,
      `insert into projects (id, company_id, name) values (1, 6, 'P')`,
      `insert into project_assets (project_id, asset_id) values (1, 1)`,
      `delete from projects`,
      `insert into permission_sets (id, company_id, folder_id) values (1, 6, 61)`,
      `insert into permission_entries (set_id, group_id, type, is_allowed, is_override) select 1, min(id), 'Read', true, true from groups`,
      `delete from permission_sets`,
      `delete from assets where company_id = 6`,
      `delete from folders where id = 62`,
      `truncate assets cascade`,
      `set session_replication_role = 'replica'; ${insert(2)}; set session_replication_role = 'origin'`,
    ]) {
      for (const statement of change.split(';')) await db.execute(sql.raw(statement));
      expected += change.startsWith('insert into projects') ? 0 : 1;
      expect(await asked(), change).toBe(expected);
    }
  });

  it('that depends on a table whose changes are not recorded is not remembered', async () => {
    const {
      processes: [db],
    } = await worldOf({ kind: 'memory' }, 1, 0);
    if (db === undefined) throw new Error('there is no process');
    await db.execute(sql.raw(insert(1)));
    const where = sql`${ofCompany} and exists (select 1 from ${t.groups} where ${t.groups.name} = 'There')`;
    expect(await countAssets(db, COMPANY, where)).toBe(0);
    await db.execute(sql.raw(`insert into groups (company_id, name) values (6, 'There')`));
    expect(await countAssets(db, COMPANY, where)).toBe(1);
    const { rows } = await db.execute<{ name: string }>(
      sql`select distinct tgrelid::regclass::text as name from pg_trigger where tgname like 'record%' order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual([...RECORDED]);
  });

  it('is computed once for all who ask at the same time', async () => {
    const {
      processes: [db],
    } = await worldOf({ kind: 'memory' }, 1, 0);
    if (db === undefined) throw new Error('there is no process');
    let queries = 0;
    const ask = () =>
      unchangedResult(db, COMPANY, 'a result', async () => {
        queries += 1;
        return (await db.select().from(t.folders).where(eq(t.folders.companyId, COMPANY))).length;
      });
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([2, 2, 2]);
    expect(queries).toBe(1);
  });
});

/** A step of a connection, on assets that no other one changes. */
type Step =
  | { readonly act: 'insert' | 'delete' | 'trash' | 'move' | 'describe'; readonly asset: number }
  | { readonly act: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'back' };

const STEP = fc.oneof(
  fc.record({
    act: fc.constantFrom('insert', 'insert', 'delete', 'trash', 'move', 'describe'),
    asset: fc.nat({ max: 5 }),
  }),
  fc.record({ act: fc.constantFrom('begin', 'commit', 'commit', 'rollback', 'savepoint', 'back') }),
);

async function expectRightCounts({ processes, sessions }: World): Promise<void> {
  const steps = fc.array(
    fc.record({
      session: fc.nat({ max: sessions.length - 1 }),
      step: STEP,
      looks: fc.array(
        fc.record({
          process: fc.nat({ max: processes.length - 1 }),
          condition: fc.nat({ max: CONDITIONS.length - 1 }),
          isPartial: fc.boolean(),
        }),
        { maxLength: 3 },
      ),
    }),
    { minLength: 10, maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      for (const { session: number, step, looks } of given) {
        const session = sessions[number];
        if (session !== undefined) await take(session, number, step as Step);
        for (const { process, condition, isPartial } of looks) {
          const db = processes[process];
          const where = CONDITIONS[condition];
          if (db === undefined || where === undefined) continue;
          // The embedded database has one connection; while its transaction is open, nobody else can look.
          if (sessions.length === 1 && session?.isOpen) continue;
          expect(await countAssets(db, COMPANY, where, () => isPartial)).toBe(await counted(db, where));
        }
      }
      for (const session of sessions) if (session.isOpen) await session.run('rollback');
    }),
    { numRuns: casesOf(100) },
  );
}

async function take(session: Session, number: number, step: Step): Promise<void> {
  switch (step.act) {
    case 'begin':
      if (!session.isOpen) await session.run('begin');
      return;
    case 'commit':
    case 'rollback':
      if (session.isOpen) await session.run(step.act);
      return;
    case 'savepoint':
      if (session.isOpen) await session.run('savepoint here');
      return;
    case 'back':
      if (session.hasSavepoint) await session.run('rollback to here');
      return;
    default: {
      // Six assets of each connection, two in each part.
      const id = (step.asset % 3) * PART + 10 * number + step.asset + 1;
      await session.run(statementOf(step.act, id));
    }
  }
}

function statementOf(act: 'insert' | 'delete' | 'trash' | 'move' | 'describe', id: number): string {
  switch (act) {
    case 'insert':
      return `${insert(id)} on conflict do nothing`;
    case 'delete':
      return `delete from assets where id = ${id}`;
    case 'trash':
      return `update assets set trash_state = case trash_state when 'InTrash' then 'NotInTrash' else 'InTrash' end where id = ${id}`;
    case 'move':
      return `update assets set folder_id = 123 - folder_id where id = ${id}`;
    case 'describe':
      return `insert into metadata_values (asset_id, field_id, values) select id, 1, '["red"]' from assets where id = ${id}
        on conflict (asset_id, field_id) do update set values = case metadata_values.values when '["red"]' then '["blue"]'::jsonb else '["red"]'::jsonb end`;
  }
}
