import { and, asc, eq, sql } from 'drizzle-orm';
import { createCompany } from '../companies/create-company.js';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { ensureFolder } from '../folders/folder-store.js';
import type { EngineParts } from '../jobs/engine-parts.js';
import { NO_PASSWORD } from '../passwords/stored-hash.js';
import type { Services } from '../services.js';
import { addAssets, missingAssets } from './add-assets.js';
import { addFields, addValues } from './add-fields.js';
import { addJobs } from './add-jobs.js';
import { addMarks } from './add-marks.js';
import { addSets } from './add-sets.js';
import { checkSeed } from './check-seed.js';
import { addImageFormats } from './image-formats.js';
import { type PreparedAsset, plannedAssets, prepareAssets } from './prepare-assets.js';
import { readSeedFile } from './read-seed-file.js';
import { SeedError } from './seed-error.js';
import { folderPathOf } from './seed-names.js';
import { addGroups, addPermissions } from './seed-permissions.js';
import type { SeedPlace } from './seed-place.js';
import type { SeedCompany, SeedUser } from './seed-types.js';

/** Assets from which on the database counts its rows again, which decides how it searches. */
const MANY = 500;

/**
 * Adds the data of a seed: everything, or nothing if a part of it is invalid.
 *
 * @param given - The seed, or the path of its file.
 * @throws SeedError that names the invalid value.
 *
 * @internal
 */
export async function applySeed(parts: EngineParts, given: unknown): Promise<void> {
  if (typeof given !== 'string') return apply(parts, given, undefined);
  const { seed, directory } = await readSeedFile(given);
  try {
    await apply(parts, seed, directory);
  } catch (error) {
    throw error instanceof SeedError ? new SeedError(given, error.message, error) : error;
  }
}

async function apply(parts: EngineParts, given: unknown, directory: string | undefined): Promise<void> {
  const { services } = parts;
  const seed = checkSeed(given);
  const { companies = [], users = [] } = seed;
  const { maxFileBytes } = services.config.limits;
  const from = directory === undefined ? undefined : { path: directory, maxBytes: maxFileBytes };
  // The slow part comes first, and changes nothing but the file store.
  const prepared: (readonly PreparedAsset[])[] = [];
  for (const [index, company] of companies.entries()) {
    const known = await findCompany(services.db, company.name);
    const missing = await missingAssets(services.db, known, assetsIn(company, `companies[${index}]`));
    prepared.push(await prepareAssets(services, from, missing));
  }
  const hashes = await hashesOf(services, users);
  let assets = 0;
  await services.db.transaction(async (tx) => {
    const rows: CompanyRow[] = [];
    for (const company of companies) rows.push(await addCompany(tx, company, services.clock.now()));
    for (const [index, user] of users.entries())
      await addUser(tx, user, hashes[index] ?? '', `users[${index}]`, services.clock.now());
    const userId = await administratorOf(tx);
    // Members of groups and submitters of jobs may be users of the same seed.
    for (const [index, company] of companies.entries()) {
      const row = rows[index];
      if (row === undefined) throw new Error(`the company ${company.name} was not stored`);
      const path = `companies[${index}]`;
      const place = { services, company: row, userId };
      assets += await addContents(tx, place, company, path, prepared[index] ?? []);
      await addGroups(tx, row, company.groups ?? [], `${path}.groups`);
      await addPermissions(tx, row, company.permissions ?? [], `${path}.permissions`);
      await addJobs(tx, parts, place, company.jobs ?? [], `${path}.jobs`);
    }
  });
  services.lookups.forget();
  // Plans of queries follow the number of rows, which nothing else counts in an embedded database.
  if (assets >= MANY) await services.db.execute(sql`analyze`);
}

/** @returns The number of assets that were added. */
async function addContents(
  tx: Db,
  place: SeedPlace,
  company: SeedCompany,
  path: string,
  prepared: readonly PreparedAsset[],
): Promise<number> {
  await addFields(tx, place.company, company.metadataFields ?? [], `${path}.metadataFields`);
  await addImageFormats(tx, place.company, company.imageFormats ?? {}, `${path}.imageFormats`);
  const assets = await addAssets(tx, place, prepared);
  const sets = (company.folders ?? []).flatMap((folder, index) =>
    typeof folder === 'string'
      ? []
      : (folder.sets ?? []).map((set, at) => ({
          path: `${path}.folders[${index}].sets[${at}]`,
          folder: folderPathOf(folder.path),
          set,
        })),
  );
  const added = [...assets, ...(await addSets(tx, place, sets))];
  await addValues(tx, place.company, added);
  await addMarks(tx, place, added);
  return assets.length;
}

function assetsIn(company: SeedCompany, path: string) {
  return (company.folders ?? []).flatMap((folder, index) =>
    typeof folder === 'string'
      ? []
      : plannedAssets(`${path}.folders[${index}].assets`, folderPathOf(folder.path), folder.assets ?? []),
  );
}

async function addCompany(tx: Db, { name, folders = [] }: SeedCompany, now: Date): Promise<CompanyRow> {
  if ((await findCompany(tx, name)) === undefined) await createCompany(tx, name, now);
  const company = await findCompany(tx, name);
  if (company === undefined) throw new Error(`the company ${name} was not stored`);
  for (const folder of folders) {
    const path = folderPathOf(typeof folder === 'string' ? folder : folder.path);
    if (path !== '') await ensureFolder(tx, company.id, `${company.rootPath}${path}`, now);
  }
  return company;
}

async function addUser(tx: Db, user: SeedUser, passwordHash: string, path: string, now: Date): Promise<void> {
  await tx
    .insert(t.users)
    .values({
      email: user.email,
      firstName: user.firstName ?? '',
      lastName: user.lastName ?? '',
      isIpsAdmin: user.isIpsAdmin ?? false,
      passwordHash,
      createdAt: now,
    })
    .onConflictDoNothing();
  // The user has no password after a snapshot from another server was restored.
  await tx
    .update(t.users)
    .set({ passwordHash })
    .where(and(equalsIgnoreCase(t.users.email, user.email), eq(t.users.passwordHash, NO_PASSWORD)));
  const [row] = await tx.select().from(t.users).where(equalsIgnoreCase(t.users.email, user.email));
  for (const [place, { company, role }] of (user.memberships ?? []).entries()) {
    const known = await findCompany(tx, company);
    if (known === undefined || row === undefined)
      throw new SeedError(`${path}.memberships[${place}].company`, `the company "${company}" does not exist`);
    await tx
      .insert(t.memberships)
      .values({ userId: row.id, companyId: known.id, role, isActive: true })
      .onConflictDoNothing();
  }
}

/** Hashes the passwords of users, as many at once as there are threads, so that none waits in a list that has an end. */
async function hashesOf(
  { logins }: Services,
  users: readonly { readonly email: string; readonly password: string }[],
): Promise<readonly string[]> {
  const hashes: string[] = [];
  const entries = users.entries();
  const work = async (): Promise<void> => {
    for (const [index, { email, password }] of entries) {
      const hash = await logins.hasher.hash(password, 'seed');
      logins.remember(email, password, hash);
      hashes[index] = hash;
    }
  };
  await Promise.all(Array.from({ length: logins.hasher.threads }, work));
  return hashes;
}

/** The user who creates the assets of a seed: the oldest administrator of the server. */
async function administratorOf(tx: Db): Promise<number> {
  const [user] = await tx
    .select({ id: t.users.id })
    .from(t.users)
    .where(eq(t.users.isIpsAdmin, true))
    .orderBy(asc(t.users.id))
    .limit(1);
  if (user === undefined) throw new Error('the server has no administrator, who would create the assets');
  return user.id;
}

async function findCompany(db: Db, name: string): Promise<CompanyRow | undefined> {
  const [company] = await db.select().from(t.companies).where(equalsIgnoreCase(t.companies.name, name));
  return company;
}
