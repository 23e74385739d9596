import { WireError } from '../errors.js';

/** What an element without a plan takes in memory, about, in characters. */
const ELEMENT_WEIGHT = 64;

/**
 * How much of an element that the contract lacks was kept for its report. All of it counts as one text, so that an answer
 * that is read piece by piece cannot fill the memory.
 */
export class Collected {
  #size = 0;
  readonly #maximum: number;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  add(characters: number): void {
    this.#size += characters;
    if (this.#size > this.#maximum)
      throw new WireError('limit', `an unknown element is longer than ${this.#maximum} characters`);
  }

  addElement(): void {
    this.add(ELEMENT_WEIGHT);
  }
}
