import type {
  AnnotatedContract,
  AnnotatedField,
  AnnotatedOperation,
  AnnotatedType,
} from '../annotate/annotated.js';
import { NO_EVIDENCE } from '../annotate/evidence.js';
import type { Field, TypeDefinition } from '../model.js';
import type { Deprecation, FieldOverlay, Rule, SourceSection } from '../overlay/overlay.js';
import { evidenceRemarks, seeTag } from './describe-evidence.js';
import { docText, literal, literalKey } from './source-text.js';

/** The paragraphs of a field's TSDoc. `page` documents the definition that contains the field. */
export function describeField(annotated: AnnotatedField, page: string | undefined): (string | undefined)[] {
  const { description, overlay, format, field } = annotated;
  const remarks = [
    overlay && rangeText(overlay),
    // Addresses and URLs need no explanation.
    format?.jsonSchema === undefined ? format?.description : undefined,
    field.wildcard ? 'Whole elements, as XML.' : isAnyContent(field) ? 'Any content, as XML.' : undefined,
    field.choice ? 'At most one alternative of the choice can be present.' : undefined,
    ...evidenceRemarks(annotated.evidence, page, overlay?.note),
  ].filter((r): r is string => r !== undefined);
  return [
    sentence(description),
    remarks.length > 0 ? `@remarks ${docText(remarks.join(' '))}` : undefined,
    overlay?.default === undefined
      ? undefined
      : `@defaultValue ${docText(`\`${literal(overlay.default)}\``)}`,
    deprecationTag(overlay?.deprecated),
  ];
}

function isAnyContent({ type }: Field): boolean {
  return type.kind === 'primitive' && type.name === 'anyType';
}

/** `0 to 100, in percent.` */
function rangeText(overlay: FieldOverlay): string | undefined {
  const { minimum, maximum, minItems, maxItems, minLength, maxLength, unit } = overlay;
  const parts = [
    between(minimum, maximum, ''),
    between(minItems, maxItems, ' entries'),
    between(minLength, maxLength, ' characters'),
  ].filter((p): p is string => p !== undefined);
  if (unit !== undefined) parts.push(`in ${unit}`);
  if (parts.length === 0) return undefined;
  const text = parts.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function between(low: number | undefined, high: number | undefined, what: string): string | undefined {
  if (low === undefined && high === undefined) return undefined;
  if (low === undefined) return `at most ${high}${what}`;
  if (high === undefined) return `at least ${low}${what}`;
  return `${low} to ${high}${what}`;
}

export function deprecationTag(deprecation: Deprecation | undefined): string | undefined {
  if (deprecation === undefined) return undefined;
  const parts = [
    deprecation.since && `Since ${deprecation.since}.`,
    deprecation.use && `Use \`${deprecation.use}\`.`,
    deprecation.note,
  ].filter((p): p is string => Boolean(p));
  return `@deprecated ${docText(parts.join(' ') || 'Do not use in new code.')}`;
}

/** `At most one of a, b, c can be present. Reason.` */
export function ruleText({ kind, fields, reason }: Rule): string {
  const list = fields.map((f) => `\`${f}\``).join(', ');
  const [count, verb] = {
    exactlyOne: ['Exactly one', 'must'],
    atMostOne: ['At most one', 'can'],
    atLeastOne: ['At least one', 'must'],
  }[kind];
  const rule = fields.length === 1 ? `${list} is required` : `${count} of ${list} ${verb} be present`;
  return reason ? `${rule}. ${reason.replace(/\.$/, '')}.` : `${rule}.`;
}

/** The paragraphs of a type's TSDoc. */
export function describeType(type: AnnotatedType, sources: readonly SourceSection[]): (string | undefined)[] {
  const remarks = [...type.rules.map(ruleText), ...evidenceRemarks(type.evidence, type.page, type.note)];
  return [
    sentence(type.description),
    remarksTag(remarks),
    deprecationTag(type.deprecated),
    seeTag(type.page, sources),
  ];
}

export function remarksTag(remarks: readonly string[]): string | undefined {
  return remarks.length > 0 ? `@remarks ${docText(remarks.join(' '))}` : undefined;
}

/** The paragraphs of an operation's TSDoc. */
export function describeOperation(
  operation: AnnotatedOperation,
  { hasOverlay, sources, evidence }: AnnotatedContract,
): (string | undefined)[] {
  // Roles and repeatability are only known from an overlay.
  if (!hasOverlay) return [sentence(operation.description)];
  const remarks = [
    ...operation.limits.flatMap((limit) => [
      limit.text,
      ...evidenceRemarks(evidence.get(limit) ?? NO_EVIDENCE, operation.page),
    ]),
    ...operation.input.rules.map(ruleText),
    operation.roles === undefined ? undefined : `Roles: ${operation.roles.join(', ')}.`,
    {
      safe: 'Safe to retry: the operation changes nothing.',
      idempotent: 'Safe to retry: repeated calls have the same effect as one.',
      unsafe:
        'Not safe to retry without checking the outcome: a repeated call can have a further effect or return a fault.',
    }[operation.idempotency],
    ...evidenceRemarks(operation.evidence, operation.page),
  ].filter((r): r is string => r !== undefined);
  return [
    sentence(operation.description),
    remarksTag(remarks),
    deprecationTag(operation.deprecated),
    seeTag(operation.page, sources),
    ...operation.examples.map(
      ({ title, input }) =>
        `@example ${docText(title)}\n\`\`\`ts\nawait client.${operation.operation.name}(${exampleInput(input)});\n\`\`\``,
    ),
  ];
}

/** Maximum line length of an example. */
const EXAMPLE_WIDTH = 96;

/**
 * An input as a literal. All lines but the first and the last begin with a space, so that they are not
 * folded.
 */
function exampleInput(value: unknown, indent: string = ''): string {
  const line = literal(value);
  const short = indent.length + line.length <= (indent === '' ? EXAMPLE_WIDTH - 40 : EXAMPLE_WIDTH);
  if (short || typeof value !== 'object' || value === null) return line;
  const deeper = `${indent}  `;
  const list = Array.isArray(value);
  const entries = list
    ? value.map((item) => exampleInput(item, deeper))
    : Object.entries(value).map(([key, item]) => `${literalKey(key)}: ${exampleInput(item, deeper)}`);
  const [open, close] = list ? ['[', ']'] : ['{', '}'];
  return `${open}\n${entries.map((entry) => `${deeper}${entry},\n`).join('')}${indent}${close}`;
}

/** The restrictions of a simple type in the schema. */
export function facetText(type: TypeDefinition): string | undefined {
  if (type.kind !== 'simple') return undefined;
  const facets = Object.entries(type.facets).map(([name, value]) => `${name} \`${value}\``);
  return facets.length > 0 ? `@remarks ${docText(`Restricted by ${facets.join(', ')}.`)}` : undefined;
}

function sentence(text: string | undefined): string | undefined {
  return text === undefined ? undefined : docText(text);
}
