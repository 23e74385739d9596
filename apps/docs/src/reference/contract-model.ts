import { type ContractField, type ContractOperation, contract } from '@ips-sdk/types/contract';
import { docs, type FieldDoc, type OperationDoc, type TypeDoc } from '@ips-sdk/types/docs';

/** A message or a type with what is known of it. */
export interface Described {
  readonly name: string;
  readonly fields: readonly ContractField[];
  readonly doc: TypeDoc;
  /** A plain array in TypeScript. */
  readonly array: boolean;
}

/** An operation with its messages. */
export interface DescribedOperation extends ContractOperation {
  readonly name: string;
  readonly doc: OperationDoc;
  readonly request: Described;
  readonly response: Described | undefined;
}

export const operationNames: readonly string[] = Object.keys(contract.operations);
export const typeNames: readonly string[] = Object.keys(contract.types);

export function describeType(name: string): Described {
  const type = contract.types[name];
  const doc = docs.types[name];
  if (type === undefined || !('fields' in type) || doc === undefined)
    throw new RangeError(`the contract describes no type ${JSON.stringify(name)}`);
  return { name, fields: type.fields, doc, array: type.array === true };
}

export function describeMessage(name: string): Described {
  const message = contract.messages[name];
  const doc = docs.messages[name];
  if (message === undefined || doc === undefined)
    throw new RangeError(`the contract describes no message ${JSON.stringify(name)}`);
  return { name, fields: message.fields, doc, array: false };
}

export function describeOperation(name: string): DescribedOperation {
  const operation = contract.operations[name];
  const doc = docs.operations[name];
  if (operation === undefined || doc === undefined)
    throw new RangeError(`the contract describes no operation ${JSON.stringify(name)}`);
  return {
    ...operation,
    name,
    doc,
    request: describeMessage(operation.input),
    response: operation.output === undefined ? undefined : describeMessage(operation.output),
  };
}

export function fieldDoc(owner: Described, [name]: ContractField): FieldDoc {
  return owner.doc.fields[name] ?? {};
}

export function isPrimitive(type: string): boolean {
  return type.startsWith('xsd:');
}

/** Whether a type is an array, and of what. */
export function itemOf(type: string): ContractField | undefined {
  const described = isPrimitive(type) ? undefined : describeType(type);
  return described?.array ? described.fields[0] : undefined;
}

/** Where a type stands: the fields of types and messages that have it. */
export interface Use {
  readonly owner: string;
  readonly field: string;
}

/** The fields of other types that have the type. */
export function usesInTypes(type: string): Use[] {
  return typeNames.flatMap((owner) => usesIn(describeType(owner), type));
}

/** The operations that take or answer the type, in one of their own fields or inside of an array there. */
export function usesInOperations(type: string): (Use & { readonly side: 'input' | 'output' })[] {
  const arrays = typeNames.filter((name) => itemOf(name)?.[1] === type);
  return operationNames.flatMap((name) => {
    const { request, response } = describeOperation(name);
    const find = (message: Described | undefined, side: 'input' | 'output') =>
      message === undefined
        ? []
        : [type, ...arrays].flatMap((each) =>
            usesIn(message, each).map(({ field }) => ({ owner: name, field, side })),
          );
    return [...find(request, 'input'), ...find(response, 'output')];
  });
}

function usesIn(owner: Described, type: string): Use[] {
  return owner.fields.filter((field) => field[1] === type).map(([field]) => ({ owner: owner.name, field }));
}
