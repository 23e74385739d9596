import { describeError, isLenient } from './describe-error.js';
import type { Issue, IssueCode, ValidateOptions, ValidationResult } from './issue.js';
import type { RawError } from './runtime.js';

/** A compiled function that finds everything; its findings hang on the function. */
export interface Report {
  (value: unknown): boolean;
  errors?: RawError[] | null;
}

const DEFAULT_MAX_ISSUES = 100;

/** Runs a compiled report and says what it found in words. */
export function runReport(report: Report, value: unknown, options: ValidateOptions = {}): ValidationResult {
  const { maxIssues = DEFAULT_MAX_ISSUES } = options;
  let raw: readonly RawError[];
  try {
    raw = report(value) ? [] : (report.errors ?? []);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { valid: false, errors: [TOO_DEEP], warnings: [], truncated: false };
  } finally {
    // What was validated must not be kept alive by the function.
    report.errors = null;
  }
  const errors: Issue[] = [];
  const warnings: Issue[] = [];
  let wrongType: string | undefined;
  for (const error of raw.slice(0, maxIssues)) {
    const issue = describeError(error, value);
    // What a value of the wrong type breaks besides (NaN is out of every range) says nothing new.
    if (issue.path === wrongType && issue.code === 'range') continue;
    if (issue.code === 'type') wrongType = issue.path;
    (isWarning(issue.code, options) ? warnings : errors).push(issue);
  }
  const truncated = raw.length > maxIssues;
  // A list of warnings that was cut may hide an error.
  const valid =
    errors.length === 0 &&
    !(truncated && raw.slice(maxIssues).some((e) => !isWarning(describeError(e, value).code, options)));
  return { valid, errors, warnings, truncated };
}

function isWarning(code: IssueCode, { mode = 'lenient', side }: ValidateOptions): boolean {
  return mode === 'lenient' && (isLenient(code) || (code === 'required' && side === 'answer'));
}

const TOO_DEEP: Issue = {
  code: 'too-deep',
  path: '',
  value: undefined,
  expected: 'values that are not nested so deep',
  suggestion: undefined,
  message: 'the value is nested deeper than can be followed',
};
