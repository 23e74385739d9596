import type { MetadataCondition } from '@ips-sdk/types';
import { type SQL, sql } from 'drizzle-orm';
import * as t from '../db/schema.js';
import { type Comparison, comparisonOf, type Operands } from './comparison.js';
import { systemCondition } from './system-conditions.js';

/** Keys of a metadata search that correspond to fields of an asset search with a different name. */
const SYSTEM_FIELDS: Readonly<Record<string, string>> = {
  name: 'Name',
  file_name: 'FileName',
  description: 'Description',
  comment: 'Comments',
  user_data: 'UserData',
  modified_at: 'LastModified',
  modified_by: 'LastModifyUser',
  created_at: 'Created',
  created_by: 'CreateUser',
};

/** The values of an asset for keys that exist only in metadata searches. */
const TEXTS: Readonly<Record<string, SQL>> = {
  type: sql`${t.assets.type}`,
  // An image without a value uses its name.
  sku: sql`coalesce(${t.assets.info}->>'sku', case when ${t.assets.type} = 'Image' then ${t.assets.name} end)`,
};

/** The keys of a metadata search besides those in dot notation. */
export const SEARCH_KEYS: readonly string[] = [
  'asset_id',
  'folder_path',
  ...Object.keys(TEXTS),
  ...Object.keys(SYSTEM_FIELDS),
];

/**
 * A condition on such a key in SQL, or `undefined` for other keys.
 *
 * @throws IpsFault 30001 or 30002 for an invalid operator or operand.
 */
export function searchKeyCondition(condition: MetadataCondition, path: string): SQL | undefined {
  const key = condition.fieldHandle;
  if (Object.hasOwn(SYSTEM_FIELDS, key))
    return systemCondition({ ...condition, field: SYSTEM_FIELDS[key] ?? key }, path);
  if (key === 'asset_id') {
    const test = comparisonOf(condition as Operands, 'long', path);
    return decided(
      test,
      test.matches(test.form === 'text' ? sql`${t.assets.id}::text` : sql`${t.assets.id}`),
    );
  }
  if (key === 'folder_path') {
    const test = comparisonOf(condition as Operands, 'text', path);
    // With and without the trailing slash.
    const holds = sql`(${test.matches(sql`f.path`)} or ${test.matches(sql`rtrim(f.path, '/')`)})`;
    return decided(test, sql`${t.assets.folderId} in (select f.id from ${t.folders} f where ${holds})`);
  }
  const text = Object.hasOwn(TEXTS, key) ? TEXTS[key] : undefined;
  if (text === undefined) return undefined;
  const test = comparisonOf(condition as Operands, 'text', path);
  return decided(test, test.matches(text));
}

/** Null does not match, so a negation holds. */
function decided(test: Comparison, holds: SQL): SQL {
  return test.negative ? sql`(not coalesce(${holds}, false))` : sql`(${holds})`;
}
