import { SOAP11, SOAP12 } from '../encode/encode-envelope.js';
import { faultKind } from '../errors.js';
import type { FullLimits } from '../limits.js';
import type { ComplexPlan, FieldPlan, Plans } from '../plan.js';
import type { Decoded } from './assembler.js';
import { BAD, decodeValue, UNSAFE } from './decode-value.js';

const LT = 60;
const GT = 62;
const SLASH = 47;

/** What no plain document holds: characters that XML forbids. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML cannot carry.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const DECLARATION = /<\?xml version="1\.0"(?: encoding="[Uu][Tt][Ff]-8")?(?: standalone="(?:yes|no)")? ?\?>/y;
const NAME = '[A-Za-z_][A-Za-z0-9_.-]*';
const NAMESPACES = `((?:[ \\t\\n]+xmlns(?::${NAME})?="[^"<&]*")*)`;
const ENVELOPE = new RegExp(
  `[ \\t\\n]*<(${NAME}):Envelope${NAMESPACES}[ \\t\\n]*>[ \\t\\n]*` +
    '(?:<\\1:Header[ \\t\\n]*(?:/>|>[ \\t\\n]*</\\1:Header[ \\t\\n]*>)[ \\t\\n]*)?<\\1:Body[ \\t\\n]*>',
  'y',
);
const MESSAGE = new RegExp(`[ \\t\\n]*<(?:(${NAME}):)?(${NAME})${NAMESPACES}[ \\t\\n]*(/?)>`, 'y');
const NAMESPACE = new RegExp(`xmlns(?::(${NAME}))?="([^"]*)"`, 'g');

/**
 * Reads a plain document, as the service writes them: an envelope with an empty header and one message of the
 * contract, elements in order, no attributes but namespaces of the message and envelope, no comments, CDATA or
 * processing instructions.
 *
 * It vouches only for what it understands completely. For everything else, a mistake or a mere oddity, it answers
 * `undefined`, and the document goes through a conformant parser, which knows what to say about it.
 */
export function decodeFast(
  xml: string,
  plans: Plans,
  bigints: boolean,
  limits: FullLimits,
): Decoded | undefined {
  if (FORBIDDEN.test(xml) || xml.includes(']]>') || !xml.isWellFormed()) return undefined;
  const text = xml.includes('\r') ? xml.replace(/\r\n?/g, '\n') : xml;
  const declaration = text.startsWith('<?') ? matchAt(DECLARATION, text, 0) : [''];
  if (declaration === null) return undefined;
  let at = declaration[0]?.length ?? 0;

  const scope = new Map<string, string>();
  const envelope = matchAt(ENVELOPE, text, at);
  let soapNamespace: string | undefined;
  if (envelope !== null) {
    if (!declare(scope, envelope[2] ?? '')) return undefined;
    soapNamespace = scope.get(envelope[1] ?? '');
    if (soapNamespace !== SOAP11 && soapNamespace !== SOAP12) return undefined;
    at += envelope[0].length;
  }
  const message = matchAt(MESSAGE, text, at);
  if (message === null) return undefined;
  const [tag = '', prefix = '', local = '', namespaces = '', empty] = message;
  const inner = new Map<string, string>();
  if (!declare(inner, namespaces)) return undefined;
  const plan = plans.byElement(local);
  const namespace = inner.get(prefix) ?? scope.get(prefix);
  if (plan === undefined || namespace !== plan.namespace || faultKind(local) !== undefined) return undefined;

  const reader = new FastReader(text, at + tag.length, prefix === '' ? '' : `${prefix}:`, bigints, limits);
  const value =
    empty === '/' ? (plan.body.requiredCount === 0 ? {} : undefined) : reader.complex(plan.body, local, 3);
  if (value === undefined) return undefined;
  const rest = text.slice(reader.position);
  const end =
    envelope === null
      ? /^[ \t\n]*$/
      : new RegExp(
          `^[ \\t\\n]*</${envelope[1]}:Body[ \\t\\n]*>[ \\t\\n]*</${envelope[1]}:Envelope[ \\t\\n]*>[ \\t\\n]*$`,
        );
  if (!end.test(rest)) return undefined;
  return {
    soapVersion: soapNamespace === undefined ? undefined : soapNamespace === SOAP12 ? '1.2' : '1.1',
    plain: envelope === null,
    message: { plan, value, namespace },
    authHeader: undefined,
    headerBlocks: [],
    fault: undefined,
    bareFault: undefined,
  };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Takes note of declared namespaces; `false` for declarations that are not allowed, or unusual. */
function declare(scope: Map<string, string>, declarations: string): boolean {
  for (const [, prefix = '', uri = ''] of declarations.matchAll(NAMESPACE)) {
    const odd =
      scope.has(prefix) ||
      prefix.startsWith('xml') ||
      uri.startsWith('http://www.w3.org/XML/') ||
      uri.startsWith('http://www.w3.org/2000/xmlns');
    if (odd || (prefix !== '' && uri === '') || /[\t\n]/.test(uri)) return false;
    scope.set(prefix, uri);
  }
  return true;
}

/**
 * Reads the elements of a message by its plan. Every method answers `undefined` for what it does not expect.
 *
 * Simple fields that follow each other are read by one regular expression: the engine compiles it to machine code, which
 * reads a dozen elements in the time that a loop in JavaScript needs for one.
 */
class FastReader {
  position: number;
  readonly #text: string;
  readonly #prefix: string;
  readonly #bigints: boolean;
  readonly #limits: FullLimits;
  readonly #hasEntities: boolean;

  constructor(text: string, position: number, prefix: string, bigints: boolean, limits: FullLimits) {
    this.#text = text;
    this.position = position;
    this.#prefix = prefix;
    this.#bigints = bigints;
    this.#limits = limits;
    this.#hasEntities = text.includes('&', position);
  }

  /** Reads fields up to and with the end tag of the element. */
  complex(plan: ComplexPlan, element: string, depth: number): Record<string, unknown> | undefined {
    if (depth > this.#limits.maxDepth) return undefined;
    const { parts, templates } = fastPlan(plan, this.#prefix);
    let values: Record<string, unknown> | undefined;
    for (const part of parts) {
      this.#skipSpace();
      if (part.run === undefined) {
        const found = this.#complexField(part.field, depth);
        if (found === undefined || (found === ABSENT && part.field.required)) return undefined;
        if (found !== ABSENT) {
          values ??= {};
          values[part.field.name] = found;
        }
        continue;
      }
      part.run.lastIndex = this.position;
      const match = part.run.exec(this.#text);
      if (match === null) return undefined;
      this.position = part.run.lastIndex;
      if (values === undefined) values = startValues(part.fields, match, templates);
      if (!this.#readRun(part.fields, match, values)) return undefined;
    }
    return this.#endTag(element) ? (values ?? {}) : undefined;
  }

  #readRun(fields: readonly RunField[], match: RegExpExecArray, values: Record<string, unknown>): boolean {
    for (let i = 0; i < fields.length; i += 1) {
      const { field, group, optional } = fields[i] as RunField;
      if (optional && match[group] === undefined) continue;
      const value = this.#simple(field, (optional ? match[group + 1] : match[group]) ?? '');
      if (value === undefined) return false;
      values[field.name] = value;
    }
    return true;
  }

  #simple(field: FieldPlan, content: string): unknown {
    let text: string | undefined = content;
    if (this.#hasEntities && content.includes('&')) {
      text = decodeEntities(content);
      if (text === undefined) return undefined;
    }
    if (text.length > this.#limits.maxText) return undefined;
    if (field.kind === 'text') return text;
    const value = decodeValue(field, text, this.#bigints);
    return value === BAD || value === UNSAFE ? undefined : value;
  }

  /** The value of a complex field if it is what comes next; {@link ABSENT} when something else does. */
  #complexField(field: FieldPlan, depth: number): unknown {
    const nameAt = this.#nameAt();
    const behind = nameAt + field.name.length;
    const here = nameAt >= 0 && this.#text.startsWith(field.name, nameAt);
    const next = here ? this.#text.charCodeAt(behind) : 0;
    if (next === GT) {
      this.position = behind + 1;
      const plan = field.complex as ComplexPlan;
      return plan.item === undefined
        ? this.complex(plan, field.name, depth + 1)
        : this.#array(plan, field.name, depth + 1);
    }
    if (next === SLASH && this.#text.charCodeAt(behind + 1) === GT) {
      this.position = behind + 2;
      const plan = field.complex as ComplexPlan;
      return plan.item === undefined ? (plan.requiredCount === 0 ? {} : undefined) : [];
    }
    return ABSENT;
  }

  #array(plan: ComplexPlan, element: string, depth: number): unknown[] | undefined {
    if (depth > this.#limits.maxDepth) return undefined;
    const item = plan.item as FieldPlan;
    const items: unknown[] = [];
    if (item.kind !== undefined) {
      const [part] = fastPlan(plan, this.#prefix).parts;
      if (part?.run === undefined) return undefined;
      this.#skipSpace();
      for (;;) {
        part.run.lastIndex = this.position;
        const match = part.run.exec(this.#text);
        if (match === null) break;
        this.position = part.run.lastIndex;
        const value = this.#simple(item, match[1] ?? '');
        if (value === undefined) return undefined;
        items.push(value);
      }
    } else {
      for (;;) {
        this.#skipSpace();
        const value = this.#complexField(item, depth);
        if (value === ABSENT) break;
        if (value === undefined) return undefined;
        items.push(value);
      }
    }
    return this.#endTag(element) ? items : undefined;
  }

  /** Where the name of the next start tag stands, or -1 when no start tag with the prefix comes next. */
  #nameAt(): number {
    const at = this.position;
    if (this.#text.charCodeAt(at) !== LT) return -1;
    return this.#prefix === '' || this.#text.startsWith(this.#prefix, at + 1)
      ? at + 1 + this.#prefix.length
      : -1;
  }

  #skipSpace(): void {
    const text = this.#text;
    let at = this.position;
    let code = text.charCodeAt(at);
    while (code === 32 || code === 10 || code === 9) {
      at += 1;
      code = text.charCodeAt(at);
    }
    this.position = at;
  }

  /** Reads white space and `</prefix:name>`. */
  #endTag(name: string): boolean {
    this.#skipSpace();
    const text = this.#text;
    const at = this.position;
    if (text.charCodeAt(at) !== LT || text.charCodeAt(at + 1) !== SLASH) return false;
    const nameAt = at + 2 + this.#prefix.length;
    if (!text.startsWith(this.#prefix, at + 2) || !text.startsWith(name, nameAt)) return false;
    const end = nameAt + name.length;
    if (text.charCodeAt(end) !== GT) return false;
    this.position = end + 1;
    return true;
  }
}

const ABSENT: unique symbol = Symbol('absent');

/** A simple field inside of a run: its place among the groups of the regular expression. */
interface RunField {
  readonly field: FieldPlan;
  readonly group: number;
  readonly optional: boolean;
}

/** A run of simple fields, or one complex field. */
type Part =
  | { readonly run: RegExp; readonly fields: readonly RunField[]; readonly field?: never }
  | { readonly run?: never; readonly fields?: never; readonly field: FieldPlan };

interface FastPlan {
  readonly parts: readonly Part[];
  /** Objects with the keys of the first run, by which of its optional fields are there. */
  readonly templates: Map<number, Record<string, unknown>>;
}

const fastPlans = new WeakMap<ComplexPlan, Map<string, FastPlan>>();
/** A document may choose any prefix; plans are kept for the first few. */
const MAX_PREFIXES = 8;
const MAX_TEMPLATES = 64;

function fastPlan(plan: ComplexPlan, prefix: string): FastPlan {
  let byPrefix = fastPlans.get(plan);
  if (byPrefix === undefined) {
    byPrefix = new Map();
    fastPlans.set(plan, byPrefix);
  }
  const known = byPrefix.get(prefix);
  if (known !== undefined) return known;
  const made: FastPlan = { parts: compileParts(plan, prefix), templates: new Map() };
  if (byPrefix.size < MAX_PREFIXES) byPrefix.set(prefix, made);
  return made;
}

function compileParts(plan: ComplexPlan, prefix: string): Part[] {
  const parts: Part[] = [];
  let fields: RunField[] = [];
  let source = '';
  let group = 1;
  const finishRun = (): void => {
    if (fields.length > 0) parts.push({ run: new RegExp(source, 'y'), fields });
    fields = [];
    source = '';
    group = 1;
  };
  for (const field of plan.fields) {
    if (field.kind === undefined) {
      finishRun();
      parts.push({ field });
      continue;
    }
    const name = `${prefix}${field.name}`.replaceAll('.', '\\.');
    const optional = !field.required && plan.item === undefined;
    // The inner group is the text. An optional element has a group around it that tells an empty one from an absent one. White
    // space is read behind an element: before it, every optional one that is not there would look over it again.
    source += optional
      ? `(?:<${name}(/>|>([^<]*)</${name}>)[ \\t\\n]*)?`
      : `<${name}(?:/>|>([^<]*)</${name}>)[ \\t\\n]*`;
    fields.push({ field, group, optional });
    group += optional ? 2 : 1;
  }
  finishRun();
  return parts;
}

/** An object that already has the keys of a run: giving it values is faster than adding keys one by one. */
function startValues(
  fields: readonly RunField[],
  match: RegExpExecArray,
  templates: Map<number, Record<string, unknown>>,
): Record<string, unknown> {
  let signature = 0;
  let bit = 1;
  for (const { optional, group } of fields) {
    if (!optional) continue;
    if (match[group] !== undefined) signature += bit;
    bit *= 2;
  }
  // More optional fields than a number has exact bits would share signatures.
  if (bit > 2 ** 50) return {};
  let template = templates.get(signature);
  if (template === undefined) {
    template = {};
    for (const { field, group, optional } of fields)
      if (!optional || match[group] !== undefined) template[field.name] = undefined;
    if (templates.size < MAX_TEMPLATES) templates.set(signature, template);
  }
  return Object.assign({}, template);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Replaces references to characters; `undefined` when one of them is not allowed. */
function decodeEntities(text: string): string | undefined {
  let result = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('&', at);
    if (start < 0) return result + text.slice(at);
    const end = text.indexOf(';', start);
    if (end < 0) return undefined;
    const name = text.slice(start + 1, end);
    const character =
      name.charCodeAt(0) === 35
        ? decodeReference(name)
        : Object.hasOwn(ENTITIES, name)
          ? ENTITIES[name]
          : undefined;
    if (character === undefined) return undefined;
    result += text.slice(at, start) + character;
    at = end + 1;
  }
}

function decodeReference(name: string): string | undefined {
  const match = /^#(?:(\d{1,7})|x([0-9a-fA-F]{1,6}))$/.exec(name);
  if (match === null) return undefined;
  const code = match[1] === undefined ? Number.parseInt(match[2] ?? '', 16) : Number(match[1]);
  const allowed =
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 32 && code < 0xd800) ||
    (code >= 0xe000 && code < 0xfffe) ||
    (code >= 0x10000 && code <= 0x10ffff);
  return allowed ? String.fromCodePoint(code) : undefined;
}
