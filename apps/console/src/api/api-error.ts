import type { ApiProblem, InputIssue } from './contract.ts';

/** Codes of the host, and `network` for a request that did not reach it. */
export type ApiErrorCode = ApiProblem['error']['code'] | 'network';

/** A request that failed. Its message is ready to show. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly issues: readonly InputIssue[];
  readonly fault: { readonly code: number; readonly reason: string } | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ApiErrorCode,
    message: string,
    details: Omit<ApiProblem['error'], 'code' | 'message'> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.issues = details.issues ?? [];
    this.fault = details.fault;
    this.retryAfter = details.retryAfter;
  }

  /** Whether the same request may succeed later, without a change by the user. */
  get isTemporary(): boolean {
    return ['network', 'outage', 'tooMany', 'internal'].includes(this.code);
  }
}

/** Reads the problem in an answer with a status from 400. */
export async function apiErrorOf(response: Response): Promise<ApiError> {
  // The status matters more than an interrupted text.
  const text = await response.text().catch(() => '');
  const problem = problemIn(text);
  if (problem !== undefined) return new ApiError(problem.code, problem.message, problem);
  // A proxy in between answers in its own words, which are not shown.
  return new ApiError(
    response.status >= 500 ? 'outage' : 'internal',
    `the console's host answered with status ${response.status}`,
  );
}

function problemIn(text: string): ApiProblem['error'] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('error' in value)) return undefined;
  const { error } = value;
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) {
    return undefined;
  }
  // The host's own form, recognised by its two required fields.
  return error as ApiProblem['error'];
}
