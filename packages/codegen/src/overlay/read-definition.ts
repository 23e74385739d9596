import type { DiagnosticBag } from '../diagnostic.js';
import type { Limit, MessageOverlay, OperationOverlay, TypeOverlay } from './overlay.js';
import { readDeprecation, readDocumented, readDocumentedOnly, readFields, readRules } from './read-field.js';
import { readSourced, SOURCE_KEYS } from './read-source.js';
import type { YamlCursor } from './yaml-cursor.js';

export function readType(cursor: YamlCursor, area: string, bag: DiagnosticBag): TypeOverlay {
  const keys = cursor.record([
    'page',
    'description',
    'note',
    'deprecated',
    'documented',
    'documentedOnly',
    'rules',
    'fields',
    ...SOURCE_KEYS,
  ]);
  return {
    area,
    page: keys.page?.string(),
    ...readSourced(keys),
    description: keys.description?.string() ?? '',
    note: keys.note?.string(),
    deprecated: readDeprecation(keys.deprecated),
    documented: readDocumented(keys.documented),
    documentedOnly: readDocumentedOnly(keys.documentedOnly),
    rules: readRules(keys.rules, bag),
    fields: readFields(keys.fields, bag),
    position: cursor.position,
  };
}

export function readMessage(cursor: YamlCursor, area: string, bag: DiagnosticBag): MessageOverlay {
  const keys = cursor.record(['page', 'description', 'as', 'fields', ...SOURCE_KEYS]);
  return {
    area,
    page: keys.page?.string(),
    ...readSourced(keys),
    description: keys.description?.string() ?? '',
    as: keys.as?.string(),
    fields: readFields(keys.fields, bag),
    position: cursor.position,
  };
}

const OPERATION_KEYS = [
  'page',
  'description',
  'roles',
  'idempotency',
  'limits',
  'deprecated',
  'documented',
  'documentedOnly',
  'rules',
  'input',
  'output',
  'examples',
  ...SOURCE_KEYS,
] as const;

export function readOperation(cursor: YamlCursor, area: string, bag: DiagnosticBag): OperationOverlay {
  const keys = cursor.record(OPERATION_KEYS);
  const idempotency = keys.idempotency?.oneOf(['safe', 'idempotent', 'unsafe']);
  if (keys.idempotency === undefined) {
    bag.add('missing-overlay', 'an operation needs idempotency: safe, idempotent or unsafe', cursor.position);
  }
  return {
    area,
    page: keys.page?.string(),
    ...readSourced(keys),
    description: keys.description?.string() ?? '',
    roles: keys.roles?.strings(),
    idempotency: idempotency ?? 'unsafe',
    limits: (keys.limits?.list() ?? []).map(readLimit),
    deprecated: readDeprecation(keys.deprecated),
    documented: readDocumented(keys.documented),
    documentedOnly: readDocumentedOnly(keys.documentedOnly),
    rules: readRules(keys.rules, bag),
    input: readFields(keys.input, bag),
    output: readFields(keys.output, bag),
    examples: (keys.examples?.list() ?? []).map((item) => {
      const example = item.record(['title', 'input', 'output']);
      return {
        title: example.title?.string() ?? '',
        input: example.input?.value() ?? {},
        output: example.output?.value(),
        position: item.position,
      };
    }),
    position: cursor.position,
  };
}

/** A string, or a map of a string and its source. */
function readLimit(cursor: YamlCursor): Limit {
  const keys: Partial<Record<'text' | (typeof SOURCE_KEYS)[number], YamlCursor>> = cursor.isMap
    ? cursor.record(['text', ...SOURCE_KEYS])
    : { text: cursor };
  return { text: keys.text?.string() ?? '', ...readSourced(keys), position: cursor.position };
}
