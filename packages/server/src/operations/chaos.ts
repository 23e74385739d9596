import { operationRoles } from '@ips-sdk/types/roles';

/** Failures for testing clients. Settings without another unit are probabilities from 0 to 1. */
export interface ChaosSettings {
  /** Delay before each response, in milliseconds. */
  readonly latency?: number | undefined;
  /** Probability that the connection is dropped without a response. */
  readonly drop?: number | undefined;
  /** Probability that the response is the fault 30000. */
  readonly fault?: number | undefined;
  /** Probability that the response is truncated. */
  readonly truncate?: number | undefined;
  /** Whether faults have HTTP status 200. */
  readonly faultWithOk?: boolean | undefined;
  /** The operations to which the settings apply. Default: all. */
  readonly operations?: readonly string[] | undefined;
  /** Seed of the random numbers, which makes failures reproducible. */
  readonly seed?: number | undefined;
}

const PROBABILITIES = ['drop', 'fault', 'truncate'] as const;
const SETTINGS: readonly string[] = ['latency', ...PROBABILITIES, 'faultWithOk', 'operations', 'seed'];

/** The failures to inject into one call. */
export interface Injected {
  /** Delay before the call, in milliseconds. */
  readonly latency: number;
  readonly drop: boolean;
  readonly fault: boolean;
  readonly truncate: boolean;
  readonly faultWithOk: boolean;
}

/** Decides which failures to inject into each call. Default: none. */
export class Chaos {
  #settings: ChaosSettings = {};
  #random: () => number = Math.random;

  get settings(): ChaosSettings {
    return this.#settings;
  }

  /** @throws RangeError for an invalid setting. The settings are not changed. */
  set(settings: ChaosSettings): void {
    if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
      throw new RangeError(`chaos: expected an object with ${SETTINGS.join(', ')}`);
    for (const name of Object.keys(settings)) {
      if (!SETTINGS.includes(name))
        throw new RangeError(`chaos.${name}: no such setting; expected ${SETTINGS.join(', ')}`);
    }
    for (const name of PROBABILITIES) {
      const value = settings[name];
      if (value !== undefined && !(typeof value === 'number' && value >= 0 && value <= 1)) {
        throw new RangeError(`chaos.${name}: expected a probability from 0 to 1, found ${String(value)}`);
      }
    }
    const { latency } = settings;
    if (latency !== undefined && !(Number.isFinite(latency) && latency >= 0 && latency <= 600_000)) {
      throw new RangeError(`chaos.latency: expected 0 to 600000 milliseconds, found ${String(latency)}`);
    }
    const { faultWithOk, operations, seed } = settings;
    if (faultWithOk !== undefined && typeof faultWithOk !== 'boolean')
      throw new RangeError(`chaos.faultWithOk: expected true or false, found ${String(faultWithOk)}`);
    if (operations !== undefined && !Array.isArray(operations))
      throw new RangeError('chaos.operations: expected an array of operation names');
    operations?.forEach((operation, index) => {
      if (!Object.hasOwn(operationRoles, operation))
        throw new RangeError(
          `chaos.operations[${index}]: expected the name of an operation, found "${operation}"`,
        );
    });
    if (seed !== undefined && !Number.isSafeInteger(seed))
      throw new RangeError(`chaos.seed: expected a whole number, found ${String(seed)}`);
    this.#settings = settings;
    this.#random = settings.seed === undefined ? Math.random : seeded(settings.seed);
  }

  /** Decides for one call. */
  roll(operation: string): Injected {
    const { operations, latency = 0, faultWithOk = false } = this.#settings;
    const meant = operations === undefined || operations.includes(operation);
    const happens = (probability = 0): boolean => meant && probability > 0 && this.#random() < probability;
    return {
      latency: meant ? latency : 0,
      drop: happens(this.#settings.drop),
      fault: happens(this.#settings.fault),
      truncate: happens(this.#settings.truncate),
      faultWithOk: meant && faultWithOk,
    };
  }
}

/** Mulberry32: small, and with the same results on every machine. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
