import type { Company } from '@ips-sdk/types';
import { or } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { companyHandle } from '../handles.js';

/** A company as the API shows it. */
export function companyRecord(row: CompanyRow): Company {
  return {
    companyHandle: companyHandle(row.id),
    name: row.name,
    rootPath: row.rootPath,
    ...(row.expires === null ? {} : { expires: row.expires.toISOString() }),
    ...(row.imsOrgId === null ? {} : { imsOrgId: row.imsOrgId }),
  };
}

/** The path of the root folder of a company with this name. */
export function rootPathOf(name: string): string {
  return `${name.replaceAll(/\s+/g, '')}/`;
}

/**
 * The company that has a name, or whose root folder a company with this name would have: two companies cannot share a root,
 * because published images are found by it.
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
