import type { NamedTypes } from '@ips-sdk/types';
import { reports } from './compiled/registry.js';
import type { ValidateOptions, ValidationResult } from './issue.js';
import { nearest } from './nearest.js';
import { runReport } from './run-report.js';

/** The name of a type or message; a message may also be named by its element, as `submitJobParam`. */
export type SchemaName = keyof NamedTypes | Uncapitalize<keyof NamedTypes>;

/**
 * Validates a value against a type or message of the contract, and reports everything that is wrong with it.
 *
 * @param name - The name of a type (`ActiveJob`) or of a message (`submitJobParam` or `SubmitJobParam`).
 * @param value - Anything. Requests may hold a `Date` where a date and time is expected.
 * @throws RangeError when the contract has no such name.
 * @example
 * ```ts
 * import { validate } from '@ips-sdk/validator';
 *
 * const { valid, errors } = validate('submitJobParam', {
 *   companyHandle: 'c|6',
 *   jobName: 'Nightly publish',
 *   exectime: '2014-04-03T22:00:00-07:00',
 *   imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
 * }, { mode: 'strict' });
 * console.log(valid); // false
 * console.log(errors[0]?.message); // exectime is not a field of the contract; did you mean execTime?
 * ```
 */
export function validate(name: SchemaName, value: unknown, options: ValidateOptions = {}): ValidationResult {
  // Messages are also known by the name of their element, which begins with a small letter.
  const report = reports.get(name) ?? reports.get(name.charAt(0).toUpperCase() + name.slice(1));
  if (report === undefined) {
    const suggestion = nearest(name, [...reports.keys()]);
    throw new RangeError(
      `the contract has no type or message ${JSON.stringify(name)}${suggestion ? `; did you mean ${suggestion}?` : ''}`,
    );
  }
  const side = options.side ?? (name.endsWith('Return') ? 'answer' : 'request');
  return runReport(report, value, { ...options, side });
}
