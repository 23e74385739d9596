import type { DiagnosticBag } from '../diagnostic.js';
import { type Field, UNBOUNDED } from '../model.js';
import type { QName } from '../xml/parse-xml.js';
import { attributeKey } from './read-attributes.js';

/** The property for the elements of a wildcard. XML names never begin with `$`. */
export const WILDCARD = '$any';

/** Collects the fields of a type. Joins duplicate fields if nothing is lost, and reports them otherwise. */
export class FieldList {
  readonly #fields: Field[] = [];
  readonly #places = new Map<string, number>();
  readonly #owner: string;
  readonly #bag: DiagnosticBag;

  constructor(owner: string, bag: DiagnosticBag) {
    this.#owner = owner;
    this.#bag = bag;
  }

  get length(): number {
    return this.#fields.length;
  }

  get fields(): readonly Field[] {
    return this.#fields;
  }

  /** Whether an element with this name may occur any number of times. */
  hasMany({ uri, local }: QName): boolean {
    return this.#fields.some(
      (field) =>
        !field.attribute && field.name === local && field.namespace === uri && field.max === UNBOUNDED,
    );
  }

  push(field: Field): void {
    const key = field.attribute ? `@${attributeKey(field)}` : field.name;
    const place = this.#places.get(key);
    const existing = place === undefined ? undefined : this.#fields[place];
    if (place === undefined || existing === undefined) {
      this.#places.set(key, this.#fields.length);
      this.#fields.push(field);
      return;
    }
    const joined = this.#join(existing, field, place);
    if (joined !== undefined) {
      this.#fields[place] = joined;
      return;
    }
    const what = field.wildcard ? 'more than one <any>' : `the field "${field.name}" twice`;
    this.#bag.add(
      'duplicate',
      `"${this.#owner}" has ${what}; one property cannot hold both, so move one of them to a separate type`,
      field.position,
    );
  }

  /** Marks the fields from `start` on as members of a group that repeats. */
  markRepeated(start: number, kind: 'choice' | 'sequence', group: number): void {
    if (this.#fields.length - start < 2) return;
    for (let i = start; i < this.#fields.length; i += 1) {
      const field = this.#fields[i] as Field;
      if (field.repeats === undefined) this.#fields[i] = { ...field, repeats: { kind, group } };
    }
  }

  /** Joins two fields, or returns `undefined` if that would lose something. */
  #join(one: Field, other: Field, place: number): Field | undefined {
    const alike =
      !other.attribute &&
      one.namespace === other.namespace &&
      one.nillable === other.nillable &&
      one.type.kind === other.type.kind &&
      one.type.name === other.type.name;
    if (!alike) return undefined;
    if (one.choice !== undefined && other.choice !== undefined && one.choice.group === other.choice.group) {
      const { group, branch } = other.choice;
      if (one.choice.branch !== branch) {
        // Fields before it in its branch would follow it on the wire.
        const isFirst = !this.#fields.some((f) => f.choice?.group === group && f.choice.branch === branch);
        // A member of several branches excludes none of them.
        return isFirst ? { ...one, max: Math.max(one.max, other.max), choice: undefined } : undefined;
      }
    }
    const isNext = place === this.#fields.length - 1;
    if (!isNext || one.choice?.branch !== other.choice?.branch) return undefined;
    return { ...one, min: one.min + other.min, max: one.max + other.max };
  }
}
