import type { DiagnosticBag } from '../diagnostic.js';
import { checkPattern } from './check-pattern.js';
import type { Deprecation, Documented, DocumentedOnly, FieldOverlay, Rule } from './overlay.js';
import { readSourced, SOURCE_KEYS } from './read-source.js';
import type { YamlCursor } from './yaml-cursor.js';

const FIELD_KEYS = [
  'description',
  'note',
  'constants',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'default',
  'example',
  'unit',
  'secret',
  'deprecated',
  'documented',
  'type',
  ...SOURCE_KEYS,
] as const;

/** Fields by name. A field is a description, or a map with more keys. */
export function readFields(cursor: YamlCursor | undefined, bag: DiagnosticBag): Map<string, FieldOverlay> {
  const fields = new Map<string, FieldOverlay>();
  for (const [name, value] of cursor?.entries() ?? []) fields.set(name, readField(value, bag));
  return fields;
}

function readField(cursor: YamlCursor, bag: DiagnosticBag): FieldOverlay {
  const keys: Partial<Record<(typeof FIELD_KEYS)[number], YamlCursor>> = cursor.isMap
    ? cursor.record(FIELD_KEYS)
    : { description: cursor };
  const pattern = keys.pattern?.string();
  if (pattern !== undefined) checkPattern(pattern, cursor, bag);
  return {
    description: keys.description?.string() ?? '',
    note: keys.note?.string(),
    constants: keys.constants?.isList ? keys.constants.strings() : [keys.constants?.string() ?? []].flat(),
    format: keys.format?.string(),
    pattern,
    minLength: keys.minLength?.number(),
    maxLength: keys.maxLength?.number(),
    minimum: keys.minimum?.number(),
    maximum: keys.maximum?.number(),
    minItems: keys.minItems?.number(),
    maxItems: keys.maxItems?.number(),
    default: keys.default?.value(),
    example: keys.example?.value(),
    unit: keys.unit?.string(),
    secret: keys.secret?.boolean() ?? false,
    deprecated: readDeprecation(keys.deprecated),
    documented: readDocumented(keys.documented),
    type: keys.type?.string(),
    ...readSourced(keys),
    position: cursor.position,
  };
}

export function readDeprecation(cursor: YamlCursor | undefined): Deprecation | undefined {
  if (cursor === undefined) return undefined;
  const keys = cursor.record(['since', 'use', 'note']);
  return { since: keys.since?.string(), use: keys.use?.string(), note: keys.note?.string() };
}

/** `documented: missing`, or a map of the differences in the documentation. */
export function readDocumented(cursor: YamlCursor | undefined): Documented | undefined {
  if (cursor === undefined) return undefined;
  const keys = cursor.isMap
    ? cursor.record(['name', 'type', 'required', 'missing', 'order', 'inputElement', 'outputElement', 'note'])
    : {};
  return {
    name: keys.name?.string(),
    type: keys.type?.string(),
    required: keys.required?.boolean(),
    missing: cursor.isMap ? (keys.missing?.boolean() ?? false) : cursor.oneOf(['missing']) !== undefined,
    order: keys.order?.boolean() ?? false,
    inputElement: keys.inputElement?.string(),
    outputElement: keys.outputElement?.string(),
    note: keys.note?.string(),
  };
}

/** Fields that exist only in the documentation, by name: a note, or a map with type and note. */
export function readDocumentedOnly(cursor: YamlCursor | undefined): DocumentedOnly[] {
  return (cursor?.entries() ?? []).map(([name, value]) => {
    const keys = value.isMap ? value.record(['type', 'note']) : { note: value };
    return { name, type: keys.type?.string(), note: keys.note?.string() ?? '' };
  });
}

const RULE_KINDS = ['exactlyOne', 'atMostOne', 'atLeastOne'] as const;

export function readRules(cursor: YamlCursor | undefined, bag: DiagnosticBag): Rule[] {
  return (cursor?.list() ?? []).flatMap((item) => {
    const keys = item.record([...RULE_KINDS, 'reason', 'view', ...SOURCE_KEYS]);
    const kind = RULE_KINDS.find((k) => keys[k] !== undefined);
    const fields = kind && keys[kind]?.strings();
    // A single field can be required although the contract makes it optional.
    const fewest = kind === 'atLeastOne' ? 1 : 2;
    if (kind === undefined || fields === undefined || fields.length < fewest) {
      bag.add(
        'bad-overlay-value',
        `expected one of ${RULE_KINDS.join(', ')} with at least two fields, or atLeastOne with one field`,
        item.position,
      );
      return [];
    }
    return [
      {
        kind,
        fields,
        reason: keys.reason?.string() ?? '',
        view: keys.view?.string(),
        ...readSourced(keys),
        position: item.position,
      },
    ];
  });
}
