/**
 * An amount of which all clients together may take only so much, and one address only its share. What was taken has to be given back.
 */
export class SharedLimit {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #ofAddress = new Map<string, number>();
  #taken = 0;

  /** @param share - The fraction that one address may take, from 0 (exclusive) to 1. */
  constructor(most: number, share: number) {
    this.#most = most;
    this.#mostOfOne = Math.max(1, Math.floor(most * share));
  }

  /** What is taken now. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes an amount for an address, or nothing and returns false where that is too much. */
  take(address: string, amount = 1): boolean {
    const own = this.#ofAddress.get(address) ?? 0;
    if (this.#taken + amount > this.#most || own + amount > this.#mostOfOne) return false;
    this.#add(address, own, amount);
    return true;
  }

  /** Takes an amount even where that is too much, so that later ones are refused. */
  force(address: string, amount: number): void {
    this.#add(address, this.#ofAddress.get(address) ?? 0, amount);
  }

  /** Gives back an amount that was taken for an address. */
  give(address: string, amount = 1): void {
    this.#add(address, this.#ofAddress.get(address) ?? 0, -amount);
  }

  #add(address: string, own: number, amount: number): void {
    this.#taken += amount;
    if (own + amount > 0) this.#ofAddress.set(address, own + amount);
    else this.#ofAddress.delete(address);
  }
}
