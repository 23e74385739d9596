import type { ConfigSetting } from '@ips-sdk/types';
import { invalidParameter, ruleBroken } from '../faults.js';
import { TEXT_LIMITS } from '../text-limits.js';

/**
 * Checks settings, which are otherwise stored as given.
 *
 * @param path - Of the array in the request.
 * @throws IpsFault 30001 when a name is empty, too long or occurs twice, or a value is too long.
 */
export function checkSettings(given: readonly ConfigSetting[], path: string): void {
  const names = new Set<string>();
  given.forEach(({ name, value = '' }, index) => {
    if (name === '' || name.length > TEXT_LIMITS.name || names.has(name)) {
      throw invalidParameter(
        `${path}[${index}].name`,
        name,
        `unique names of 1 to ${TEXT_LIMITS.name} characters`,
      );
    }
    names.add(name);
    if (value.length > TEXT_LIMITS.setting)
      throw invalidParameter(`${path}[${index}].value`, value, `at most ${TEXT_LIMITS.setting} characters`);
  });
}

/** Most settings of a viewer or of a publish context. */
const MAX_SETTINGS = 1000;

/** @throws IpsFault 30000 for more settings than one object can have. */
export function checkCount(count: number, path: string): void {
  if (count > MAX_SETTINGS)
    throw ruleBroken(`${path}: found ${count} settings, expected at most ${MAX_SETTINGS}`);
}
