// The same values as other SOAP tools have them: arrays inside of a wrapper, and what soap makes of dates and empty elements.
import { contract } from '@ips-sdk/types/contract';

type Fields = Readonly<Record<string, unknown>>;

interface Shape {
  readonly array: (entries: readonly unknown[]) => unknown;
  readonly simple: (value: unknown, type: string) => unknown;
}

/** Rebuilds a value of a message or type, its keys in the order of the contract: soap sends them as they come. */
function rebuild(name: string, value: unknown, shape: Shape): unknown {
  if (name.startsWith('xsd:')) return shape.simple(value, name);
  const definition = contract.messages[name] ?? contract.types[name];
  if (definition === undefined || !('fields' in definition)) throw new Error(`no fields in ${name}`);
  const [item] = definition.fields;
  if ('array' in definition && definition.array === true && item !== undefined)
    return shape.array((value as readonly unknown[]).map((entry) => rebuild(item[1], entry, shape)));
  const fields = value as Fields;
  const known = definition.fields.filter(([field]) => field in fields);
  if (known.length !== Object.keys(fields).length)
    throw new Error(`an unknown field in ${name}: ${Object.keys(fields)}`);
  return Object.fromEntries(known.map(([field, type]) => [field, rebuild(type, fields[field], shape)]));
}

/** A value with its arrays as they travel: `{ items: [...] }`, and `{}` for an empty one. */
export function wireShape(name: string, value: unknown): unknown {
  return rebuild(name, value, {
    array: (entries) => (entries.length === 0 ? {} : { items: entries }),
    simple: (entry) => entry,
  });
}

/** A value with its dates as moments, for a peer that forgets offsets. */
export function withMoments(name: string, value: unknown): unknown {
  return rebuild(name, value, { array: (entries) => entries, simple: moment });
}

function moment(value: unknown, type: string): unknown {
  return type === 'xsd:dateTime' ? new Date(value as string | Date).getTime() : value;
}

/**
 * What soap decoded, in our shape: the wrapper of an array taken off, dates as moments, and `null` read as the empty element that
 * it stands for.
 */
export function fromSoap(name: string, value: unknown): unknown {
  if (name.startsWith('xsd:')) return moment(value, name);
  const definition = contract.messages[name] ?? contract.types[name];
  if (definition === undefined || !('fields' in definition)) throw new Error(`no fields in ${name}`);
  const fields = (value ?? {}) as Fields;
  const [item] = definition.fields;
  if ('array' in definition && definition.array === true && item !== undefined)
    return [fields['items'] ?? []].flat().map((entry) => fromSoap(item[1], entry));
  const types = new Map(definition.fields.map(([field, type]) => [field, type]));
  return Object.fromEntries(
    Object.entries(fields).map(([field, entry]) => {
      const type = types.get(field);
      if (type === undefined) throw new Error(`soap has a field ${field} in ${name}`);
      return [field, fromSoap(type, entry)];
    }),
  );
}
