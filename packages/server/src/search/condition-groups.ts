import type { SearchAssetsParam } from '@ips-sdk/types';
import { type SQL, sql } from 'drizzle-orm';
import { invalidParameter } from '../faults.js';
import type { FieldIndex } from '../metadata/field-store.js';
import { metadataCondition, tagCondition } from './metadata-conditions.js';
import { hasKeyword, systemCondition } from './system-conditions.js';

/**
 * The conditions of a search: each of the four groups combined by its own mode, and the groups by `conditionMatchMode`.
 * `undefined` when there are none.
 *
 * @throws IpsFault 30001 or 30002 naming the invalid condition.
 */
export function searchConditions(input: SearchAssetsParam, fields: FieldIndex | undefined): SQL | undefined {
  const groups = [
    combined('MatchAll', 'keywordArray', (input.keywordArray ?? []).map(hasKeyword)),
    combined(
      input.systemFieldMatchMode,
      'systemFieldMatchMode',
      (input.systemFieldConditionArray ?? []).map((condition, index) =>
        systemCondition(condition, `systemFieldConditionArray[${index}]`),
      ),
    ),
    combined(
      input.tagMatchMode,
      'tagMatchMode',
      (input.tagConditionArray ?? []).map((condition, index) => {
        const path = `tagConditionArray[${index}]`;
        return (
          fields && tagCondition(fields.of(condition.fieldHandle, `${path}/fieldHandle`), condition, path)
        );
      }),
    ),
    combined(
      input.metadataMatchMode,
      'metadataMatchMode',
      (input.metadataConditionArray ?? []).map((condition, index) => {
        const path = `metadataConditionArray[${index}]`;
        return (
          fields &&
          metadataCondition(fields.of(condition.fieldHandle, `${path}/fieldHandle`), condition, path)
        );
      }),
    ),
  ];
  return combined(input.conditionMatchMode, 'conditionMatchMode', groups);
}

/** Combines conditions by a match mode. Default: `MatchAll`. Absent conditions are omitted. */
export function combined(
  mode = 'MatchAll',
  path: string,
  conditions: readonly (SQL | undefined)[],
): SQL | undefined {
  if (mode !== 'MatchAll' && mode !== 'MatchAny') throw invalidParameter(path, mode, 'MatchAll or MatchAny');
  const present = conditions.filter((condition) => condition !== undefined);
  if (present.length === 0) return undefined;
  return sql`(${sql.join(present, mode === 'MatchAll' ? sql` and ` : sql` or `)})`;
}
