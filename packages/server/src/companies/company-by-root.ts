import type { Db } from '../db/db.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';

/** The company with a root folder, given without its trailing slash. */
export async function companyByRoot(db: Db, root: string): Promise<CompanyRow | undefined> {
  const [company] = await db
    .select()
    .from(t.companies)
    .where(equalsIgnoreCase(t.companies.rootPath, `${root}/`));
  return company;
}
