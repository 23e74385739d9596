import { assetOverwriteModes } from '@ips-sdk/types/constants';
import { and, asc, count, eq, inArray, max, ne, type SQL, sql, sum } from 'drizzle-orm';
import { type Call, companyOf } from '../access/call.js';
import { isExpired, mayAct } from '../access/identity.js';
import { rolesAllowed } from '../access/operation-roles.js';
import { assetCondition } from '../access/permissions/conditions.js';
import { READ } from '../access/permissions/rights.js';
import { callerOf } from '../access/permissions/viewer.js';
import { withAdministration } from '../access/system-administrators.js';
import { usableCompanies } from '../access/user-access.js';
import { userRecord } from '../access/user-record.js';
import { COMPANY_NAME, companyInTheWay, companyRecord, isCompanyName } from '../companies/company-record.js';
import { settingAsset, settingsRecord } from '../companies/company-settings.js';
import { createCompany } from '../companies/create-company.js';
import { systemProperties } from '../companies/system-properties.js';
import { equalsIgnoreCase } from '../db/ignore-case.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { SHARED_COMPANY } from '../db/shared-company.js';
import {
  alreadyExists,
  illegalCompany,
  invalidCompany,
  invalidParameter,
  missingParameter,
} from '../faults.js';
import { companyHandle } from '../handles.js';
import { centralMoment } from './central-time.js';
import type { AreaHandlers } from './handler.js';

/** Operations on companies, their settings and contents, and on system properties. */
export const companyHandlers: AreaHandlers = {
  getAllCompanies: async ({ includeExpired }, call) => {
    const companies = await call.db
      .select()
      .from(t.companies)
      .where(ne(t.companies.id, SHARED_COMPANY.id))
      .orderBy(asc(t.companies.id));
    return {
      companyArray: companies
        .filter((company) => includeExpired || !isExpired(company, call.now))
        .map(companyRecord),
    };
  },

  getCompanyInfo: async (input, call) => {
    if (call.company !== undefined) return { companyInfo: companyRecord(call.company) };
    const [key, condition] =
      input.companyName !== undefined
        ? [input.companyName, equalsIgnoreCase(t.companies.name, input.companyName)]
        : input.imsOrgId !== undefined
          ? [input.imsOrgId, eq(t.companies.imsOrgId, input.imsOrgId)]
          : [undefined, sql`false`];
    if (key === undefined) throw missingParameter('companyHandle, companyName or imsOrgId');
    const [company] = await call.db.select().from(t.companies).where(condition).orderBy(asc(t.companies.id));
    if (company === undefined) throw invalidCompany(key);
    if (isExpired(company, call.now) && !call.identity.user.isIpsAdmin) throw invalidCompany(key);
    if (!mayAct(call.identity, company, call.now) && company.id !== SHARED_COMPANY.id)
      throw illegalCompany(key);
    return { companyInfo: companyRecord(company) };
  },

  addCompany: async (input, call) => {
    const name = input.companyName.trim();
    if (!isCompanyName(name)) throw invalidParameter('companyName', input.companyName, COMPANY_NAME);
    const expires = input.expires === undefined ? undefined : centralMoment(input.expires);
    const company = await call.db.transaction(async (tx) => {
      if ((await companyInTheWay(tx, name)) !== undefined) throw alreadyExists('companyName', name);
      const id = await createCompany(tx, name, call.now, { expires, imsOrgId: input.imsOrgId });
      // Otherwise, callers who are not system administrators could do nothing with the companies that they create.
      const role = call.identity.memberships.find(
        (membership) => membership.isActive && rolesAllowed(call.operation)?.includes(membership.role),
      )?.role;
      if (!call.identity.user.isIpsAdmin && role !== undefined) {
        await tx.insert(t.memberships).values({ userId: call.identity.user.id, companyId: id, role });
      }
      const [made] = await tx.select().from(t.companies).where(eq(t.companies.id, id));
      if (made === undefined) throw new Error('the company was not stored');
      return made;
    });
    return { companyInfo: companyRecord(company) };
  },

  getCompanySettings: async (_input, call) => ({ settings: await settingsRecord(call, companyOf(call)) }),

  setCompanySettings: async (input, call) => {
    const company = companyOf(call);
    const { overwriteMode, diskSpaceWarningMin } = input;
    if (overwriteMode !== undefined && !(assetOverwriteModes as readonly string[]).includes(overwriteMode)) {
      throw invalidParameter('overwriteMode', overwriteMode, assetOverwriteModes.join(', '));
    }
    if (diskSpaceWarningMin !== undefined && diskSpaceWarningMin < 0) {
      throw invalidParameter('diskSpaceWarningMin', diskSpaceWarningMin, 'kilobytes, at least 0');
    }
    const asset = async (
      field:
        | 'defaultSourceProfileHandle'
        | 'defaultDisplayProfileHandle'
        | 'iptcExifMappingXsltHandle'
        | 'xmpMappingXsltHandle',
      type: 'IccProfile' | 'Xsl',
    ): Promise<number | undefined> => {
      const handle = input[field];
      return handle === undefined ? undefined : settingAsset(call, company, field, handle, type);
    };
    const changes: t.CompanySettingsRow = withoutUndefined({
      overwriteMode,
      retainPublishState: input.retainPublishState,
      defaultSourceProfileId: await asset('defaultSourceProfileHandle', 'IccProfile'),
      defaultDisplayProfileId: await asset('defaultDisplayProfileHandle', 'IccProfile'),
      iptcExifMappingXsltId: await asset('iptcExifMappingXsltHandle', 'Xsl'),
      xmpMappingXsltId: await asset('xmpMappingXsltHandle', 'Xsl'),
      diskSpaceWarningMin,
      emailTrashCleanupWarning: input.emailTrashCleanupWarning,
    });
    // Merged by the database, so that two calls that set different fields both take effect.
    await call.db
      .update(t.companies)
      .set({ settings: sql`${t.companies.settings} || ${JSON.stringify(changes)}::jsonb` })
      .where(eq(t.companies.id, company.id));
    return {};
  },

  getCompanyMembers: async ({ includeInvalid, includeInactive }, call) => {
    const conditions: SQL[] = [eq(t.memberships.companyId, companyOf(call).id)];
    if (!includeInvalid) conditions.push(eq(t.users.isValid, true));
    if (!includeInactive) conditions.push(eq(t.memberships.isActive, true));
    const rows = await call.db
      .select({ user: t.users, membership: t.memberships })
      .from(t.memberships)
      .innerJoin(t.users, eq(t.users.id, t.memberships.userId))
      .where(and(...conditions))
      .orderBy(asc(t.users.id));
    const users = await withAdministration(
      call.db,
      rows.map(({ user }) => user),
      call.now,
    );
    return {
      memberArray: rows.map(({ user, membership }, index) => ({
        user: userRecord(users[index] ?? user),
        role: membership.role,
        isActive: membership.isActive,
      })),
    };
  },

  getDiskUsage: async (_input, call) => {
    const companies = call.company === undefined ? await usableCompanies(call) : [call.company];
    return { diskUsageArray: await diskUsage(call, companies) };
  },

  getAssetCounts: async (_input, call) => {
    const rows = await call.db
      .select({ assetType: t.assets.type, count: count() })
      .from(t.assets)
      .where(
        and(
          eq(t.assets.companyId, companyOf(call).id),
          eq(t.assets.trashState, 'NotInTrash'),
          await assetCondition(call.db, await callerOf(call), READ),
        ),
      )
      .groupBy(t.assets.type)
      .orderBy(asc(t.assets.type));
    return { countArray: rows };
  },

  getProperty: async ({ name }, call) => {
    const properties = await systemProperties(call.services);
    // Regardless of case: the documentation writes one of the names in two ways.
    const [, value] = [...properties].find(([known]) => known.toLowerCase() === name.toLowerCase()) ?? [];
    if (value === undefined) throw invalidParameter('name', name, [...properties.keys()].join(', '));
    return { value };
  },

  getSystemProperties: async (_input, call) => ({
    propertyArray: [...(await systemProperties(call.services))].map(([name, value]) => ({ name, value })),
  }),
};

/** Images and bytes of originals by company. Those in the trash count, because they still take space. */
async function diskUsage(call: Call, companies: readonly CompanyRow[]) {
  if (companies.length === 0) return [];
  const rows = await call.db
    .select({
      companyId: t.assets.companyId,
      images: sql<number>`count(*) filter (where ${t.assets.type} = 'Image')`.mapWith(Number),
      bytes: sum(t.assets.fileSize).mapWith(Number),
      lastModified: max(t.assets.lastModified),
    })
    .from(t.assets)
    .where(
      inArray(
        t.assets.companyId,
        companies.map(({ id }) => id),
      ),
    )
    .groupBy(t.assets.companyId);
  const byCompany = new Map(rows.map((row) => [row.companyId, row]));
  return companies.map((company) => {
    const row = byCompany.get(company.id);
    return {
      companyHandle: companyHandle(company.id),
      companyName: company.name,
      imageCount: row?.images ?? 0,
      diskSpaceUsage: Math.ceil((row?.bytes ?? 0) / 1024),
      lastModified: (row?.lastModified ?? company.createdAt).toISOString(),
    };
  });
}

function withoutUndefined(value: Record<string, unknown>): t.CompanySettingsRow {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
