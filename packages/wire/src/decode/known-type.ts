import type { FastPlan } from './fast-plan.js';

/** Misses after which a field is no longer compared: names and dates are nearly always new. */
const PATIENCE = 16;

/**
 * A type in one document: its plans, and the two latest texts of its fields with their values.
 *
 * Items often have the same state, server or owner as the item before, and tasks of two kinds alternate. To find that a text is the same takes
 * less time than to read it, and one value for all leaves less to collect.
 */
export class KnownType {
  readonly plan: FastPlan;
  lenient: FastPlan | undefined = undefined;
  /** The latest text of each field, then the one before of each. */
  readonly #texts: (string | undefined)[];
  readonly #values: unknown[];
  /** How many texts of a field in a row were new. */
  readonly #misses: Uint8Array;

  constructor(plan: FastPlan, fields: number) {
    this.plan = plan;
    this.#texts = Array(2 * fields).fill(undefined);
    this.#values = Array(2 * fields).fill(undefined);
    this.#misses = new Uint8Array(fields);
  }

  /** Whether texts of a field are still compared. */
  compares(field: number): boolean {
    return (this.#misses[field] ?? PATIENCE) < PATIENCE;
  }

  /** The value of a text that the field had lately. */
  find(field: number, text: string): unknown {
    const texts = this.#texts;
    const values = this.#values;
    if (texts[field] === text) {
      this.#misses[field] = 0;
      return values[field];
    }
    const before = field + this.#misses.length;
    if (texts[before] !== text) return undefined;
    const value = values[before];
    this.#move(field, before);
    texts[field] = text;
    values[field] = value;
    this.#misses[field] = 0;
    return value;
  }

  keep(field: number, text: string, value: unknown): void {
    this.#misses[field] = (this.#misses[field] ?? 0) + 1;
    this.#move(field, field + this.#misses.length);
    this.#texts[field] = text;
    this.#values[field] = value;
  }

  #move(field: number, before: number): void {
    this.#texts[before] = this.#texts[field];
    this.#values[before] = this.#values[field];
  }
}
