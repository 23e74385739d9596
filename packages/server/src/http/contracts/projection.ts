import type { Contract, ContractField } from '@ips-sdk/types/contract';

/** Creates the fields of an owner (a type or message) that only another contract has. */
export type MadeFields = (owner: string, value: Readonly<Record<string, unknown>>) => object;

/**
 * Converts a value to a contract: omits fields that the contract lacks, at every depth, and adds fields that only it has.
 *
 * @param owner - The name of the value's message or type.
 */
export function projection(contract: Contract, owner: string, value: object, made: MadeFields): object {
  const record = value as Readonly<Record<string, unknown>>;
  const fields = new Map(fieldsOf(contract, owner).map((field) => [field[0], field[1]]));
  const entries = Object.entries({ ...record, ...made(owner, record) }).flatMap(([name, child]) => {
    const type = fields.get(name);
    return type === undefined ? [] : [[name, projected(contract, type, child, made)]];
  });
  return Object.fromEntries(entries);
}

/** Whether a message and all types in it are the same in two contracts, which then share their definitions. */
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

function projected(contract: Contract, type: string, value: unknown, made: MadeFields): unknown {
  if (type.startsWith('xsd:') || typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return projection(contract, type, value, made);
  const item = fieldsOf(contract, type)[0]?.[1] ?? '';
  return value.map((one) => projected(contract, item, one, made));
}

/** The fields of a message or type, including those of its base. */
function fieldsOf(contract: Contract, owner: string): readonly ContractField[] {
  const definition = contract.messages[owner] ?? contract.types[owner];
  if (definition === undefined || !('fields' in definition)) return [];
  const inherited = definition.base === undefined ? [] : fieldsOf(contract, definition.base);
  return [...inherited, ...definition.fields];
}
