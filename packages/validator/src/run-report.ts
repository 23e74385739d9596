import { describeError, isLenient, keysOf } from './describe-error.js';
import type { Issue, Mode, ValidateOptions, ValidationResult } from './issue.js';
import type { RawError } from './runtime.js';
import type { StandardIssue, StandardResult } from './standard-schema.js';

/** A compiled function that reports all findings, in a property of the function. */
export interface Report {
  (value: unknown): boolean;
  errors?: RawError[] | null;
}

const DEFAULT_MAX_ISSUES = 100;

/**
 * Runs a compiled report and describes its findings.
 *
 * @param answer - Whether only the service sends such values. Other versions of the service omit fields that this contract requires,
 * which a caller cannot change.
 */
export function runReport(
  report: Report,
  value: unknown,
  options: ValidateOptions = {},
  answer: boolean = false,
): ValidationResult {
  const { mode = 'lenient', maxIssues = DEFAULT_MAX_ISSUES } = options;
  checkOptions(mode, maxIssues);
  const raw = findingsOf(report, value);
  if (raw === undefined) return { valid: false, errors: [TOO_DEEP], warnings: [], truncated: false };
  const errors: Issue[] = [];
  const warnings: Issue[] = [];
  for (const { issue } of described(raw.slice(0, maxIssues), value))
    (mode === 'lenient' && isLenient(issue.code, answer) ? warnings : errors).push(issue);
  const truncated = raw.length > maxIssues;
  // Findings beyond the limit may include an error.
  const isError = (error: RawError): boolean =>
    mode === 'strict' || !isLenient(describeError(error, value).code, answer);
  const valid = errors.length === 0 && !(truncated && raw.slice(maxIssues).some(isError));
  return { valid, errors, warnings, truncated };
}

/** @throws RangeError, because a value that is not a number would hide all findings. */
function checkOptions(mode: unknown, maxIssues: unknown): void {
  if (mode !== 'lenient' && mode !== 'strict')
    throw new RangeError(`mode is ${String(mode)}; expected lenient or strict`);
  if (typeof maxIssues !== 'number' || !(maxIssues >= 0))
    throw new RangeError(`maxIssues is ${String(maxIssues)}; expected a number of at least 0`);
}

/** Runs a compiled report for Standard Schema. Warnings are not issues. */
export function runStandard<T>(
  report: Report,
  value: unknown,
  mode: Mode,
  answer: boolean,
): StandardResult<T> {
  const raw = findingsOf(report, value);
  if (raw === undefined) return { issues: [{ message: TOO_DEEP.message, path: [] }] };
  const issues: StandardIssue[] = [];
  for (const { issue, keys } of described(raw, value)) {
    if (mode === 'lenient' && isLenient(issue.code, answer)) continue;
    issues.push({ message: issue.message, path: indexed(keys, value) });
    if (issues.length >= DEFAULT_MAX_ISSUES) break;
  }
  // A value without findings has the type.
  return issues.length > 0 ? { issues } : { value: value as T };
}

/** The findings of a report; `undefined` if the value is nested too deeply. */
function findingsOf(report: Report, value: unknown): readonly RawError[] | undefined {
  try {
    return report(value) ? [] : (report.errors ?? []);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  } finally {
    // The function must not keep the validated value alive.
    report.errors = null;
  }
}

function* described(
  raw: readonly RawError[],
  value: unknown,
): Generator<{ readonly issue: Issue; readonly keys: readonly string[] }> {
  let wrongType: string | undefined;
  for (const error of raw) {
    const issue = describeError(error, value);
    // Skip range findings for a value of the wrong type. NaN is out of every range.
    if (issue.path === wrongType && issue.code === 'range') continue;
    if (issue.code === 'type') wrongType = issue.path;
    yield { issue, keys: keysOf(error) };
  }
}

/** Keys for programs, with array indexes as numbers. */
function indexed(keys: readonly string[], root: unknown): (string | number)[] {
  let around = root;
  return keys.map((key) => {
    const found = Array.isArray(around) ? Number(key) : key;
    around = (around as Readonly<Record<string, unknown>> | null | undefined)?.[key];
    return found;
  });
}

const TOO_DEEP: Issue = {
  code: 'too-deep',
  path: '',
  value: undefined,
  expected: 'fewer levels of nesting',
  suggestion: undefined,
  message: 'the value is nested too deeply',
};
