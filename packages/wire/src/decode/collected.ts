import { WireError } from '../errors.js';

/** The approximate memory use of an element without a plan, in characters. */
const ELEMENT_WEIGHT = 64;

/**
 * Counts the kept characters of an element that the contract lacks. All of them count as one text, so a streamed response cannot
 * exhaust memory.
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
