import { describeError, isLenient } from './describe-error.js';
import type { Issue, ValidateOptions, ValidationResult } from './issue.js';
import type { RawError } from './runtime.js';

/** A compiled function that finds everything; its findings are a property of the function. */
export interface Report {
  (value: unknown): boolean;
  errors?: RawError[] | null;
}

const DEFAULT_MAX_ISSUES = 100;

/** Runs a compiled report, and puts its findings into words. */
export function runReport(report: Report, value: unknown, options: ValidateOptions = {}): ValidationResult {
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
    (mode === 'lenient' && isLenient(issue.code) ? warnings : errors).push(issue);
  }
  const truncated = raw.length > maxIssues;
  // A truncated list of warnings may hide an error.
  const valid =
    errors.length === 0 && !(truncated && raw.slice(maxIssues).some((e) => isError(e, value, mode)));
  return { valid, errors, warnings, truncated };
}

function isError(error: RawError, value: unknown, mode: 'strict' | 'lenient'): boolean {
  return mode === 'strict' || !isLenient(describeError(error, value).code);
}

const TOO_DEEP: Issue = {
  code: 'too-deep',
  path: '',
  value: undefined,
  expected: 'values that are nested less deeply',
  suggestion: undefined,
  message: 'the value is nested too deeply to be validated',
};
