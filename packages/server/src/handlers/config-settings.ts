import type { ConfigSetting } from '@ips-sdk/types';
import { invalidParameter } from '../faults.js';

/**
 * Checks the names of settings, which are otherwise stored as given.
 *
 * @param path - Of the array in the request.
 * @throws IpsFault 30001 when a name is empty or occurs twice.
 */
export function checkSettingNames(given: readonly ConfigSetting[], path: string): void {
  const names = new Set<string>();
  given.forEach(({ name }, index) => {
    if (name === '' || names.has(name)) {
      throw invalidParameter(`${path}[${index}].name`, name, 'unique, non-empty names');
    }
    names.add(name);
  });
}
