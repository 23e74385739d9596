import { readFileSync } from 'node:fs';
import {
  type ContractField,
  type ContractMessage,
  type ContractSimpleType,
  type ContractType,
  contract,
} from '@ips-sdk/types/contract';
import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';

/** All fields of a type or message, inherited fields first. */
export function fieldsOf(name: string): readonly ContractField[] {
  const known: ContractMessage | ContractType | ContractSimpleType | undefined =
    contract.messages[name] ?? contract.types[name];
  if (known === undefined || !('fields' in known)) return [];
  return [...(known.base === undefined ? [] : fieldsOf(known.base)), ...known.fields];
}

/** The names of the fields of a type or message, as properties of its values. */
export function fieldNames(name: string): readonly string[] {
  return fieldsOf(name).map(([field, , , , options]) => options?.property ?? field);
}

/** The item type of an array type; `undefined` for other types. */
export function itemType(type: string): string | undefined {
  const known = contract.types[type];
  return known !== undefined && 'array' in known && known.array ? known.fields[0]?.[1] : undefined;
}

/** Resolves a type to its simple type, such as `xsd:int`; `undefined` for complex types. */
export function simpleType(type: string): string | undefined {
  if (type.startsWith('xsd:')) return type;
  const known = contract.types[type];
  return known !== undefined && 'simple' in known ? simpleType(known.simple) : undefined;
}

/**
 * Assigns fields from the command line to an object: `depth=1`, `a.b=x`, `list[]=x`, `list[0].name=x`, `key=@file`. The contract
 * determines which fields are numbers and arrays.
 *
 * @throws CliError for an unknown field or a value of the wrong type.
 */
export function assignFields(
  target: Record<string, unknown>,
  assignments: readonly string[],
  type: string,
): Record<string, unknown> {
  for (const assignment of assignments) {
    const at = assignment.indexOf('=');
    if (at < 1) {
      throw new CliError(
        EXIT.usage,
        `-f ${JSON.stringify(assignment)}: expected key=value`,
        'give a field and a value: -f depth=1',
      );
    }
    const steps = parsePath(assignment.slice(0, at));
    assign(target, steps, textOf(assignment.slice(at + 1)), type, assignment.slice(0, at));
  }
  return target;
}

type Step = { readonly name: string; readonly index: number | 'next' | undefined };

function parsePath(path: string): Step[] {
  return path.split('.').map((part) => {
    const match = /^([\w-]+)(?:\[(\d*)\])?$/.exec(part);
    if (match === null || match[1] === '__proto__') {
      throw new CliError(
        EXIT.usage,
        `-f ${JSON.stringify(path)}: expected field names separated by dots`,
        'write a.b, list[] or list[0].name',
      );
    }
    const [, name = '', index] = match;
    return { name, index: index === undefined ? undefined : index === '' ? 'next' : Number(index) };
  });
}

function assign(
  target: Record<string, unknown>,
  steps: readonly Step[],
  text: string,
  type: string,
  path: string,
): void {
  const [step, ...rest] = steps;
  if (step === undefined) return;
  const fields = fieldsOf(type);
  const field = fields.find(([name, , , , options]) => (options?.property ?? name) === step.name);
  if (field === undefined) {
    const names = fieldNames(type);
    const meant = nearest(step.name, names);
    throw new CliError(
      EXIT.usage,
      `-f ${path}: ${type} has no field ${step.name}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
      `the fields are ${names.join(', ')}`,
    );
  }
  const items = itemType(field[1]);
  if (items === undefined) {
    if (step.index !== undefined)
      throw new CliError(EXIT.usage, `-f ${path}: ${step.name} is not an array`, `write ${step.name}=…`);
    target[step.name] = value(target[step.name], rest, text, field[1], path);
    return;
  }
  // The whole array as JSON, or one entry.
  if (step.index === undefined && rest.length === 0 && text.startsWith('[')) {
    target[step.name] = parseJson(text, path);
    return;
  }
  const list = (target[step.name] ?? []) as unknown[];
  target[step.name] = list;
  const index = typeof step.index === 'number' ? step.index : list.length;
  if (index > list.length)
    throw new CliError(EXIT.usage, `-f ${path}: entry ${list.length} is missing before entry ${index}`);
  list[index] = value(list[index], rest, text, items, path);
}

function value(before: unknown, rest: readonly Step[], text: string, type: string, path: string): unknown {
  if (rest.length > 0) {
    const inner = (before ?? {}) as Record<string, unknown>;
    assign(inner, rest, text, type, path);
    return inner;
  }
  const simple = simpleType(type);
  if (simple === undefined) return parseJson(text, path);
  return simpleValue(simple, text, path);
}

function simpleValue(type: string, text: string, path: string): unknown {
  const wrong = (expected: string): CliError =>
    new CliError(EXIT.usage, `-f ${path}: expected ${expected}, found ${JSON.stringify(text)}`);
  switch (type) {
    case 'xsd:boolean':
      if (/^(?:true|false)$/.test(text)) return text === 'true';
      throw wrong('true or false');
    case 'xsd:int':
    case 'xsd:long':
      if (/^-?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
      throw wrong('a whole number');
    case 'xsd:double':
    case 'xsd:float':
      if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
      throw wrong('a number');
    default:
      return text;
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError(
      EXIT.usage,
      `-f ${path}: expected JSON, or separate values for its fields`,
      `give one field: -f ${path}.name=value`,
    );
  }
}

/** The text itself, or the content of a file for `@file`. */
function textOf(text: string): string {
  if (!text.startsWith('@')) return text;
  if (text.startsWith('@@')) return text.slice(1);
  return readFileSync(text.slice(1), 'utf8');
}
