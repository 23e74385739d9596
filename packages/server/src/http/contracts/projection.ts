import type { Contract, ContractField } from '@ips-sdk/types/contract';

/** Creates the fields of an owner (a type or message) that only another contract has. */
export type MadeFields = (owner: string, value: Readonly<Record<string, unknown>>) => object;

/**
 * Converts a value to a contract: omits fields that the contract lacks, at every depth, and adds fields that only it has.
 *
 * @param owner - The name of the value's message or type.
 * @param isSame - Whether values of a message or type are the same in both contracts. They are returned as they are.
 */
export function projection(
  contract: Contract,
  owner: string,
  value: object,
  made: MadeFields,
  isSame: (owner: string) => boolean = () => false,
): object {
  if (isSame(owner)) return value;
  const fields = fieldTypes(contract, owner);
  const result: Record<string, unknown> = {};
  for (const part of [value, made(owner, value as Readonly<Record<string, unknown>>)]) {
    for (const [name, child] of Object.entries(part)) {
      const type = fields.get(name);
      if (type !== undefined) result[name] = projected(contract, type, child, made, isSame);
    }
  }
  return result;
}

const knownFields = new WeakMap<Contract, Map<string, ReadonlyMap<string, string>>>();

/** The types of the fields of a message or type, found once: answers can have thousands of values of it. */
function fieldTypes(contract: Contract, owner: string): ReadonlyMap<string, string> {
  const known = knownFields.get(contract) ?? new Map<string, ReadonlyMap<string, string>>();
  knownFields.set(contract, known);
  const before = known.get(owner);
  if (before !== undefined) return before;
  const fields = new Map(fieldsOf(contract, owner).map(([name, type]) => [name, type]));
  known.set(owner, fields);
  return fields;
}

/** Whether a message or type and all types in it are the same in two contracts, which then share their definitions. */
export function sharesMessage(one: Contract, other: Contract, message: string): boolean {
  const seen = new Set<string>();
  const isShared = (owner: string): boolean => {
    if (owner.startsWith('xsd:') || seen.has(owner)) return true;
    seen.add(owner);
    const definition = one.messages[owner] ?? one.types[owner];
    if (definition !== (other.messages[owner] ?? other.types[owner])) return false;
    return fieldsOf(one, owner).every(([, type]) => isShared(type));
  };
  return isShared(message);
}

function projected(
  contract: Contract,
  type: string,
  value: unknown,
  made: MadeFields,
  isSame: (owner: string) => boolean,
): unknown {
  if (type.startsWith('xsd:') || typeof value !== 'object' || value === null || isSame(type)) return value;
  if (!Array.isArray(value)) return projection(contract, type, value, made, isSame);
  const item = fieldsOf(contract, type)[0]?.[1] ?? '';
  return value.map((one) => projected(contract, item, one, made, isSame));
}

/** The fields of a message or type, including those of its base. */
function fieldsOf(contract: Contract, owner: string): readonly ContractField[] {
  const definition = contract.messages[owner] ?? contract.types[owner];
  if (definition === undefined || !('fields' in definition)) return [];
  const inherited = definition.base === undefined ? [] : fieldsOf(contract, definition.base);
  return [...inherited, ...definition.fields];
}
