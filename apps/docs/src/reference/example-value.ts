import type { ContractField } from '@ips-sdk/types/contract';
import { docs, type FieldDoc } from '@ips-sdk/types/docs';
import { type Described, describeType, fieldDoc, isPrimitive, itemOf } from './contract-model.ts';

/** How much of a value to show. */
export type Detail = 'request' | 'full';

type Value = Readonly<Record<string, unknown>>;

/** Optional fields that a first request does well without: they narrow the answer, or act for somebody else. */
const SELDOM = /^(responseFieldArray|excludeFieldArray|access(User|Group)Handle|userHandle|locale)$/;

/** A request shows at least this many fields, so that one without required fields is no empty element. */
const FEWEST = 3;

/**
 * Of the fields that each stand for one kind of thing, the one that examples show, by the type that holds them. The contract has
 * no rule for them, but an asset never has the details of two kinds of file.
 */
const SHOWN: Readonly<
  Record<string, { readonly among: RegExp; readonly shown: string; readonly fixed: Value }>
> = {
  Asset: { among: /Info$/, shown: 'imageInfo', fixed: { type: 'Image' } },
};

/** Values that fit together better than the first of each list. */
const TELLING: Readonly<Record<string, string>> = {
  ActiveJobState: 'Running',
  JobTriggerState: 'Normal',
  TaskState: 'Processing',
  JobLogType: 'UploadSuccess',
  AssetType: 'Image',
};

/**
 * An example of a message or type, made from what the overlay says of its fields: their examples, constants, formats and ranges.
 * It keeps the rules about fields that exclude each other.
 *
 * @param detail - `request` shows what is required and a few fields more, `full` all but what nests deep.
 */
export function exampleValue(owner: Described, detail: Detail): unknown {
  const place: Place = { detail, stack: [], depth: 0, shown: new Set() };
  return owner.array ? arrayValue(owner, {}, place) : objectValue(owner, place);
}

/** Where in an example its making stands. */
interface Place {
  readonly detail: Detail;
  /** The types around the place; none is entered a second time. */
  readonly stack: readonly string[];
  readonly depth: number;
  /** The types that the example has shown in full already; a second value of one is short. */
  readonly shown: Set<string>;
}

function objectValue(owner: Described, outer: Place): Value {
  const detail = outer.shown.has(owner.name) ? 'request' : outer.detail;
  outer.shown.add(owner.name);
  const place: Place = { ...outer, detail, stack: [...outer.stack, owner.name] };
  const shown = SHOWN[owner.name];
  const excluded = excludedFields(owner, shown?.shown);
  const allowed = owner.fields.filter(
    (field) => !excluded.has(field[0]) && !(shown?.among.test(field[0]) && field[0] !== shown.shown),
  );
  const chosen = new Set(allowed.filter((field) => isRequired(owner, field)));
  for (const field of allowed) {
    if (chosen.has(field) || fieldDoc(owner, field).deprecated !== undefined) continue;
    if (detail === 'full' ? isShown(field, place) : chosen.size < FEWEST && isUseful(field, place)) {
      chosen.add(field);
    }
  }
  const value: Record<string, unknown> = {};
  for (const field of owner.fields) {
    if (!chosen.has(field)) continue;
    const [name] = field;
    value[name] = shown?.fixed[name] ?? fieldValue(owner, field, place);
  }
  return value;
}

/** A field is there if it must be, or if a rule asks for one of several and this is the first. */
function isRequired(owner: Described, field: ContractField): boolean {
  return (
    field[2] > 0 ||
    (owner.doc.rules ?? []).some(({ kind, fields }) => kind !== 'atMostOne' && fields[0] === field[0])
  );
}

/** Of fields that exclude each other all but one, preferably one that is required or wanted. */
function excludedFields(owner: Described, wanted: string | undefined): Set<string> {
  const excluded = new Set<string>();
  for (const { kind, fields } of owner.doc.rules ?? []) {
    if (kind === 'atLeastOne') continue;
    const required = owner.fields.find(([name, , min]) => min > 0 && fields.includes(name))?.[0];
    const kept = required ?? fields.find((name) => name === wanted) ?? fields[0];
    for (const name of fields) if (name !== kept) excluded.add(name);
  }
  return excluded;
}

function isShown([, type]: ContractField, { stack, depth }: Place): boolean {
  if (isPrimitive(type)) return depth < 3;
  return depth < 2 && !stack.includes(itemOf(type)?.[1] ?? type);
}

function isUseful([name, type]: ContractField, { stack }: Place): boolean {
  return !SELDOM.test(name) && !stack.includes(itemOf(type)?.[1] ?? type);
}

function fieldValue(owner: Described, field: ContractField, outer: Place): unknown {
  const [name, type] = field;
  const doc = fieldDoc(owner, field);
  if (doc.example !== undefined) return doc.example;
  if (isPrimitive(type)) return primitiveValue(name, type, doc);
  const described = describeType(type);
  const place: Place = { ...outer, depth: outer.depth + 1 };
  if (described.array) return arrayValue(described, doc, place);
  return place.stack.includes(type) ? {} : objectValue(described, place);
}

/** @param doc - What is known of the field that holds the array: its format and constants are those of the items. */
function arrayValue(array: Described, doc: FieldDoc, place: Place): unknown[] {
  const [item] = array.fields;
  if (item === undefined) throw new TypeError(`the array type ${array.name} has no item`);
  const [name, type] = item;
  const itemDoc = fieldDoc(array, item);
  if (isPrimitive(type)) return [itemDoc.example ?? primitiveValue(name, type, { ...itemDoc, ...doc })];
  const described = describeType(type);
  if (described.array) return [arrayValue(described, doc, place)];
  return place.stack.includes(type) ? [] : [objectValue(described, place)];
}

function primitiveValue(name: string, type: string, doc: FieldDoc): unknown {
  const fallback = doc.default;
  switch (type) {
    case 'xsd:boolean':
      return typeof fallback === 'boolean' ? fallback : true;
    case 'xsd:int':
    case 'xsd:long':
      return typeof fallback === 'number' ? fallback : within(1, doc);
    case 'xsd:double':
      return typeof fallback === 'number' ? fallback : within(0.5, doc);
    case 'xsd:dateTime':
      return /^(end|lastModified|modified|expire)/i.test(name)
        ? '2014-04-03T22:05:00.000-07:00'
        : '2014-04-03T22:00:00.000-07:00';
    case 'xsd:base64Binary':
      return 'eJwDAAAAAAE=';
    default:
      return textValue(name, doc);
  }
}

function within(value: number, { minimum = value, maximum = value }: FieldDoc): number {
  return Math.min(Math.max(value, minimum), maximum);
}

function textValue(name: string, doc: FieldDoc): string {
  if (typeof doc.default === 'string' && doc.default !== '') return doc.default;
  const list = doc.constants?.[0];
  if (list !== undefined) {
    const values = Object.keys(docs.constants[list]?.values ?? {});
    const telling = TELLING[list] ?? values.find((value) => !/^(None|Unknown|NoType)$/.test(value));
    if (telling !== undefined) return telling;
  }
  const format = doc.format === undefined ? undefined : docs.formats[doc.format];
  return format?.example ?? name;
}
