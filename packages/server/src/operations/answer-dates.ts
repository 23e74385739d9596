import { handledContract as contract, type OperationName } from '../handled-contract.js';
import { zonedDateTime } from '../zoned-date-time.js';

type Fields = (typeof contract)['messages'][string]['fields'];

/** The fields of a type that are dates or contain dates. */
type DatedFields = ReadonlyMap<string, 'date' | (() => DatedFields)>;

const known = new Map<string, DatedFields>();

/**
 * Formats the dates in a response with the offset of the server's time zone, as the service does, and with `Z` for UTC only. Handlers and
 * jobs do not need to do this. Texts that look like dates are not changed.
 */
export function zoneDates(operation: OperationName, output: object, timeZone: string): object {
  const name = contract.operations[operation]?.output;
  const fields = name === undefined ? undefined : contract.messages[name]?.fields;
  if (name === undefined || fields === undefined) return output;
  // Changes copies only, because a handler may return objects that it keeps.
  return zoned(output, datedFields(`message ${name}`, fields), timeZone) as object;
}

function zoned(value: unknown, dated: DatedFields, timeZone: string): unknown {
  if (dated.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => zoned(item, dated, timeZone));
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const [name, inside] of dated) {
    const there = copy[name];
    if (there === undefined) continue;
    if (inside !== 'date') copy[name] = zoned(there, inside(), timeZone);
    else if (typeof there === 'string') copy[name] = zonedDateTime(there, timeZone);
  }
  return copy;
}

function datedFields(name: string, fields: Fields): DatedFields {
  const before = known.get(name);
  if (before !== undefined) return before;
  const dated = new Map<string, 'date' | (() => DatedFields)>();
  // Before it is filled, because folders contain folders.
  known.set(name, dated);
  for (const [field, type] of fields) {
    if (type === 'xsd:dateTime') dated.set(field, 'date');
    else if (hasDates(type, new Set())) dated.set(field, () => datedFields(itemType(type), fieldsOf(type)));
  }
  return dated;
}

function hasDates(type: string, seen: Set<string>): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  return fieldsOf(type).some(([, inside]) => inside === 'xsd:dateTime' || hasDates(inside, seen));
}

/** The type itself, or the type of the items of an array type. */
function itemType(type: string): string {
  const definition = contract.types[type];
  if (definition === undefined || !('fields' in definition) || definition.array !== true) return type;
  return itemType(definition.fields[0]?.[1] ?? type);
}

function fieldsOf(type: string): Fields {
  const definition = contract.types[itemType(type)];
  if (definition === undefined || !('fields' in definition)) return [];
  return [...(definition.base === undefined ? [] : fieldsOf(definition.base)), ...definition.fields];
}
