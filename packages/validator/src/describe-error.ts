import { nearest } from '@ips-sdk/types/nearest';
import { isDateTimeInput, yearOf } from './formats.js';
import type { Issue, IssueCode } from './issue.js';
import type { RawError } from './runtime.js';

const SECRET = /^(?:password|accessToken)$/;
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Findings that may be due to a newer service instead of a mistake. */
const LENIENT: ReadonlySet<IssueCode> = new Set([
  'unknown-field',
  'unknown-constant',
  'unusual-form',
  'undocumented-limit',
  'no-offset',
]);

/** Whether lenient validation only warns of a finding, in a response or in another value. */
export function isLenient(code: IssueCode, answer: boolean): boolean {
  return LENIENT.has(code) || (answer && code === 'required');
}

/** The names and indexes on the path to the subject of a compiled finding. */
export function keysOf({ instancePath, params }: RawError): string[] {
  const keys = instancePath.split('/').slice(1);
  const name = params['missingProperty'] ?? params['name'];
  return name === undefined ? keys : [...keys, String(name)];
}

/** Converts a compiled finding to a readable one. */
export function describeError(error: RawError, root: unknown): Issue {
  const segments = keysOf(error);
  const { params } = error;
  switch (error.keyword) {
    case 'required':
      return issue('required', segments, undefined, 'a value: the field is required');
    case 'inherited':
      return issue('inherited', segments, undefined, 'an own property of the object');
    case 'unknownElements':
      return unknownElementsIssue(segments);
    case 'ipsKnown': {
      const name = String(params['name']);
      const value = valueAt(root, segments);
      if (FORBIDDEN.has(name))
        return issue('forbidden-key', segments, value, 'a key that cannot change a prototype');
      const renamed = params['renamed'] as Readonly<Record<string, string>>;
      const known = [...(params['known'] as ReadonlySet<string>)];
      const suggestion = Object.hasOwn(renamed, name) ? renamed[name] : nearest(name, known);
      return issue('unknown-field', segments, value, `one of the fields ${list(known)}`, suggestion);
    }
    case 'ipsConstant': {
      const values = [...(params['values'] as ReadonlySet<string>)];
      const value = valueAt(root, segments);
      const suggestion = nearest(String(value), values);
      return issue('unknown-constant', segments, value, `one of ${list(values)}`, suggestion);
    }
    case 'ipsRules':
      return ruleIssue(error, segments, root);
    default:
      return valueIssue(error, segments, valueAt(root, segments));
  }
}

function valueIssue(error: RawError, segments: readonly string[], value: unknown): Issue {
  const { keyword, params } = error;
  const bound = `${COMPARISON[String(params['comparison'])] ?? ''} ${String(params['limit'])}`.trim();
  switch (keyword) {
    case 'type':
      return issue('type', segments, value, TYPES[String(params['type'])] ?? String(params['type']));
    case 'minimum':
    case 'maximum':
      return issue('range', segments, value, `a number ${bound}`);
    case 'minLength':
    case 'maxLength':
      return issue(
        'length',
        segments,
        value,
        `${keyword === 'minLength' ? 'at least' : 'at most'} ${params['limit']} characters`,
      );
    case 'minItems':
    case 'maxItems':
      return issue(
        'count',
        segments,
        value,
        `${keyword === 'minItems' ? 'at least' : 'at most'} ${params['limit']} entries`,
      );
    case 'ipsDateTime':
      if (value instanceof Date && !Number.isNaN(yearOf(value)) && !isDateTimeInput(value))
        return issue('range', segments, value, 'a Date in the years 1 to 9999');
      return issue(
        params['text'] ? 'format' : 'type',
        segments,
        value,
        'a date and time such as 2014-04-03T09:30:00-07:00',
      );
    case 'ipsText':
      return issue(
        'character',
        segments,
        value,
        'text that XML allows, without control characters, unpaired surrogates, U+FFFE and U+FFFF',
      );
    case 'noOffset':
      return issue('no-offset', segments, value, 'a date and time with an offset, such as Z or -07:00');
    case 'ipsBase64':
      return issue(params['text'] ? 'format' : 'type', segments, value, 'binary data as base64 text');
    case 'ipsFormat':
      return issue(
        'unusual-form',
        segments,
        value,
        params['format'] === 'uri' ? 'an absolute URL' : 'an e-mail address',
      );
    case 'ipsInferred':
      return issue('undocumented-limit', segments, value, limitText(params));
    case 'ipsPattern':
      return issue('unusual-form', segments, value, String(params['expected']));
    default:
      throw new Error(`unexpected keyword ${keyword}`);
  }
}

function limitText({ kind, limit }: RawError['params']): string {
  const [, end, what] = /^(min|max)(.*)$/.exec(String(kind)) ?? [];
  const bound = `${end === 'min' ? 'at least' : 'at most'} ${String(limit)}`;
  if (what === 'Items') return `${bound} entries`;
  return what === 'Length' ? `${bound} characters` : `a number of ${bound}`;
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
};

const COMPARISON: Readonly<Record<string, string>> = { '>=': 'of at least', '<=': 'of at most' };

function ruleIssue({ params }: RawError, segments: readonly string[], root: unknown): Issue {
  const { kind, fields, reason, inferred } = params['rule'] as {
    kind: string;
    fields: string[];
    reason: string;
    inferred?: true;
  };
  const present = params['present'] as string[];
  const path = pathText(segments);
  const where = path === '' ? '' : `${path}: `;
  const count = RULES[kind] ?? kind;
  const problem =
    present.length === 0
      ? fields.length === 1
        ? `${fields[0]} is missing; it is required here`
        : `none of ${fields.join(', ')} is present; ${count} is required`
      : `${present.join(' and ')} are mutually exclusive`;
  const values = present.map((name) => [name, valueAt(root, [...segments, name])] as const);
  return {
    code: inferred ? 'undocumented-limit' : 'exclusive',
    path,
    value: present.length === 0 ? undefined : Object.fromEntries(values),
    expected: fields.length === 1 ? String(fields[0]) : `${count} of ${fields.join(', ')}`,
    suggestion: undefined,
    message: `${where}${problem}${reason === '' ? '' : `. ${reason}`}`,
  };
}

const RULES: Readonly<Record<string, string>> = {
  exactlyOne: 'exactly one',
  atMostOne: 'at most one',
  atLeastOne: 'at least one',
};

function issue(
  code: IssueCode,
  segments: readonly string[],
  raw: unknown,
  expected: string,
  suggestion?: string,
): Issue {
  const path = pathText(segments);
  const secret = segments.some((segment) => SECRET.test(segment));
  const value = secret && raw !== undefined ? '[secret]' : raw;
  const where = path === '' ? 'the value' : path;
  const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
  const message = {
    required: `${where} is missing; it is required`,
    'unknown-field': `${where} is not a field of the contract${hint}`,
    'unknown-constant': `${where} is ${show(value)}, which is not a known value${hint || `; known values: ${expected.replace(/^one of /, '')}`}`,
    inherited: `${where} is inherited; only own properties of an object are sent`,
    'forbidden-key': `${where} is not allowed: it could change a prototype`,
  }[code as string];
  return {
    code,
    path,
    value,
    expected,
    suggestion,
    message: message ?? `${where} is ${show(value)}; expected ${expected}`,
  };
}

function unknownElementsIssue(segments: readonly string[]): Issue {
  const path = pathText(segments);
  return {
    code: 'unknown-field',
    path,
    value: undefined,
    expected: 'fields of the contract',
    suggestion: undefined,
    message: `${path === '' ? 'the value' : path} has elements that the contract lacks`,
  };
}

function list(values: readonly string[]): string {
  const shown = values.slice(0, 12).join(', ');
  return values.length > 12 ? `${shown}, … (${values.length} in all)` : shown;
}

/** `uploadUrlsJob.urlArray[3].sourceUrl` */
export function pathText(segments: readonly string[]): string {
  let path = '';
  for (const segment of segments) {
    if (/^\d+$/.test(segment)) path += `[${segment}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(segment)) path += path === '' ? segment : `.${segment}`;
    else path += `[${JSON.stringify(segment)}]`;
  }
  return path;
}

/** A value in messages: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value instanceof Date) return Number.isNaN(yearOf(value)) ? 'an invalid Date' : value.toISOString();
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'string')
    return value.length > 60 ? `${JSON.stringify(value.slice(0, 57))}…` : JSON.stringify(value);
  return String(value);
}

/** The value at a path of own properties; `undefined` if the path does not exist. */
function valueAt(root: unknown, segments: readonly string[]): unknown {
  let value = root;
  for (const segment of segments) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}
