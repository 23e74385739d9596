import { contract as of2013 } from '@ips-sdk/types/2013-02-15';
import { contract as of2016 } from '@ips-sdk/types/2016-01-14-beta';
import { contract as of2019 } from '@ips-sdk/types/2019-09-10-beta';
import {
  type Contract,
  type ContractField,
  type ContractOperation,
  contract as defaultContract,
} from '@ips-sdk/types/contract';

/** All contracts of this package, the default one first. */
const contracts: readonly Contract[] = [defaultContract, of2016, of2019, of2013];

/** The contract of a dated version; `undefined` for an unknown version. */
export function contractOf(version: string): Contract | undefined {
  return contracts.find((contract) => contract.version === version);
}

/** An operation of any contract. */
export function operationOf(name: string): ContractOperation | undefined {
  return first(contracts, ({ operations }) =>
    Object.hasOwn(operations, name) ? operations[name] : undefined,
  );
}

/** The fields of a type in all contracts. */
export function fieldsOfType(name: string): readonly ContractField[] | undefined {
  return fieldsIn((contract) => (Object.hasOwn(contract.types, name) ? contract.types[name] : undefined));
}

/** The fields of a message in all contracts, by element. */
export function fieldsOfElement(element: string): readonly ContractField[] | undefined {
  return fieldsIn((contract) =>
    Object.values(contract.messages).find((message) => message.element === element),
  );
}

/** The names of operations, messages, types, elements and fields in all contracts. */
export function* namesOfContracts(): Generator<string> {
  for (const { operations, messages, types } of contracts) {
    yield* Object.keys(operations);
    yield* Object.keys(messages);
    yield* Object.keys(types);
    for (const { element } of Object.values(messages)) yield element;
    for (const structure of [...Object.values(messages), ...Object.values(types)]) {
      if ('fields' in structure) for (const [name] of structure.fields) yield name;
    }
  }
}

function fieldsIn(
  structureIn: (contract: Contract) => Contract['messages'][string] | Contract['types'][string] | undefined,
): readonly ContractField[] | undefined {
  const fields = new Map<string, ContractField>();
  let found = false;
  for (const contract of contracts) {
    const structure = structureIn(contract);
    if (structure === undefined || !('fields' in structure)) continue;
    found = true;
    const inherited = structure.base === undefined ? [] : (fieldsOfType(structure.base) ?? []);
    for (const field of [...inherited, ...structure.fields]) {
      if (!fields.has(field[0])) fields.set(field[0], field);
    }
  }
  return found ? [...fields.values()] : undefined;
}

function first<Item, Result>(
  items: readonly Item[],
  find: (item: Item) => Result | undefined,
): Result | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
