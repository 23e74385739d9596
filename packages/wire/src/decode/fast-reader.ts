import { type FullLimits, fullLimits } from '../limits.js';
import type { ComplexPlan, FieldPlan } from '../type-plan.js';
import { decodeEntities } from './decode-entities.js';
import { BAD, decodeValue, UNSAFE } from './decode-value.js';
import { type FastPlan, fastPlan, type RunField, startValues } from './fast-plan.js';
import { KnownType } from './known-type.js';
import { MissingFields, type Place } from './missing-fields.js';
import { TextCursor } from './text-cursor.js';

const GT = 62;
const SLASH = 47;

const ABSENT: unique symbol = Symbol('absent');

/**
 * Reads the elements of a message by its plan. Every method returns `undefined` for unexpected input.
 *
 * One regular expression reads a run of simple fields. The engine compiles it to machine code, which reads a dozen elements in the time
 * that a JavaScript loop needs for one.
 */
export class FastReader extends TextCursor {
  /**
   * The engine drops the code that it has optimized for a class with the last instance of that class, so a collection of garbage between two
   * documents would make it start again.
   */
  static readonly kept: readonly object[] = [
    new FastReader('', 0, '', fullLimits(undefined, false), {
      bigints: false,
      missing: new MissingFields(undefined),
    }),
    new KnownType({ parts: [], templates: new Map() }, 0),
  ];
  readonly #bigints: boolean;
  readonly #limits: FullLimits;
  /** Collects missing fields; `undefined` if none may be missing. */
  readonly #missing: MissingFields | undefined;
  readonly #known = new Map<ComplexPlan, KnownType>();
  /** Room for the items of an array, for each depth. */
  readonly #items: unknown[][] = [];
  /** Whether a required field was missing. It is then usually missing in every item. */
  #lenient = false;

  constructor(
    text: string,
    position: number,
    prefix: string,
    limits: FullLimits,
    { bigints, missing }: { readonly bigints: boolean; readonly missing: MissingFields | undefined },
  ) {
    super(text, position, prefix);
    this.#bigints = bigints;
    this.#limits = limits;
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
    const known = this.#knownOf(plan);
    let lenient = this.#lenient;
    let { parts, templates } = lenient ? this.#lenientPlan(plan, known) : known.plan;
    let complete = !lenient;
    let values: Record<string, unknown> | undefined;
    this.skipSpace();
    for (let i = 0; i < parts.length; i += 1) {
      let part = parts[i];
      if (part?.field !== undefined) {
        if (this.text.charCodeAt(this.position + 1 + this.prefix.length) !== part.first) {
          if (part.field.required) complete = false;
          continue;
        }
        const found = this.#complexField(part.field, depth, place, part.field.name);
        if (found === undefined) return undefined;
        if (found !== ABSENT) {
          values ??= {};
          values[part.field.name] = found;
          this.skipSpace();
        } else if (part.field.required) complete = false;
        continue;
      }
      let match = this.#match(part?.run);
      if (match === null && !lenient && this.#missing !== undefined) {
        // Continue from here: no part of the element is read twice, at any nesting depth.
        this.#lenient = true;
        lenient = true;
        complete = false;
        ({ parts, templates } = this.#lenientPlan(plan, known));
        part = parts[i];
        match = this.#match(part?.run);
      }
      if (match === null || part?.run === undefined) return undefined;
      if (depth >= this.#limits.maxDepth && match[0] !== '') return undefined;
      const end = part.run.lastIndex;
      const references = this.hasReference(this.position, end);
      this.position = end;
      if (values === undefined) values = startValues(part.fields, match, templates);
      if (!this.#readRun(part.fields, match, values, references, known)) return undefined;
    }
    if (!this.endTag(element)) return undefined;
    values ??= {};
    return complete || this.#allows(plan, values, place) ? values : undefined;
  }

  #match(run: RegExp | undefined): RegExpExecArray | null {
    if (run === undefined) return null;
    run.lastIndex = this.position;
    return run.exec(this.text);
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
    known: KnownType,
  ): boolean {
    for (let i = 0; i < fields.length; i += 1) {
      const { field, group, optional } = fields[i] as RunField;
      if (optional && match[group] === undefined) continue;
      const content = (optional ? match[group + 1] : match[group]) ?? '';
      const value = this.#simple(field, content, references, known);
      if (value === undefined) return false;
      values[field.name] = value;
    }
    return true;
  }

  #knownOf(plan: ComplexPlan): KnownType {
    const before = this.#known.get(plan);
    if (before !== undefined) return before;
    const known = new KnownType(fastPlan(plan, this.prefix, false), plan.fields.length);
    this.#known.set(plan, known);
    return known;
  }

  #lenientPlan(plan: ComplexPlan, known: KnownType): FastPlan {
    known.lenient ??= fastPlan(plan, this.prefix, true);
    return known.lenient;
  }

  #simple(field: FieldPlan, content: string, references: boolean, known: KnownType): unknown {
    const { index } = field;
    if (!known.compares(index)) return this.#newValue(field, content, references);
    const before = known.find(index, content);
    if (before !== undefined) return before;
    const value = this.#newValue(field, content, references);
    if (value !== undefined) known.keep(index, content, value);
    return value;
  }

  #newValue(field: FieldPlan, content: string, references: boolean): unknown {
    if (field.kind !== 'text') {
      if (content.length > this.#limits.maxText) return undefined;
      // A number or a date with a reference in it is unusual, and has no valid value here.
      const value = decodeValue(field, content, this.#bigints);
      return value === BAD || value === UNSAFE ? undefined : value;
    }
    const text = references && content.includes('&') ? decodeEntities(content) : content;
    return text === undefined || text.length > this.#limits.maxText ? undefined : text;
  }

  /** The value of a complex field if it comes next, otherwise {@link ABSENT}. */
  #complexField(field: FieldPlan, depth: number, around: Place | undefined, key: string | number): unknown {
    const text = this.text;
    const nameAt = this.position + 1 + this.prefix.length;
    const behind = nameAt + field.name.length;
    // The character behind comes first: in nearly every other name it is a different one.
    const next = text.charCodeAt(behind);
    if ((next !== GT && next !== SLASH) || !this.isStart(nameAt, field.name)) return ABSENT;
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
    // The engine makes room for seventeen items in an array that grows, and for exactly its items in a copy.
    this.#items[depth] ??= [];
    const items = this.#items[depth];
    let count = 0;
    if (item.kind !== undefined) {
      const known = this.#knownOf(plan);
      const [part] = known.plan.parts;
      if (part?.run === undefined) return undefined;
      this.skipSpace();
      for (;;) {
        part.run.lastIndex = this.position;
        const match = part.run.exec(this.text);
        if (match === null) break;
        if (depth >= this.#limits.maxDepth) return undefined;
        const end = part.run.lastIndex;
        const references = this.hasReference(this.position, end);
        this.position = end;
        const value = this.#simple(item, match[1] ?? '', references, known);
        if (value === undefined) return undefined;
        items[count] = value;
        count += 1;
      }
    } else {
      for (;;) {
        this.skipSpace();
        const value = this.#complexField(item, depth, place, count);
        if (value === ABSENT) break;
        if (value === undefined) return undefined;
        items[count] = value;
        count += 1;
      }
    }
    return this.endTag(element) ? items.slice(0, count) : undefined;
  }
}
