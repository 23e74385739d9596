import type { Company } from '@ips-sdk/types';
import { or } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { companyHandle } from '../handles.js';

/** A company as returned by the API. */
export function companyRecord(row: CompanyRow): Company {
  return {
    companyHandle: companyHandle(row.id),
    name: row.name,
    rootPath: row.rootPath,
    ...(row.expires === null ? {} : { expires: row.expires.toISOString() }),
    ...(row.imsOrgId === null ? {} : { imsOrgId: row.imsOrgId }),
  };
}

/** The path of the root folder that a company of this name gets. */
export function rootPathOf(name: string): string {
  return `${name.replaceAll(/\s+/g, '')}/`;
}

/** What a company can be called, in words. */
export const COMPANY_NAME = 'a name of 1 to 100 characters, without slashes, "|" or control characters';

/** Whether a company can have a name. Its root folder has it too, without blanks. */
export function isCompanyName(name: string): boolean {
  return (
    rootPathOf(name) !== '/' && name.length <= 100 && !/[/\\|\p{Cc}\p{Cs}]/u.test(name) && !/^\.+$/.test(name)
  );
}

/**
 * The company that has this name, or the root folder that a company of this name would get: two companies cannot share a root,
 * because it identifies them in image URLs.
 */
export async function companyInTheWay(db: Db, name: string): Promise<CompanyRow | undefined> {
  const [company] = await db
    .select()
    .from(t.companies)
    .where(
      or(equalsIgnoreCase(t.companies.name, name), equalsIgnoreCase(t.companies.rootPath, rootPathOf(name))),
    );
  return company;
}

/** @throws Error if the company with a name was removed. */
export async function companyNamed(db: Db, name: string): Promise<CompanyRow> {
  const [company] = await db.select().from(t.companies).where(equalsIgnoreCase(t.companies.name, name));
  if (company === undefined) throw new Error(`the company "${name}" does not exist`);
  return company;
}
