// The smallest input that the contract allows, for tests that call every operation.
import type { Contract, ContractField } from '@ips-sdk/types/contract';

/** Values of elements without structure, by type. */
const SIMPLE: Readonly<Record<string, unknown>> = {
  'xsd:string': 'x',
  'xsd:boolean': false,
  'xsd:int': 1,
  'xsd:long': 1,
  'xsd:float': 1,
  'xsd:double': 1,
  'xsd:dateTime': '2026-01-01T00:00:00Z',
  'xsd:base64Binary': new Uint8Array(),
};

/** A value of every field that the contract requires, with lists as short as it allows. Of a choice, the first branch. */
export function minimalInput(contract: Contract, operation: string): Record<string, unknown> {
  const message = contract.messages[contract.operations[operation as never]?.input ?? ''];
  if (message === undefined) throw new Error(`the contract has no input of ${operation}`);
  return {
    ...(message.base === undefined ? {} : fieldsOf(contract, message.base)),
    ...valuesOf(contract, message.fields),
  };
}

/** The names of the fields of an operation's input. */
export function inputFields(contract: Contract, operation: string): readonly string[] {
  const fields = contract.messages[contract.operations[operation as never]?.input ?? '']?.fields ?? [];
  return fields.map(([name]) => name);
}

function valuesOf(contract: Contract, fields: readonly ContractField[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, type, minOccurs, maxOccurs, options] of fields) {
    const isFirstBranch = options?.choice === undefined || options.choice[1] === 0;
    if (minOccurs === 0 && !(options?.choice !== undefined && isFirstBranch)) continue;
    if (!isFirstBranch) continue;
    const value = oneValue(contract, type);
    values[options?.property ?? name] = maxOccurs === 1 ? value : [value];
  }
  return values;
}

function oneValue(contract: Contract, type: string): unknown {
  if (type in SIMPLE) return SIMPLE[type];
  const definition = contract.types[type];
  if (definition === undefined) throw new Error(`no value of type ${type}`);
  if (!('fields' in definition)) return definition.values?.[0] ?? SIMPLE[definition.simple];
  if (definition.array !== true) return fieldsOf(contract, type);
  const [[, itemType = '', minOccurs = 0] = []] = definition.fields;
  return minOccurs === 0 ? [] : [oneValue(contract, itemType)];
}

function fieldsOf(contract: Contract, type: string): Record<string, unknown> {
  const definition = contract.types[type];
  if (definition === undefined || !('fields' in definition)) throw new Error(`${type} has no fields`);
  return {
    ...(definition.base === undefined ? {} : fieldsOf(contract, definition.base)),
    ...valuesOf(contract, definition.fields),
  };
}
