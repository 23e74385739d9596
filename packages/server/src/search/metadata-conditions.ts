import type { MetadataCondition, TagCondition } from '@ips-sdk/types';
import { type SQL, sql } from 'drizzle-orm';
import * as t from '../db/schema.js';
import { invalidParameter, missingParameter } from '../faults.js';
import {
  defaultValues,
  formOf,
  isMultiTag,
  isTagType,
  type MetadataFieldRow,
} from '../metadata/field-types.js';
import { type Comparison, comparisonOf } from './comparison.js';
import { castText } from './text-values.js';

/**
 * A condition on a metadata field in SQL.
 *
 * @throws IpsFault 30001 or 30002 for an invalid operator or operand.
 */
export function metadataCondition(field: MetadataFieldRow, condition: MetadataCondition, path: string): SQL {
  const form = formOf(field.type) ?? 'text';
  const test = comparisonOf(condition, form === 'tags' ? 'text' : form, path);
  const holds = fieldHolds(field, (list) => anyElement(list, test));
  return test.negative ? sql`(not ${holds})` : holds;
}

/**
 * A condition on a tag field in SQL.
 *
 * @throws IpsFault 30001 or 30002 for an invalid field, operator or operand.
 */
export function tagCondition(field: MetadataFieldRow, condition: TagCondition, path: string): SQL {
  if (!isTagType(field.type)) {
    throw invalidParameter(`${path}/fieldHandle`, condition.fieldHandle, 'a tag field');
  }
  const plain = condition.op === 'Matches';
  const unused = plain ? 'valueArray' : 'value';
  if (condition[unused] !== undefined) {
    throw invalidParameter(
      `${path}/${unused}`,
      String(condition[unused]),
      plain ? 'value alone with Matches' : 'valueArray alone with MatchesAny and MatchesAll',
    );
  }
  if (condition.op === 'MatchesAll' && !isMultiTag(field.type)) {
    throw invalidParameter(`${path}/op`, condition.op, `Matches or MatchesAny for a field with a single tag`);
  }
  const single = condition.value === undefined ? [] : [condition.value];
  const given = plain ? single : [...(condition.valueArray ?? [])];
  const list = sql`${JSON.stringify(given)}::jsonb`;
  switch (condition.op) {
    case 'Matches':
    case 'MatchesAll':
      if (given.length === 0)
        throw missingParameter(`${path}/${condition.op === 'Matches' ? 'value' : 'valueArray'}`);
      return fieldHolds(field, (values) => sql`${values} @> ${list}`);
    case 'MatchesAny':
      if (given.length === 0) throw missingParameter(`${path}/valueArray`);
      return fieldHolds(
        field,
        (values) => sql`jsonb_exists_any(${values}, array(select jsonb_array_elements_text(${list})))`,
      );
    default:
      throw invalidParameter(`${path}/op`, condition.op, 'one of Matches, MatchesAny, MatchesAll');
  }
}

/**
 * A condition on an XMP key such as `dc.title` in SQL.
 *
 * @throws IpsFault 30001 or 30002 for an invalid operator or operand.
 */
export function xmpCondition(key: string, condition: MetadataCondition, path: string): SQL {
  const test = comparisonOf(condition, 'text', path);
  const holds = anyElement(xmpValues(key), test);
  return test.negative ? sql`(not ${holds})` : holds;
}

/** The values of an XMP key as a list. */
export function xmpValues(key: string): SQL {
  const value = sql`${t.assets.xmp}->${key}::text`;
  return sql`(case jsonb_typeof(${value}) when 'array' then ${value} when 'string' then jsonb_build_array(${value}) else '[]'::jsonb end)`;
}

/**
 * Whether the values of a field match: those of the asset, otherwise the field's defaults. Assets with values
 * are found first, which is faster than looking up the field for each asset.
 */
function fieldHolds(field: MetadataFieldRow, passes: (list: SQL) => SQL): SQL {
  const own = sql`${t.assets.id} in (select v.asset_id from ${t.metadataValues} v where v.field_id = ${field.id} and ${passes(sql`v.values`)})`;
  const defaults = defaultValues(field);
  if (defaults.length === 0) return sql`(${own})`;
  const ofType =
    field.assetType === 'Asset' ? sql`true` : sql`upper(${t.assets.type}) = ${field.assetType.toUpperCase()}`;
  const unset = sql`${t.assets.id} not in (select v.asset_id from ${t.metadataValues} v where v.field_id = ${field.id})`;
  const passed = sql`(select ${passes(sql`${JSON.stringify(defaults)}::jsonb`)})`;
  return sql`(${own} or (${ofType} and ${passed} and ${unset}))`;
}

const anyElement = (list: SQL, test: Comparison): SQL =>
  sql`exists (select 1 from jsonb_array_elements_text(${list}) e(v) where ${test.matches(castText(sql`e.v`, test.form))})`;
