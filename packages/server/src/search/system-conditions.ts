import type { SystemFieldCondition } from '@ips-sdk/types';
import { type SQL, sql } from 'drizzle-orm';
import * as t from '../db/schema.js';
import { invalidParameter } from '../faults.js';
import { type Comparison, comparisonOf, type Operands } from './comparison.js';

const { info, xmp } = t.assets;

const xmpText = (key: string): SQL =>
  sql`(case jsonb_typeof(${xmp}->${key}::text) when 'string' then ${xmp}->>${key}::text when 'array' then ${xmp}->${key}::text->>0 end)`;

const TEXT_FIELDS: Readonly<Record<string, SQL>> = {
  Name: sql`${t.assets.name}`,
  FileName: sql`${t.assets.fileName}`,
  // An image without a value uses its name.
  Description: sql`coalesce(${info}->>'description', ${xmpText('dc.description')}, case when ${t.assets.type} = 'Image' then ${t.assets.name} end)`,
  Comments: sql`(${info}->>'comments')`,
  UserData: sql`(${info}->>'userData')`,
  CreatedWith: sql`coalesce(${info}->>'createdWith', ${xmpText('xmp.CreatorTool')})`,
};

const USER_FIELDS: Readonly<Record<string, SQL>> = {
  CreateUser: sql`${t.assets.createUserId}`,
  LastModifyUser: sql`${t.assets.lastModifyUserId}`,
};

const DATE_FIELDS: Readonly<Record<string, SQL>> = {
  Created: sql`${t.assets.created}`,
  LastModified: sql`${t.assets.lastModified}`,
};

/** The fields that conditions can use. */
const FIELDS = [
  ...Object.keys(TEXT_FIELDS),
  'Keywords',
  'FileSize',
  ...Object.keys(DATE_FIELDS),
  ...Object.keys(USER_FIELDS),
  'Sku',
];

/**
 * A condition on a built-in field in SQL; `undefined` for a condition without effect, such as on `Sku`.
 *
 * @throws IpsFault 30001 for an invalid field, operator or operand.
 */
export function systemCondition(condition: SystemFieldCondition, path: string): SQL | undefined {
  const { field } = condition;
  checkOneValue(condition, path);
  if (field === 'Sku') return undefined;
  if (Object.hasOwn(TEXT_FIELDS, field)) {
    return decided(textTest(condition, path), (test) => test.matches(TEXT_FIELDS[field] ?? sql`null`));
  }
  if (Object.hasOwn(USER_FIELDS, field)) {
    return decided(
      textTest(condition, path),
      (test) =>
        sql`${USER_FIELDS[field]} in (select u.id from ${t.users} u where ${test.matches(sql`u.email`)})`,
    );
  }
  if (Object.hasOwn(DATE_FIELDS, field)) {
    return decided(comparisonOf(condition as Operands, 'date', path), (test) =>
      test.matches(test.form === 'date' ? (DATE_FIELDS[field] ?? sql`null`) : isoText(DATE_FIELDS[field])),
    );
  }
  if (field === 'FileSize') {
    return decided(comparisonOf(condition as Operands, 'long', path), (test) =>
      test.form === 'text' ? test.matches(sql`${t.assets.fileSize}::text`) : sizeMatches(test),
    );
  }
  if (field === 'Keywords') return decided(textTest(condition, path), keywordMatches);
  throw invalidParameter(`${path}/field`, field, `one of ${FIELDS.join(', ')}`);
}

const SINGLE_VALUES = ['value', 'boolVal', 'longVal', 'doubleVal', 'dateVal'] as const;

/** @throws IpsFault 30001 for a condition with two values to compare with. */
function checkOneValue(condition: SystemFieldCondition, path: string): void {
  const given = SINGLE_VALUES.filter((name) => condition[name] !== undefined);
  if (given.length > 1)
    throw invalidParameter(path, given.join(' and '), `exactly one of ${SINGLE_VALUES.join(', ')}`);
}

/** Tests the expression that the index of sizes has, which gives assets without a file zero bytes. They match no size. */
function sizeMatches(test: Comparison): SQL {
  return sql`(${test.matches(sql`coalesce(${t.assets.fileSize}, 0)`)} and ${t.assets.fileSize} is not null)`;
}

/** Whether an asset has a keyword, regardless of case. */
export function hasKeyword(keyword: string): SQL {
  return decided(
    comparisonOf({ op: 'Equals', value: keyword } as Operands, 'text', 'keywordArray'),
    keywordMatches,
  );
}

function textTest(condition: SystemFieldCondition, path: string): Comparison {
  const test = comparisonOf({ ...condition, dateVal: undefined } as Operands, 'text', path);
  if (test.form !== 'text')
    throw invalidParameter(`${path}/op`, condition.op, 'an operator and value for text');
  return test;
}

/** Makes null fail. Only negations need it; other tests stay unwrapped so that indexes apply. */
function decided(test: Comparison, matches: (test: Comparison) => SQL): SQL {
  return test.negative ? sql`(not coalesce(${matches(test)}, false))` : sql`(${matches(test)})`;
}

const isoText = (column: SQL | undefined): SQL =>
  sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The keywords of an asset, which are its XMP subjects. */
function keywordMatches(test: Comparison): SQL {
  const subjects = sql`${xmp}->'dc.subject'`;
  return sql`exists (select 1 from jsonb_array_elements_text(case jsonb_typeof(${subjects}) when 'array' then ${subjects} when 'string' then jsonb_build_array(${subjects}) else '[]'::jsonb end) e(v) where ${test.matches(sql`e.v`)})`;
}
