// The built-in types of property sets, and the application settings of every company.
import { and, eq, isNull } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';

/** The name of the type for the settings of the service's own applications. Programs look it up by name. */
export const APPLICATION_SETTINGS = 'Adobe.SPS.ApplicationSetting';

/** Types for all companies. */
const GLOBAL_TYPES = [
  { name: 'Adobe.UserProperty', propertyType: 'UserProperty', allowMultiple: false },
  { name: APPLICATION_SETTINGS, propertyType: 'CompanyProperty', allowMultiple: false },
] as const;

/** Types of each company. */
const COMPANY_TYPES = [
  { name: 'SavedSearch', propertyType: 'UserCompanyProperty', allowMultiple: true },
  { name: 'CompanyMetadata', propertyType: 'CompanyProperty', allowMultiple: true },
] as const;

/** Whether a type is built in for all companies. */
export const isBuiltIn = ({
  companyId,
  name,
}: {
  readonly companyId: number | null;
  readonly name: string;
}) => companyId === null && GLOBAL_TYPES.some((type) => type.name === name);

/** Creates missing types for all companies. */
export async function ensureGlobalTypes(tx: Db): Promise<void> {
  const known = await tx
    .select({ name: t.propertySetTypes.name })
    .from(t.propertySetTypes)
    .where(isNull(t.propertySetTypes.companyId));
  const names = new Set(known.map(({ name }) => name));
  // Avoids refused inserts, which would use up numbers.
  const lacking = GLOBAL_TYPES.filter(({ name }) => !names.has(name));
  if (lacking.length > 0) await tx.insert(t.propertySetTypes).values([...lacking]);
}

/** Creates the types of a company, and its application settings with their defaults. */
export async function createCompanyProperties(tx: Db, companyId: number): Promise<void> {
  await tx.insert(t.propertySetTypes).values(COMPANY_TYPES.map((type) => ({ ...type, companyId })));
  const [settings] = await tx
    .select({ id: t.propertySetTypes.id })
    .from(t.propertySetTypes)
    .where(
      and(
        isNull(t.propertySetTypes.companyId),
        eq(t.propertySetTypes.name, APPLICATION_SETTINGS),
        // An older database can contain a user's type with this name.
        eq(t.propertySetTypes.propertyType, 'CompanyProperty'),
      ),
    );
  if (settings !== undefined)
    await tx.insert(t.propertySets).values({ typeId: settings.id, companyId, properties: [] });
}

/** The default application settings of a company, based on the address of this server. */
export function applicationDefaults(
  baseUrl: string,
  { rootPath }: CompanyRow,
): readonly { readonly name: string; readonly value: string }[] {
  return [
    // `<ID>` stands for the name of an image.
    { name: 'application_cdn_invalidation_template', value: `${baseUrl}/is/image/${rootPath}<ID>` },
    { name: 'application_test_server_context', value: `${baseUrl}/` },
  ];
}
