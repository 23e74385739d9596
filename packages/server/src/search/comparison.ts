import type { MetadataCondition, SystemFieldCondition } from '@ips-sdk/types';
import { type SQL, sql } from 'drizzle-orm';
import { invalidParameter, missingParameter } from '../faults.js';
import type { ValueForm } from '../metadata/field-types.js';

/** A test of a field's value. */
export interface Comparison {
  /** Whether a value matches. Takes an expression of the type of `form`. */
  readonly matches: (value: SQL) => SQL;
  /** Whether the condition is negated: it holds if no value matches. */
  readonly negative: boolean;
  readonly form: Exclude<ValueForm, 'tags'>;
}

/** The operator and operands of a condition. */
export type Operands = Omit<MetadataCondition, 'fieldHandle'> & Omit<SystemFieldCondition, 'field'>;

const TEXT_OPERATORS = ['Equals', 'NotEquals', 'Contains', 'NotContains', 'StartsWith', 'EndsWith'];
const ORDER_OPERATORS: Readonly<Record<string, SQL>> = {
  LessThan: sql`<`,
  LessThanEquals: sql`<=`,
  GreaterThan: sql`>`,
  GreaterThanEquals: sql`>=`,
};
const TYPED_OPERATORS = ['Equals', 'NotEquals', ...Object.keys(ORDER_OPERATORS), 'Between', 'NotBetween'];

/**
 * The test of a condition. * An absent value matches no test, so `NotEquals` and the other negated operators
 * hold for it.
 *
 * @param form - The form of the field's values. For text, the operands decide whether it is compared as text, numbers or dates.
 * @param path - Of the condition in the request.
 * @throws IpsFault 30001 for an invalid operator or operand, 30002 for a missing one.
 */
export function comparisonOf(
  condition: Operands,
  form: Exclude<ValueForm, 'tags'>,
  path: string,
): Comparison {
  const isTextOperator = TEXT_OPERATORS.includes(condition.op);
  if (!isTextOperator && !TYPED_OPERATORS.includes(condition.op)) {
    throw invalidParameter(
      `${path}/op`,
      condition.op,
      `one of ${[...new Set([...TEXT_OPERATORS, ...TYPED_OPERATORS])].join(', ')}`,
    );
  }
  const isTextOnly = isTextOperator && !TYPED_OPERATORS.includes(condition.op);
  const compared = isTextOnly ? 'text' : form === 'text' ? formOfOperands(condition) : form;
  if (compared === 'text') {
    if (!isTextOperator) throw missingParameter(`${path}/longVal, doubleVal, dateVal or a range`);
    return textComparison(condition, path);
  }
  if (form !== 'text') checkOperands(condition, form, path);
  return typedComparison(condition, compared, path);
}

/** The operands of each type of fields. */
const OPERANDS: Readonly<Record<'boolean' | 'long' | 'double' | 'date', readonly (keyof Operands)[]>> = {
  boolean: ['boolVal'],
  long: ['longVal', 'minLong', 'maxLong'],
  double: ['doubleVal', 'minDouble', 'maxDouble'],
  date: ['dateVal', 'minDate', 'maxDate'],
};

/**
 * A field is compared with a value of its own type, or with text.
 *
 * @throws IpsFault 30001 for an operand of another type, and for a flag with an operator other than Equals.
 */
function checkOperands(condition: Operands, form: keyof typeof OPERANDS, path: string): void {
  const wrong = Object.values(OPERANDS)
    .flat()
    .find((name) => !OPERANDS[form].includes(name) && condition[name] !== undefined);
  if (wrong !== undefined) {
    throw invalidParameter(
      `${path}/${wrong}`,
      String(condition[wrong]),
      `value or ${OPERANDS[form].join(', ')}, as the field is compared with`,
    );
  }
  if (form === 'boolean' && condition.boolVal !== undefined && condition.op !== 'Equals') {
    throw invalidParameter(`${path}/op`, condition.op, 'Equals with boolVal');
  }
}

/** For fields of any type, the operand determines the comparison. */
function formOfOperands(condition: Operands): Exclude<ValueForm, 'tags'> {
  if (condition.boolVal !== undefined) return 'boolean';
  if (condition.dateVal !== undefined || condition.minDate !== undefined || condition.maxDate !== undefined)
    return 'date';
  const numbers = [
    condition.longVal,
    condition.minLong,
    condition.maxLong,
    condition.doubleVal,
    condition.minDouble,
    condition.maxDouble,
  ];
  return numbers.some((each) => each !== undefined) ? 'double' : 'text';
}

function textComparison(condition: Operands, path: string): Comparison {
  const texts = [...(condition.value === undefined ? [] : [condition.value]), ...(condition.values ?? [])];
  if (texts.length === 0) throw missingParameter(`${path}/value`);
  const folded = (text: SQL): SQL => (condition.caseSensitive === true ? text : sql`lower(${text})`);
  const test = (value: SQL, text: string): SQL => {
    const subject = folded(value);
    const operand = folded(sql`${text}::text`);
    // Functions instead of LIKE, which has special characters.
    switch (condition.op) {
      case 'Contains':
      case 'NotContains':
        return sql`strpos(${subject}, ${operand}) > 0`;
      case 'StartsWith':
        // In byte order, like the index for prefixes of names.
        return sql`starts_with(${subject} collate "C", ${operand})`;
      case 'EndsWith':
        return sql`right(${subject}, length(${operand})) = ${operand}`;
      default:
        return sql`${subject} = ${operand}`;
    }
  };
  return {
    matches: (value) =>
      sql`(${sql.join(
        texts.map((text) => test(value, text)),
        sql` or `,
      )})`,
    negative: condition.op === 'NotEquals' || condition.op === 'NotContains',
    form: 'text',
  };
}

function typedComparison(
  condition: Operands,
  form: 'boolean' | 'long' | 'double' | 'date',
  path: string,
): Comparison {
  const { op } = condition;
  if (form === 'boolean' && op !== 'Equals' && op !== 'NotEquals') {
    throw invalidParameter(`${path}/op`, op, 'Equals or NotEquals for a flag');
  }
  if (op === 'Between' || op === 'NotBetween') {
    const range = rangeOf(condition, form, path);
    return {
      matches: (value) => sql`${value} between ${range.min} and ${range.max}`,
      negative: op === 'NotBetween',
      form,
    };
  }
  const operand = operandOf(condition, form, path);
  const operator = ORDER_OPERATORS[op] ?? sql`=`;
  return { matches: (value) => sql`${value} ${operator} ${operand}`, negative: op === 'NotEquals', form };
}

function operandOf(condition: Operands, form: 'boolean' | 'long' | 'double' | 'date', path: string): SQL {
  const { value } = condition;
  if (form === 'boolean') {
    const flag = condition.boolVal ?? (value === undefined ? undefined : flags[value.toLowerCase()]);
    if (flag !== undefined) return sql`${flag}::boolean`;
    if (value !== undefined) throw invalidParameter(`${path}/value`, value, 'true or false');
    throw missingParameter(`${path}/boolVal`);
  }
  if (form === 'date') {
    const time = condition.dateVal ?? value;
    if (time === undefined) throw missingParameter(`${path}/dateVal`);
    return dateOperand(time, `${path}/${condition.dateVal === undefined ? 'value' : 'dateVal'}`);
  }
  const number = condition.longVal ?? condition.doubleVal;
  if (number !== undefined) return numberOperand(number);
  if (value === undefined) throw missingParameter(`${path}/${form === 'long' ? 'longVal' : 'doubleVal'}`);
  const parsed = value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(parsed)) throw invalidParameter(`${path}/value`, value, 'a number');
  return numberOperand(parsed);
}

const flags: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false };

function rangeOf(
  condition: Operands,
  form: 'boolean' | 'long' | 'double' | 'date',
  path: string,
): { min: SQL; max: SQL } {
  if (form === 'date') {
    if (condition.minDate === undefined) throw missingParameter(`${path}/minDate`);
    if (condition.maxDate === undefined) throw missingParameter(`${path}/maxDate`);
    return {
      min: dateOperand(condition.minDate, `${path}/minDate`),
      max: dateOperand(condition.maxDate, `${path}/maxDate`),
    };
  }
  const min = condition.minLong ?? condition.minDouble;
  const max = condition.maxLong ?? condition.maxDouble;
  const kind = form === 'long' ? 'Long' : 'Double';
  if (min === undefined) throw missingParameter(`${path}/min${kind}`);
  if (max === undefined) throw missingParameter(`${path}/max${kind}`);
  return { min: numberOperand(min), max: numberOperand(max) };
}

const numberOperand = (number: number): SQL => sql`${number}::double precision`;

function dateOperand(time: string | Date, path: string): SQL {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw invalidParameter(path, String(time), 'an ISO 8601 time');
  return sql`${date.toISOString()}::timestamptz`;
}
