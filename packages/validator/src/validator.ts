import type { Mode, ValidateOptions, ValidationResult } from './issue.js';
import { type Report, runReport, runStandard } from './run-report.js';
import type { StandardSchema } from './standard-schema.js';

/**
 * Validates values of a type or message, and reports all mistakes. It is also a {@link https://standardschema.dev | Standard Schema},
 * which libraries for routes and forms accept.
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
   * Validates a value, and reports all mistakes.
   *
   * @param value - Any value. In requests, a date and time can be a `Date`.
   */
  (value: unknown, options?: ValidateOptions): ValidationResult;
  /** The same validator with strict mode as the default. */
  readonly strict: Validator<T>;
}

/** Creates the validator of a compiled report. */
export function validatorOf<T>(report: Report, answer: boolean, mode: Mode = 'lenient'): Validator<T> {
  const validate = (value: unknown, options: ValidateOptions = {}): ValidationResult =>
    runReport(report, value, { ...options, mode: options.mode ?? mode }, answer);
  let strict: Validator<T> | undefined;
  // The function and its properties form the interface.
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
