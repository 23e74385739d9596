import type { FullLimits } from '../limits.js';
import type { ComplexPlan, FieldPlan } from '../plan.js';
import { decodeEntities } from './decode-entities.js';
import { BAD, decodeValue, UNSAFE } from './decode-value.js';
import { fastPlan, type RunField, startValues } from './fast-plan.js';

const LT = 60;
const GT = 62;
const SLASH = 47;

const ABSENT: unique symbol = Symbol('absent');

/**
 * Reads the elements of a message by its plan. Every method returns `undefined` for what it does not expect.
 *
 * One regular expression reads a run of simple fields: the engine compiles it to machine code, which reads a dozen elements
 * in the time that a loop in JavaScript needs for one.
 */
export class FastReader {
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

  /** Reads fields up to and including the end tag of the element. */
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

  /** The value of a complex field if it comes next, else {@link ABSENT}. */
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

  /** The position of the next start tag's name, or -1 when no start tag with the prefix comes next. */
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
