import { contract } from '@ips-sdk/types/contract';
import { docs, type FieldDoc } from '@ips-sdk/types/docs';
import { fieldsOf, itemType, simpleType } from './api-fields.js';

/**
 * A template of a type or message with every field that is not deprecated, set to an example, a known constant or the default. Of
 * mutually exclusive fields, only the first is included. Recursive types are included once.
 */
export function skeleton(name: string, above: ReadonlySet<string> = new Set()): Record<string, unknown> {
  const doc = docs.messages[name] ?? docs.types[name];
  const within = new Set([...above, name]);
  const left = new Set<string>();
  const required = new Set(fieldsOf(name).flatMap(([field, , least]) => (least > 0 ? [field] : [])));
  for (const { kind, fields } of doc?.rules ?? []) {
    if (kind === 'atLeastOne') continue;
    const kept = fields.find((field) => required.has(field)) ?? fields.find((field) => !left.has(field));
    for (const field of fields) if (field !== kept && !required.has(field)) left.add(field);
  }
  const value: Record<string, unknown> = {};
  for (const [field, type, least, , options] of fieldsOf(name)) {
    const property = options?.property ?? field;
    const known = doc?.fields[field] ?? {};
    const isFilledIn = field === 'companyHandle' && above.size === 0;
    if (isFilledIn || left.has(field) || (least === 0 && known.deprecated !== undefined)) continue;
    const one = exampleOf(type, known, within);
    if (one !== undefined) value[property] = one;
  }
  return value;
}

function exampleOf(type: string, doc: FieldDoc, above: ReadonlySet<string>): unknown {
  if (doc.example !== undefined) return doc.example;
  const items = itemType(type);
  if (items !== undefined) {
    const item = exampleOf(items, doc, above);
    return item === undefined ? [] : [item];
  }
  const simple = simpleType(type);
  if (simple === undefined) return above.has(type) ? undefined : skeleton(type, above);
  if (doc.default !== undefined) return doc.default;
  return simpleExample(type, simple, doc);
}

function simpleExample(type: string, simple: string, doc: FieldDoc): unknown {
  const known = contract.types[type];
  const enumerated = known !== undefined && 'simple' in known ? known.values?.[0] : undefined;
  const [list] = doc.constants ?? [];
  const constant = list === undefined ? undefined : Object.keys(docs.constants[list]?.values ?? {})[0];
  const format = doc.format === undefined ? undefined : docs.formats[doc.format]?.example;
  switch (simple) {
    case 'xsd:boolean':
      return false;
    case 'xsd:int':
    case 'xsd:long':
    case 'xsd:double':
    case 'xsd:float':
      return Math.max(doc.minimum ?? 0, 0);
    case 'xsd:dateTime':
      return '2026-01-31T12:00:00Z';
    case 'xsd:base64Binary':
      return 'aXBz';
    default:
      return enumerated ?? constant ?? format ?? (doc.secret ? '…' : 'text').padEnd(doc.minLength ?? 0, '.');
  }
}
