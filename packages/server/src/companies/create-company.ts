import type { Db } from '../db/db.js';
import * as t from '../db/schema.js';
import { createCompanyProperties } from './built-in-properties.js';
import { rootPathOf } from './company-record.js';

/** The contexts that every company has, named after their types and numbered in this order, as at the service. */
const CONTEXTS = ['ImageRendering', 'ImageServing', 'ServerDirectory', 'Video'] as const;

/**
 * Creates a company with its root folder, publish contexts and built-in property sets.
 *
 * @returns Its number.
 */
export async function createCompany(
  tx: Db,
  name: string,
  now: Date,
  more: { expires?: Date | undefined; imsOrgId?: string | undefined } = {},
): Promise<number> {
  const [company] = await tx
    .insert(t.companies)
    .values({
      name,
      rootPath: rootPathOf(name),
      expires: more.expires ?? new Date('2101-01-01T06:00:00Z'),
      imsOrgId: more.imsOrgId ?? null,
      createdAt: now,
    })
    .returning();
  if (company === undefined) throw new Error('the company was not stored');
  await tx.insert(t.folders).values({ companyId: company.id, path: company.rootPath, lastModified: now });
  await tx
    .insert(t.publishContexts)
    .values(CONTEXTS.map((type) => ({ companyId: company.id, name: type, type })));
  await createCompanyProperties(tx, company.id);
  return company.id;
}
