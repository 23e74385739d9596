import { WireError } from '../errors.js';
import { type ComplexPlan, type FieldPlan, OPEN_ATTRIBUTES } from '../type-plan.js';
import { unknownElementsOf } from '../unknown-elements.js';
import { encodeWildcard } from './encode-fragment.js';
import { bad, encodeSimple, SPECIAL } from './encode-simple.js';
import { encodeUnknown } from './encode-unknown.js';
import { escapeAttribute } from './escape.js';
import { type Path, pathText } from './path.js';

const XML = 'http://www.w3.org/XML/1998/namespace';
const XMLNS = 'http://www.w3.org/2000/xmlns/';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

/** Settings for a whole message. */
export interface EncodeContext {
  /** Whether elements that the contract lacks are sent. */
  readonly sends: boolean;
  /** The namespace of the message in the contract and in the document. */
  readonly own: string;
  readonly written: string;
}

/** The namespace in the document. */
function writtenAs(namespace: string, { own, written }: EncodeContext): string {
  return namespace === own ? written : namespace;
}

/**
 * Writes the children of a complex value in the order of the contract, or its text.
 *
 * @param scope - Default namespace in scope, as in the contract.
 * @throws WireError for an unknown or missing field, and for a value that cannot be written as the field's type.
 */
export function encodeFields(
  plan: ComplexPlan,
  value: unknown,
  path: Path,
  context: EncodeContext,
  scope: string,
): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw bad(value, 'an object', path, false);
  }
  const record = value as Readonly<Record<string, unknown>>;
  let xml = '';
  let present = plan.attributes.length === 0 ? 0 : countPresent(plan.attributes, record);
  if (plan.anyAttribute && record[OPEN_ATTRIBUTES] !== undefined) present += 1;
  for (const field of plan.fields) {
    const fieldValue = presentValue(record, field, path);
    if (fieldValue === undefined) continue;
    present += 1;
    xml += encodeField(field, fieldValue, path, context, scope);
  }
  if (plan.hasChoices) checkChoices(plan, record, path);
  if (plan.text !== undefined) {
    const text = presentValue(record, plan.text, path);
    if (text !== undefined) {
      present += 1;
      xml += encodeSimple(plan.text, text, { parent: path, key: plan.text.property });
    }
  }
  // Most values have no unknown keys, so the search runs only if there are more keys than known ones.
  const keys = Object.keys(record);
  if (keys.length !== present) {
    for (const key of keys) {
      if (record[key] === undefined || plan.properties.has(key)) continue;
      // A message can have a reference to its JSON Schema, for editors. No element has this name.
      if (key === '$schema' && path.parent === undefined) continue;
      throw new WireError(
        'unknown-field',
        `${plan.name} has no such field in ${plan.contract}`,
        pathText({ parent: path, key }),
      );
    }
  }
  const unknown = unknownElementsOf(record);
  return unknown === undefined ? xml : xml + encodeUnknown(unknown, path, context.sends);
}

/** The value of a field, or `undefined` for an absent optional field. */
function presentValue(record: Readonly<Record<string, unknown>>, field: FieldPlan, path: Path): unknown {
  const value = record[field.property];
  if (value !== undefined && Object.hasOwn(record, field.property)) return value;
  if (field.required) {
    throw new WireError(
      'missing-field',
      'the field is required',
      pathText({ parent: path, key: field.property }),
    );
  }
  return undefined;
}

function countPresent(fields: readonly FieldPlan[], record: Readonly<Record<string, unknown>>): number {
  return fields.filter(({ property }) => record[property] !== undefined && Object.hasOwn(record, property))
    .length;
}

function checkChoices(plan: ComplexPlan, record: Readonly<Record<string, unknown>>, path: Path): void {
  const taken = new Map<number, FieldPlan>();
  for (const field of plan.fields) {
    if (field.choice === undefined || record[field.property] === undefined) continue;
    const [group, branch] = field.choice;
    const other = taken.get(group) ?? field;
    taken.set(group, other);
    if (other.choice?.[1] !== branch) {
      const message = `the field and "${other.property}" are mutually exclusive`;
      throw new WireError('bad-value', message, pathText({ parent: path, key: field.property }));
    }
  }
}

/** Writes the attributes of a complex value, each after a space. */
export function encodeAttributes(plan: ComplexPlan, value: unknown, path: Path): string {
  if (plan.attributes.length === 0 && !plan.anyAttribute) return '';
  if (typeof value !== 'object' || value === null) return '';
  const record = value as Readonly<Record<string, unknown>>;
  let xml = '';
  plan.attributes.forEach((field, index) => {
    const attribute = presentValue(record, field, path);
    if (attribute === undefined) return;
    const at: Path = { parent: path, key: field.property };
    const text = encodeSimple(field, attribute, at);
    const quoted = field.kind === 'text' ? escapeAttribute(String(attribute)) : text;
    xml += attributeText(field.namespace, field.name, `a${index}`, quoted);
  });
  const open = plan.anyAttribute ? record[OPEN_ATTRIBUTES] : undefined;
  return open === undefined
    ? xml
    : xml + encodeOpenAttributes(plan, open, { parent: path, key: OPEN_ATTRIBUTES });
}

function attributeText(namespace: string, name: string, prefix: string, quoted: string): string {
  if (namespace === '') return ` ${name}="${quoted}"`;
  if (namespace === XML) return ` xml:${name}="${quoted}"`;
  return ` xmlns:${prefix}="${escapeAttribute(namespace)}" ${prefix}:${name}="${quoted}"`;
}

/** Writes attributes that are not in the contract, by `name` or `{namespace}name`. */
function encodeOpenAttributes(plan: ComplexPlan, value: unknown, path: Path): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad(value, 'an object', path, false);
  return Object.entries(value)
    .map(([key, text], index) => {
      const at: Path = { parent: path, key };
      const [, namespace = '', name = ''] =
        /^(?:\{([^}]*)\})?([\p{L}_][\p{L}\p{N}\p{M}._\u00b7-]*)$/u.exec(key) ?? [];
      const isNamed = plan.attributes.some((field) => field.name === name && field.namespace === namespace);
      const isReserved = name === '' || (namespace === '' && name === 'xmlns') || namespace === XMLNS;
      if (isNamed || isReserved) throw bad(key, 'an attribute name that is not in the contract', at, false);
      if (typeof text !== 'string') throw bad(text, 'a string', at, false);
      return attributeText(namespace, name, `o${index}`, escapeAttribute(text));
    })
    .join('');
}

function encodeField(
  field: FieldPlan,
  value: unknown,
  parent: Path,
  context: EncodeContext,
  scope: string,
): string {
  if (
    field.kind === 'text' &&
    typeof value === 'string' &&
    !SPECIAL.test(value) &&
    isOrdinary(field, scope)
  ) {
    return value === '' ? field.empty : field.open + value + field.close;
  }
  const path: Path = { parent, key: field.property };
  if (!field.repeated) return encodeElement(field, value, path, context, scope);
  checkItems(field, value, path);
  return value
    .map((one, index) => encodeElement(field, one, { parent: path, key: index }, context, scope))
    .join('');
}

/** Whether an element needs only its tags around the text. */
function isOrdinary(field: FieldPlan, scope: string): boolean {
  return field.namespace === scope && field.values === undefined;
}

/** Writes an element with its tags. */
function encodeElement(
  field: FieldPlan,
  value: unknown,
  path: Path,
  context: EncodeContext,
  scope: string,
): string {
  if (field.wildcard) return encodeWildcard(value, path, scope);
  if (value === null && field.nillable) {
    return `${startOf(field, context, scope)} xmlns:xsi="${XSI}" xsi:nil="true"/>`;
  }
  if (field.kind !== undefined) return wrap(field, '', encodeSimple(field, value, path), context, scope);
  const plan = field.complex as ComplexPlan;
  if (plan.item !== undefined) {
    return wrap(
      field,
      '',
      encodeItems(plan, plan.item, value, path, context, field.namespace),
      context,
      scope,
    );
  }
  // Fields first, because their errors explain a value that is not an object.
  const content = encodeFields(plan, value, path, context, field.namespace);
  return wrap(field, encodeAttributes(plan, value, path), content, context, scope);
}

function wrap(
  field: FieldPlan,
  attributes: string,
  content: string,
  context: EncodeContext,
  scope: string,
): string {
  if (attributes === '' && field.namespace === scope) {
    return content === '' ? field.empty : field.open + content + field.close;
  }
  const start = startOf(field, context, scope) + attributes;
  return content === '' ? `${start}/>` : `${start}>${content}${field.close}`;
}

/** A start tag without its closing bracket. It declares its namespace if that differs from the scope. */
function startOf(field: FieldPlan, context: EncodeContext, scope: string): string {
  const { name, namespace } = field;
  if (namespace === scope) return `<${name}`;
  return `<${name} xmlns="${escapeAttribute(writtenAs(namespace, context))}"`;
}

function encodeItems(
  plan: ComplexPlan,
  item: FieldPlan,
  value: unknown,
  path: Path,
  context: EncodeContext,
  scope: string,
): string {
  checkItems(plan, value, path);
  let xml = '';
  for (let i = 0; i < value.length; i += 1) {
    xml += encodeElement(item, value[i], { parent: path, key: i }, context, scope);
  }
  const unknown = unknownElementsOf(value);
  return unknown === undefined ? xml : xml + encodeUnknown(unknown, path, context.sends);
}

/** Asserts that a value is an array with an allowed number of items. */
function checkItems(
  { minItems, maxItems }: Pick<ComplexPlan, 'minItems' | 'maxItems'>,
  value: unknown,
  path: Path,
): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw bad(value, 'an array', path, false);
  if (value.length < minItems || value.length > maxItems) {
    const expected = value.length < minItems ? `at least ${minItems}` : `at most ${maxItems}`;
    throw new WireError('bad-value', `found ${value.length} entries, expected ${expected}`, pathText(path));
  }
}
