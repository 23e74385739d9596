import type { Metadata, MetadataCondition } from '@ips-sdk/types';
import { type SQL, sql } from 'drizzle-orm';
import { invalidParameter } from '../faults.js';
import { parseFieldHandle } from '../handles.js';
import type { FieldIndex } from '../metadata/field-store.js';
import type { MetadataFieldRow } from '../metadata/field-types.js';
import { metadataCondition, xmpCondition } from './metadata-conditions.js';
import { SEARCH_KEYS, searchKeyCondition } from './search-keys.js';

/** The prefix of keys of user-defined fields. */
const CUSTOM = 'custom_attributes.';

/** The fields of a key `custom_attributes.Name`; `undefined` for a key of XMP. */
export function fieldsOfKey(key: string, fields: FieldIndex): readonly MetadataFieldRow[] | undefined {
  return key.toLowerCase().startsWith(CUSTOM) ? fields.named(key.slice(CUSTOM.length)) : undefined;
}

/**
 * @param path - Of the key in the request.
 * @throws IpsFault 30001 for anything but a key in dot notation.
 */
export function checkKey(key: string, path: string): void {
  if (!/^[^.\s]+\.\S+/.test(key)) {
    throw invalidParameter(path, key, 'a key such as dc.title or custom_attributes.Season');
  }
}

/**
 * A condition of a metadata search in SQL. Its field is a search key such as `name`, a key in dot notation or a field handle. Fields
 * of the same name in several asset types count as one.
 *
 * @throws IpsFault 30001 or 30002 for an invalid key, operator or operand.
 */
export function keyCondition(condition: MetadataCondition, fields: FieldIndex, path: string): SQL {
  const key = condition.fieldHandle;
  if (parseFieldHandle(key) !== undefined) {
    return metadataCondition(fields.of(key, `${path}/fieldHandle`), condition, path);
  }
  const known = searchKeyCondition(condition, path);
  if (known !== undefined) return known;
  if (!key.includes('.')) {
    throw invalidParameter(
      `${path}/fieldHandle`,
      key,
      `a key such as dc.title or custom_attributes.Season, or one of ${SEARCH_KEYS.join(', ')}`,
    );
  }
  checkKey(key, `${path}/fieldHandle`);
  const custom = fieldsOfKey(key, fields);
  if (custom === undefined) return xmpCondition(key, condition, path);
  if (custom.length === 0) {
    throw invalidParameter(
      `${path}/fieldHandle`,
      key,
      'the name of a metadata field after custom_attributes.',
    );
  }
  const negative = condition.op.startsWith('Not');
  const each = custom.map((field) => metadataCondition(field, condition, path));
  return sql`(${sql.join(each, negative ? sql` and ` : sql` or `)})`;
}

/**
 * The values of an asset for keys. User-defined fields return the text `null`, as at the service, which does
 * not read them in a search.
 */
export function valuesOfKeys(
  xmp: Readonly<Record<string, string | string[]>>,
  keys: readonly string[],
  fields: FieldIndex,
): Metadata[] {
  return keys.flatMap((name): Metadata[] => {
    if (fieldsOfKey(name, fields) !== undefined) return [{ name, value: 'null' }];
    const value = Object.hasOwn(xmp, name) ? xmp[name] : undefined;
    if (value === undefined) return [];
    return [
      typeof value === 'string' ? { name, value } : { name, value: value.join(','), valueArray: [...value] },
    ];
  });
}
