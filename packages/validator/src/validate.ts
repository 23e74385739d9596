/**
 * Validators that take the name of a type or message, without the guards and validators of single names.
 *
 * @packageDocumentation
 */
import type { NamedTypes } from '@ips-sdk/types';
import { nearest } from '@ips-sdk/types/nearest';
import { answers, reports } from './compiled/registry.js';
import type { ValidateOptions, ValidationResult } from './issue.js';
import { type Report, runReport } from './run-report.js';
import { type Validator, validatorOf } from './validator.js';

export type { Issue, IssueCode, Mode, ValidateOptions, ValidationResult } from './issue.js';
export type { Validator } from './validator.js';

/** The name of a type or message. A message can also have the name of its element, such as `submitJobParam`. */
export type SchemaName = keyof NamedTypes | Uncapitalize<keyof NamedTypes>;

/** The type with the given name. */
export type NamedType<Name extends SchemaName> = Name extends keyof NamedTypes
  ? NamedTypes[Name]
  : Capitalize<Name> extends keyof NamedTypes
    ? NamedTypes[Capitalize<Name>]
    : never;

/**
 * Validates a value against a type or message of the contract, and reports all mistakes.
 *
 * @param name - The name of a type (`ActiveJob`) or of a message (`submitJobParam` or `SubmitJobParam`).
 * @param value - Any value. In requests, a date and time can be a `Date`.
 * @throws RangeError when the name is not in the contract, or an option is invalid.
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
  const { report, answer } = find(name);
  return runReport(report, value, options, answer);
}

/**
 * Returns the validator of a type or message, for names that are known only at run time. Otherwise import the single validator, as from
 * `@ips-sdk/validator/activeJob`, because a bundle with this function contains all validators.
 *
 * @throws RangeError when the name is not in the contract, or an option is invalid.
 * @example
 * ```ts
 * import { validator } from '@ips-sdk/validator';
 *
 * const result = validator('stopJobParam')['~standard'].validate({ companyHandle: 'c|6', jobHandle: 7 });
 * console.log(result.issues?.[0]); // { message: 'jobHandle is 7; expected a string', path: [ 'jobHandle' ] }
 * ```
 */
export function validator<Name extends SchemaName>(name: Name): Validator<NamedType<Name>> {
  const { report, answer } = find(name);
  return validatorOf(report, answer);
}

function find(name: string): { readonly report: Report; readonly answer: boolean } {
  // A message can also have the name of its element, which starts with a lower-case letter.
  // Callers without a compiler pass anything.
  const given: unknown = name;
  if (typeof given !== 'string')
    throw new RangeError(
      `name: expected the name of a type or message, found ${given === null ? 'null' : `a value of type ${typeof given}`}`,
    );
  const known = reports.has(name) ? name : name.charAt(0).toUpperCase() + name.slice(1);
  const report = reports.get(known);
  if (report === undefined) {
    const suggestion = nearest(name, [...reports.keys()]);
    throw new RangeError(
      `the contract has no type or message ${JSON.stringify(name)}${suggestion ? `; did you mean ${suggestion}?` : ''}`,
    );
  }
  return { report, answer: answers.has(known) };
}
