import { describeError, isLenient } from './describe-error.js';
import type { Issue, ValidateOptions, ValidationResult } from './issue.js';
import type { RawError } from './runtime.js';

/** A compiled function that finds everything; its findings are a property of the function. */
export interface Report {
  (value: unknown): boolean;
  errors?: RawError[] | null;
}

const DEFAULT_MAX_ISSUES = 100;

/**
 * Runs a compiled report and says what it found in words.
 *
 * @param answer - Whether only the service sends such values. Services of other versions leave out fields that this
 * contract requires, and a caller can do nothing about it.
 */
export function runReport(
  report: Report,
  value: unknown,
  options: ValidateOptions = {},
  answer: boolean = false,
): ValidationResult {
  const { mode = 'lenient', maxIssues = DEFAULT_MAX_ISSUES } = options;
  let raw: readonly RawError[];
  try {
    raw = report(value) ? [] : (report.errors ?? []);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { valid: false, errors: [TOO_DEEP], warnings: [], truncated: false };
  } finally {
    // The function must not keep the validated value alive.
    report.errors = null;
  }
  const errors: Issue[] = [];
  const warnings: Issue[] = [];
  let wrongType: string | undefined;
  for (const error of raw.slice(0, maxIssues)) {
    const issue = describeError(error, value);
    // Other findings about a value of the wrong type say nothing new: NaN is out of every range.
    if (issue.path === wrongType && issue.code === 'range') continue;
    if (issue.code === 'type') wrongType = issue.path;
    (mode === 'lenient' && isLenient(issue.code, answer) ? warnings : errors).push(issue);
  }
  const truncated = raw.length > maxIssues;
  // A list of warnings that was cut may hide an error.
  const isError = (error: RawError): boolean =>
    mode === 'strict' || !isLenient(describeError(error, value).code, answer);
  const valid = errors.length === 0 && !(truncated && raw.slice(maxIssues).some(isError));
  return { valid, errors, warnings, truncated };
}

const TOO_DEEP: Issue = {
  code: 'too-deep',
  path: '',
  value: undefined,
  expected: 'values that are nested less deeply',
  suggestion: undefined,
  message: 'the value is nested too deeply to be validated',
};
