import type { ContractField } from '@ips-sdk/types/contract';
import { docs, type FieldDoc } from '@ips-sdk/types/docs';
import { type Described, fieldDoc, isPrimitive, itemOf } from './contract-model.ts';
import { evidenceNote } from './evidence.ts';
import { constantsLink, formatLink, typeLink } from './links.ts';
import { blocks, code, listed, table } from './markdown.ts';
import { prose } from './prose.ts';

/** The fields of a message or type as a table in the order of the wire, and the rules about which of them go together. */
export function fieldTable(owner: Described, anchor: string): string {
  if (owner.fields.length === 0) return 'No fields: the element is empty.';
  const rows = owner.fields.map((field) => [
    `<code id="${anchor}${field[0].toLowerCase()}">${field[0]}</code>`,
    typeCell(field[1]),
    occurrence(field),
    meaning(owner, field),
  ]);
  const rules = (owner.doc.rules ?? []).map(({ kind, fields, reason, ...evidence }) =>
    `- ${RULES[kind]} ${listed(fields.map(code), 'or')}. ${prose(reason)} ${evidenceNote(evidence) ?? ''}`.trimEnd(),
  );
  return blocks(
    `<div class="fields">\n\n${table(['Field', 'Type', 'Occurs', 'Meaning'], rows)}\n\n</div>`,
    rules.join('\n'),
  );
}

const RULES = {
  exactlyOne: '**Exactly one** of',
  atMostOne: '**At most one** of',
  atLeastOne: '**At least one** of',
} as const;

function typeCell(type: string): string {
  if (isPrimitive(type)) return code(type.slice('xsd:'.length));
  const item = itemOf(type);
  if (item === undefined) return typeLink(type);
  const inner = isPrimitive(item[1]) ? code(item[1].slice('xsd:'.length)) : typeLink(item[1]);
  return `${typeLink(type)}, a list of ${inner}`;
}

function occurrence([, , min, max]: ContractField): string {
  if (max === 1) return min === 0 ? 'optional' : '**required**';
  const most = max === Number.POSITIVE_INFINITY ? 'any number' : `${max}`;
  if (min === 0) return most;
  return max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${most}`;
}

function meaning(owner: Described, field: ContractField): string {
  const doc = fieldDoc(owner, field);
  const item = itemOf(field[1]);
  const parts = [
    doc.deprecated === undefined ? undefined : `**Deprecated.** ${prose(doc.deprecated)}`,
    doc.description === undefined ? undefined : prose(doc.description, owner.name),
    doc.constants === undefined ? undefined : constants(doc.constants),
    doc.format === undefined
      ? undefined
      : `${item === undefined ? 'Format' : 'Each'}: ${formatLink(doc.format)}.`,
    limits(doc),
    doc.unit === undefined ? undefined : `In ${doc.unit}.`,
    doc.default === undefined ? undefined : `Default: ${code(String(doc.default))}.`,
    doc.documentedName === undefined
      ? undefined
      : `The service's documentation calls it ${code(doc.documentedName)}.`,
    doc.secret ? 'Secret: never shown or logged.' : undefined,
    evidenceNote(doc),
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

function constants(names: readonly string[]): string {
  const links = names.map((name) => constantsLink(docs.constants[name]?.title ?? name));
  return `One of ${listed(links, 'or')}.`;
}

function limits(doc: FieldDoc): string | undefined {
  const parts = [
    between(doc.minimum, doc.maximum, 'From', 'At least', 'At most', ''),
    between(doc.minLength, doc.maxLength, 'From', 'At least', 'At most', ' characters'),
    between(doc.minItems, doc.maxItems, 'From', 'At least', 'At most', ' entries'),
    doc.pattern === undefined ? undefined : `Matches ${code(doc.pattern)}.`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}

function between(
  low: number | undefined,
  high: number | undefined,
  from: string,
  least: string,
  most: string,
  noun: string,
): string | undefined {
  if (low !== undefined && high !== undefined) return `${from} ${low} to ${high}${noun}.`;
  if (low !== undefined) return `${least} ${low}${noun}.`;
  return high === undefined ? undefined : `${most} ${high}${noun}.`;
}
