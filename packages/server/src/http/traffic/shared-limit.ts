/**
 * A limit shared by all clients, of which one address can take only its share. Amounts taken have to be released.
 */
export class SharedLimit {
  readonly #most: number;
  readonly #mostOfOne: number;
  readonly #ofAddress = new Map<string, number>();
  #taken = 0;

  /** @param share - The fraction that one address can take: above 0, up to 1. */
  constructor(most: number, share: number) {
    this.#most = most;
    this.#mostOfOne = Math.max(1, Math.floor(most * share));
  }

  /** The amount in use. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes an amount for an address. Returns false and takes nothing if that exceeds the limit. */
  take(address: string, amount = 1): boolean {
    const own = this.#ofAddress.get(address) ?? 0;
    if (this.#taken + amount > this.#most || own + amount > this.#mostOfOne) return false;
    this.#add(address, own, amount);
    return true;
  }

  /** Takes an amount even if it exceeds the limit, so that later ones are refused. */
  force(address: string, amount: number): void {
    this.#add(address, this.#ofAddress.get(address) ?? 0, amount);
  }

  /** Releases an amount of an address. */
  give(address: string, amount = 1): void {
    this.#add(address, this.#ofAddress.get(address) ?? 0, -amount);
  }

  #add(address: string, own: number, amount: number): void {
    this.#taken += amount;
    if (own + amount > 0) this.#ofAddress.set(address, own + amount);
    else this.#ofAddress.delete(address);
  }
}
