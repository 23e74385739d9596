import type { Permission, Property, PropertySet, PropertySetType } from '@ips-sdk/types';
import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Call } from '../access/call.js';
import { findCompany } from '../access/find-company.js';
import { mayAct } from '../access/identity.js';
import { requirePropertySet } from '../access/permissions/checks.js';
import { propertySetCondition } from '../access/permissions/conditions.js';
import { permissionsOfPropertySets } from '../access/permissions/effective-sets.js';
import { entriesOf } from '../access/permissions/entries.js';
import { READ, type Right } from '../access/permissions/rights.js';
import { replaceSet } from '../access/permissions/set-store.js';
import { callerAnywhere } from '../access/permissions/viewer.js';
import { mayCallIn, requestUser } from '../access/user-access.js';
import { inTransaction } from '../assets/asset-changes.js';
import { APPLICATION_SETTINGS, applicationDefaults, isBuiltIn } from '../companies/built-in-properties.js';
import type { CompanyRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import {
  alreadyExists,
  illegalCompany,
  invalidParameter,
  missingParameter,
  noOperationPermission,
  ruleBroken,
  unknownHandle,
} from '../faults.js';
import {
  companyHandle,
  parsePropertySetHandle,
  parsePropertySetTypeHandle,
  propertySetHandle,
  propertySetTypeHandle,
  userHandle,
} from '../handles.js';
import type { AreaHandlers } from './handler.js';

type TypeRow = typeof t.propertySetTypes.$inferSelect;
type SetRow = typeof t.propertySets.$inferSelect;

const KINDS = ['UserProperty', 'CompanyProperty', 'UserCompanyProperty'];

/** Operations on property sets: names and values of users and companies. */
export const propertySetHandlers: AreaHandlers = {
  createPropertySetType: async (input, call) => {
    const { name, propertyType, allowMultiple } = input;
    if (name.trim() === '') throw invalidParameter('name', name, 'a name');
    if (!KINDS.includes(propertyType)) {
      throw invalidParameter('propertyType', propertyType, `one of ${KINDS.join(', ')}`);
    }
    if (call.company === undefined) checkIsAdmin(call);
    const [row] = await call.db
      .insert(t.propertySetTypes)
      .values({ companyId: call.company?.id ?? null, name, propertyType, allowMultiple })
      .onConflictDoNothing()
      .returning();
    if (row === undefined) throw alreadyExists('name', name);
    return { typeHandle: propertySetTypeHandle(row.id) };
  },

  getPropertySetType: async (input, call) => {
    const [row] = await call.db
      .select()
      .from(t.propertySetTypes)
      .where(and(ofCompany(call.company), eq(t.propertySetTypes.name, input.name)));
    if (row === undefined) throw invalidParameter('name', input.name, 'the name of a property set type');
    return { type: typeRecord(row) };
  },

  getPropertySetTypes: async (_input, call) => {
    const rows = await call.db
      .select()
      .from(t.propertySetTypes)
      .where(ofCompany(call.company))
      .orderBy(asc(t.propertySetTypes.id));
    return { typeArray: rows.map(typeRecord) };
  },

  deletePropertySetType: async (input, call) => {
    const type = await findType(call, input.typeHandle);
    if (type.companyId === null) checkIsAdmin(call);
    if (isBuiltIn(type)) throw ruleBroken(`typeHandle: the type '${type.name}' is built in`);
    await call.db.delete(t.propertySetTypes).where(eq(t.propertySetTypes.id, type.id));
    return {};
  },

  // If an owner can have only one set, the new one replaces it.
  createPropertySet: async (input, call) => {
    const type = await findType(call, input.typeHandle);
    const owner = await ownerOf(call, type, input);
    const { permissionArray } = input;
    const entries =
      permissionArray === undefined
        ? undefined
        : await entriesOf(call, await companyOfSet(call, owner), permissionArray, 'permissionArray');
    const properties = merged([], input.propertyArray);
    return inTransaction(call, async (tx) => {
      if (!type.allowMultiple) await tx.delete(t.propertySets).where(ofOwner(type, owner));
      const [row] = await tx
        .insert(t.propertySets)
        .values({ typeId: type.id, ...owner, properties })
        .returning({ id: t.propertySets.id });
      if (row === undefined) throw new Error('the property set was not stored');
      if (entries !== undefined) {
        await replaceSet(tx, { kind: 'propertySet', id: row.id, companyId: owner.companyId }, entries);
      }
      return { setHandle: propertySetHandle(row.id) };
    });
  },

  getPropertySets: async (input, call) => {
    const type = await findType(call, input.typeHandle);
    const owner = await ownerOf(call, type, input);
    const rows = await call.db
      .select()
      .from(t.propertySets)
      .where(
        and(ofOwner(type, owner), propertySetCondition(await callerAnywhere(call, owner.companyId), READ)),
      )
      .orderBy(asc(t.propertySets.id));
    const permissions = await permissionsOfPropertySets(
      call.db,
      rows.map(({ id }) => id),
    );
    const defaults = await defaultsOf(call, type, owner);
    return {
      setArray: rows.map((row) =>
        setRecord({ ...row, properties: merged(defaults, row.properties) }, permissions.get(row.id)),
      ),
    };
  },

  updatePropertySet: async (input, call) => {
    const set = await permittedSet(call, input.setHandle, ['Write']);
    const properties = merged(input.replaceProperties === true ? [] : set.properties, input.propertyArray);
    await call.db.update(t.propertySets).set({ properties }).where(eq(t.propertySets.id, set.id));
    return {};
  },

  deletePropertySet: async (input, call) => {
    const set = await permittedSet(call, input.setHandle, ['Delete']);
    await call.db.delete(t.propertySets).where(eq(t.propertySets.id, set.id));
    return {};
  },
};

/** The types of a company, or else those for all companies. */
const ofCompany = (company: CompanyRow | undefined): SQL =>
  company === undefined ? isNull(t.propertySetTypes.companyId) : eq(t.propertySetTypes.companyId, company.id);

function checkIsAdmin(call: Call): void {
  if (!call.identity.user.isIpsAdmin) throw noOperationPermission(call.operation);
}

/** A type for all companies, or for one in which the caller may call the operation. */
async function findType(call: Call, handle: string): Promise<TypeRow> {
  const [found] = await call.db
    .select({ type: t.propertySetTypes, company: t.companies })
    .from(t.propertySetTypes)
    .leftJoin(t.companies, eq(t.companies.id, t.propertySetTypes.companyId))
    .where(eq(t.propertySetTypes.id, parsePropertySetTypeHandle(handle) ?? -1));
  if (found === undefined) throw unknownHandle('typeHandle', handle);
  if (found.company !== null) checkCompany(call, found.company);
  return found.type;
}

function checkCompany(call: Call, company: CompanyRow): void {
  if (!mayAct(call.identity, company, call.now)) throw illegalCompany(companyHandle(company.id));
  if (!mayCallIn(call, company)) throw noOperationPermission(call.operation);
}

interface Owner {
  readonly userId: number | null;
  readonly companyId: number | null;
}

/** The owner of a set, as its type requires: a user, a company, or a user in a company. */
async function ownerOf(
  call: Call,
  type: TypeRow,
  given: { readonly primaryOwnerHandle: string; readonly secondaryOwnerHandle?: string | undefined },
): Promise<Owner> {
  const { primaryOwnerHandle: primary, secondaryOwnerHandle: secondary } = given;
  if (type.propertyType === 'CompanyProperty') {
    return { userId: null, companyId: (await ownerCompany(call, primary)).id };
  }
  const { id: userId } = await requestUser(call, primary);
  if (type.propertyType === 'UserProperty') return { userId, companyId: null };
  if (secondary === undefined) throw missingParameter('secondaryOwnerHandle');
  return { userId, companyId: (await ownerCompany(call, secondary)).id };
}

/** A company that owns properties, in which the caller may call the operation. */
async function ownerCompany(call: Call, handle: string): Promise<CompanyRow> {
  const company = await findCompany(call.db, call.identity, handle, { reads: false, now: call.now });
  checkCompany(call, company);
  return company;
}

/** Default properties for the sets of an owner. */
async function defaultsOf(call: Call, type: TypeRow, { companyId }: Owner): Promise<readonly Property[]> {
  if (!isBuiltIn(type) || type.name !== APPLICATION_SETTINGS || companyId === null) return [];
  const [company] = await call.db.select().from(t.companies).where(eq(t.companies.id, companyId));
  return company === undefined ? [] : applicationDefaults(call.services.baseUrl(), company);
}

const ofOwner = (type: TypeRow, { userId, companyId }: Owner): SQL =>
  sql`${t.propertySets.typeId} = ${type.id} and ${t.propertySets.userId} is not distinct from ${userId}::int and ${t.propertySets.companyId} is not distinct from ${companyId}::int`;

/** A set that the caller may change: of a company in which the caller acts, of the caller, or of a user whom the caller manages. */
export async function findPropertySet(call: Call, handle: string): Promise<SetRow> {
  const [found] = await call.db
    .select({ set: t.propertySets, type: t.propertySetTypes, user: t.users })
    .from(t.propertySets)
    .innerJoin(t.propertySetTypes, eq(t.propertySetTypes.id, t.propertySets.typeId))
    .leftJoin(t.users, eq(t.users.id, t.propertySets.userId))
    .where(eq(t.propertySets.id, parsePropertySetHandle(handle) ?? -1));
  if (found === undefined) throw unknownHandle('setHandle', handle);
  await findType(call, propertySetTypeHandle(found.type.id));
  if (found.set.companyId !== null) await ownerCompany(call, companyHandle(found.set.companyId));
  if (found.user !== null) await requestUser(call, userHandle(found.user));
  return found.set;
}

/** A set that the caller may change, if it has no permissions or one of the caller's groups has all of some rights. */
async function permittedSet(call: Call, handle: string, rights: readonly Right[]): Promise<SetRow> {
  const set = await findPropertySet(call, handle);
  await requirePropertySet(call.db, await callerAnywhere(call, set.companyId), set.id, rights);
  return set;
}

/** The company of a set, whose groups its permissions name; `undefined` for a set of a user in no company. */
export async function companyOfSet(
  call: Call,
  { companyId }: { readonly companyId: number | null },
): Promise<CompanyRow | undefined> {
  if (companyId === null) return undefined;
  const [company] = await call.db.select().from(t.companies).where(eq(t.companies.id, companyId));
  return company;
}

/** Merges properties. Of those with the same name, the last one counts. */
function merged(before: readonly Property[], given: readonly Property[]): { name: string; value: string }[] {
  given.forEach(({ name }, index) => {
    if (name === '') throw invalidParameter(`propertyArray[${index}]/name`, name, 'a name');
  });
  const values = new Map([...before, ...given].map(({ name, value }) => [name, value]));
  return [...values].map(([name, value]) => ({ name, value }));
}

const typeRecord = (row: TypeRow): PropertySetType => ({
  typeHandle: propertySetTypeHandle(row.id),
  ...(row.companyId === null ? {} : { companyHandle: companyHandle(row.companyId) }),
  name: row.name,
  propertyType: row.propertyType,
  allowMultiple: row.allowMultiple,
});

const setRecord = (row: SetRow, permissions: Permission[] | undefined): PropertySet => ({
  setHandle: propertySetHandle(row.id),
  typeHandle: propertySetTypeHandle(row.typeId),
  propertyArray: row.properties,
  ...(permissions === undefined ? {} : { permissions }),
});
