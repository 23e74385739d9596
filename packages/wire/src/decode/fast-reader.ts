import type { FullLimits } from '../limits.js';
import type { ComplexPlan, FieldPlan } from '../plan.js';
import { decodeEntities } from './decode-entities.js';
import { BAD, decodeValue, UNSAFE } from './decode-value.js';
import { fastPlan, type RunField, startValues } from './fast-plan.js';
import type { MissingFields, Place } from './missing-fields.js';

const LT = 60;
const GT = 62;
const SLASH = 47;

const ABSENT: unique symbol = Symbol('absent');

/**
 * Reads the elements of a message by its plan. Every method returns `undefined` for unexpected input.
 *
 * One regular expression reads a run of simple fields. The engine compiles it to machine code, which reads a dozen elements in the time
 * that a JavaScript loop needs for one.
 */
export class FastReader {
  position: number;
  readonly #text: string;
  readonly #prefix: string;
  readonly #bigints: boolean;
  readonly #limits: FullLimits;
  /** Where the next reference is, at the position or behind it; the length of the text if there is none. */
  #nextReference: number;
  /** Collects missing fields; `undefined` if none may be missing. */
  readonly #missing: MissingFields | undefined;
  /** Whether a required field was missing. It is then usually missing in every item. */
  #lenient = false;

  constructor(
    text: string,
    position: number,
    prefix: string,
    limits: FullLimits,
    { bigints, missing }: { readonly bigints: boolean; readonly missing: MissingFields | undefined },
  ) {
    this.#text = text;
    this.position = position;
    this.#prefix = prefix;
    this.#bigints = bigints;
    this.#limits = limits;
    this.#nextReference = 0;
    this.#hasReference(position, position);
    this.#missing = missing;
  }

  /** Reads fields up to and including the end tag of the element. */
  complex(
    plan: ComplexPlan,
    element: string,
    depth: number,
    place: Place | undefined,
  ): Record<string, unknown> | undefined {
    if (depth > this.#limits.maxDepth) return undefined;
    let lenient = this.#lenient;
    let { parts, templates } = fastPlan(plan, this.#prefix, lenient);
    let complete = !lenient;
    let values: Record<string, unknown> | undefined;
    for (let i = 0; i < parts.length; i += 1) {
      let part = parts[i];
      this.#skipSpace();
      if (part?.field !== undefined) {
        const found = this.#complexField(part.field, depth, place, part.field.name);
        if (found === undefined) return undefined;
        if (found !== ABSENT) {
          values ??= {};
          values[part.field.name] = found;
        } else if (part.field.required) complete = false;
        continue;
      }
      let match = this.#match(part?.run);
      if (match === null && !lenient && this.#missing !== undefined) {
        // Continue from here: no part of the element is read twice, at any nesting depth.
        this.#lenient = true;
        lenient = true;
        complete = false;
        ({ parts, templates } = fastPlan(plan, this.#prefix, true));
        part = parts[i];
        match = this.#match(part?.run);
      }
      if (match === null || part?.run === undefined) return undefined;
      if (depth >= this.#limits.maxDepth && match[0] !== '') return undefined;
      const end = part.run.lastIndex;
      const references = this.#hasReference(this.position, end);
      this.position = end;
      if (values === undefined) values = startValues(part.fields, match, templates);
      if (!this.#readRun(part.fields, match, values, references)) return undefined;
    }
    if (!this.#endTag(element)) return undefined;
    values ??= {};
    return complete || this.#allows(plan, values, place) ? values : undefined;
  }

  #match(run: RegExp | undefined): RegExpExecArray | null {
    if (run === undefined) return null;
    run.lastIndex = this.position;
    return run.exec(this.#text);
  }

  /** Reads an element without content. */
  empty(plan: ComplexPlan, place: Place | undefined): Record<string, unknown> | undefined {
    const values = {};
    return this.#allows(plan, values, place) ? values : undefined;
  }

  /** Records the missing required fields of a value; `false` if none may be missing. */
  #allows(plan: ComplexPlan, values: Record<string, unknown>, place: Place | undefined): boolean {
    if (plan.requiredCount === 0) return true;
    for (const field of plan.fields) {
      if (!field.required || Object.hasOwn(values, field.name)) continue;
      if (!this.#missing?.add(place, field.name)) return false;
    }
    return true;
  }

  #readRun(
    fields: readonly RunField[],
    match: RegExpExecArray,
    values: Record<string, unknown>,
    references: boolean,
  ): boolean {
    for (let i = 0; i < fields.length; i += 1) {
      const { field, group, optional } = fields[i] as RunField;
      if (optional && match[group] === undefined) continue;
      const value = this.#simple(field, (optional ? match[group + 1] : match[group]) ?? '', references);
      if (value === undefined) return false;
      values[field.name] = value;
    }
    return true;
  }

  /** Whether a part of the text has a character reference. Takes parts from first to last. */
  #hasReference(from: number, to: number): boolean {
    if (this.#nextReference < from) {
      const next = this.#text.indexOf('&', from);
      this.#nextReference = next < 0 ? this.#text.length : next;
    }
    return this.#nextReference < to;
  }

  #simple(field: FieldPlan, content: string, references: boolean): unknown {
    let text: string | undefined = content;
    if (references && content.includes('&')) {
      text = decodeEntities(content);
      if (text === undefined) return undefined;
    }
    if (text.length > this.#limits.maxText) return undefined;
    if (field.kind === 'text') return text;
    const value = decodeValue(field, text, this.#bigints);
    return value === BAD || value === UNSAFE ? undefined : value;
  }

  /** The value of a complex field if it comes next, otherwise {@link ABSENT}. */
  #complexField(field: FieldPlan, depth: number, around: Place | undefined, key: string | number): unknown {
    const text = this.#text;
    const nameAt = this.position + 1 + this.#prefix.length;
    const behind = nameAt + field.name.length;
    // The character behind comes first: in nearly every other name it is a different one.
    const next = text.charCodeAt(behind);
    if ((next !== GT && next !== SLASH) || !this.#isStart(nameAt, field.name)) return ABSENT;
    if (next === GT) {
      this.position = behind + 1;
      const plan = field.complex as ComplexPlan;
      const place = this.#missing?.place(around, key);
      return plan.item === undefined
        ? this.complex(plan, field.name, depth + 1, place)
        : this.#array(plan, field.name, depth + 1, place);
    }
    if (text.charCodeAt(behind + 1) === GT) {
      if (depth >= this.#limits.maxDepth) return undefined;
      this.position = behind + 2;
      const plan = field.complex as ComplexPlan;
      return plan.item === undefined ? this.empty(plan, this.#missing?.place(around, key)) : [];
    }
    return ABSENT;
  }

  #array(plan: ComplexPlan, element: string, depth: number, place: Place | undefined): unknown[] | undefined {
    if (depth > this.#limits.maxDepth) return undefined;
    const item = plan.item as FieldPlan;
    const items: unknown[] = [];
    if (item.kind !== undefined) {
      const [part] = fastPlan(plan, this.#prefix, false).parts;
      if (part?.run === undefined) return undefined;
      this.#skipSpace();
      for (;;) {
        part.run.lastIndex = this.position;
        const match = part.run.exec(this.#text);
        if (match === null) break;
        if (depth >= this.#limits.maxDepth) return undefined;
        const end = part.run.lastIndex;
        const references = this.#hasReference(this.position, end);
        this.position = end;
        const value = this.#simple(item, match[1] ?? '', references);
        if (value === undefined) return undefined;
        items.push(value);
      }
    } else {
      for (;;) {
        this.#skipSpace();
        const value = this.#complexField(item, depth, place, items.length);
        if (value === ABSENT) break;
        if (value === undefined) return undefined;
        items.push(value);
      }
    }
    return this.#endTag(element) ? items : undefined;
  }

  /** Whether a start tag with this name comes next. */
  #isStart(nameAt: number, name: string): boolean {
    const text = this.#text;
    return (
      text.charCodeAt(this.position) === LT &&
      (this.#prefix === '' || text.startsWith(this.#prefix, this.position + 1)) &&
      text.slice(nameAt, nameAt + name.length) === name
    );
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
    if (this.#prefix !== '' && !text.startsWith(this.#prefix, at + 2)) return false;
    const nameAt = at + 2 + this.#prefix.length;
    const end = nameAt + name.length;
    if (text.charCodeAt(end) !== GT || text.slice(nameAt, end) !== name) return false;
    this.position = end + 1;
    return true;
  }
}
