import type { Mode, ValidateOptions, ValidationResult } from './issue.js';
import { type Report, runReport, runStandard } from './run-report.js';
import type { StandardSchema } from './standard-schema.js';

/**
 * Validates values of one type or message, and reports everything that is wrong with one. It is a
 * {@link https://standardschema.dev | Standard Schema} as well, so that libraries for routes and forms take it as it is.
 *
 * @example
 * ```ts
 * import { validateStopJobParam } from '@ips-sdk/validator/stopJobParam';
 *
 * const result = validateStopJobParam.strict['~standard'].validate({ companyHandle: 'c|6', jobHandel: 'j|6|Nightly|' });
 * console.log(result.issues?.map(({ message }) => message));
 * // [
 * //   'jobHandle is missing; it is required',
 * //   'jobHandel is not a field of the contract; did you mean jobHandle?'
 * // ]
 * ```
 */
export interface Validator<T> extends StandardSchema<T> {
  /**
   * Reports everything that is wrong with a value.
   *
   * @param value - Anything. Requests may hold a `Date` where a date and time is expected.
   */
  (value: unknown, options?: ValidateOptions): ValidationResult;
  /** The same validator in strict mode, unless its caller asks for another. */
  readonly strict: Validator<T>;
}

/** Makes the validator of a compiled report. */
export function validatorOf<T>(report: Report, answer: boolean, mode: Mode = 'lenient'): Validator<T> {
  const validate = (value: unknown, options: ValidateOptions = {}): ValidationResult =>
    runReport(report, value, { ...options, mode: options.mode ?? mode }, answer);
  let strict: Validator<T> | undefined;
  // A function with the properties of the interface is one.
  const validator = Object.defineProperties(validate, {
    strict: {
      get: () => {
        strict ??= mode === 'strict' ? validator : validatorOf<T>(report, answer, 'strict');
        return strict;
      },
    },
    '~standard': {
      value: {
        version: 1,
        vendor: 'ips-sdk',
        validate: (value: unknown) => runStandard(report, value, mode, answer),
      },
    },
  }) as Validator<T>;
  return validator;
}
