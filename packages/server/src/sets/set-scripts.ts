import { eq, inArray } from 'drizzle-orm';
import { SET_TYPES } from '../assets/asset-types.js';
import type { Db } from '../db/db.js';
import type { CompanyRow, UserRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { invalidParameter, missingParameter, unknownHandle } from '../faults.js';
import { parsePropertySetHandle } from '../handles.js';
import { type NamingRule, parseNamingRule } from './naming-rule.js';

/** A property set, read as a script that creates sets. */
export interface SetScript {
  readonly rule: NamingRule;
  /** Type of the sets that it creates. */
  readonly setType: string;
}

/** The properties of a script. The service's own format is not public: this one is specific to this server. */
const RULE = 'namingRule';
const TYPE = 'setType';

/**
 * Reads property sets as scripts, in the order of their handles. `namingRule` is a rule for {@link parseNamingRule}; `setType` is a
 * type of sets with members, by default `ImageSet`. Other properties are ignored.
 *
 * @param path - Path of the handles, for faults.
 * @throws IpsFault 30001 for an unknown set, or one that is not a script; 30002 if there are none.
 */
export async function readSetScripts(
  db: Db,
  company: CompanyRow,
  user: UserRow,
  handles: readonly string[],
  path: string,
): Promise<SetScript[]> {
  if (handles.length === 0) throw missingParameter(path);
  const ids = handles.map((handle) => parsePropertySetHandle(handle) ?? -1);
  const rows = await db
    .select({ set: t.propertySets, typeCompanyId: t.propertySetTypes.companyId })
    .from(t.propertySets)
    .innerJoin(t.propertySetTypes, eq(t.propertySetTypes.id, t.propertySets.typeId))
    .where(inArray(t.propertySets.id, ids));
  return handles.map((handle, index) => {
    const place = `${path}/items[${index}]`;
    const found = rows.find(({ set }) => set.id === ids[index]);
    if (found === undefined) throw unknownHandle(place, handle);
    const { set, typeCompanyId } = found;
    const owned =
      set.companyId !== null
        ? set.companyId === company.id
        : typeCompanyId === company.id || (typeCompanyId === null && set.userId === user.id);
    if (!owned) throw unknownHandle(place, handle);
    const property = (name: string) => set.properties.find((each) => each.name === name)?.value;
    const ruleText = property(RULE);
    const rule = ruleText === undefined ? undefined : parseNamingRule(ruleText);
    if (rule === undefined) {
      throw invalidParameter(
        `${place}/${RULE}`,
        ruleText,
        'a naming rule with {set} once, and {order} and * at most once, such as {set}_{order}',
      );
    }
    const setType = property(TYPE) ?? 'ImageSet';
    if (!SET_TYPES.has(setType))
      throw invalidParameter(`${place}/${TYPE}`, setType, `one of ${[...SET_TYPES].join(', ')}`);
    return { rule, setType };
  });
}
