import type { Metrics } from '../metrics.js';
import { storageProblem } from '../storage-problem.js';

/**
 * The same store, which counts failures of the store itself by method: a full disk, or a service that does not respond. Missing files and
 * interrupted uploads are not failures, and errors while a file is read appear where it is used.
 */
export function countedStore<Store extends object>(store: Store, { storeErrors }: Metrics): Store {
  const counted = (method: string) => (error: unknown) => {
    if (storageProblem(error) !== undefined) storeErrors.inc({ method });
    throw error;
  };
  return new Proxy(store, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function' || typeof key !== 'string') return value;
      return (...given: unknown[]): unknown => {
        const result: unknown = Reflect.apply(value, target, given);
        return result instanceof Promise ? result.catch(counted(key)) : result;
      };
    },
  });
}
