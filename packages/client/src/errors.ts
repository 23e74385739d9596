import type { Issue } from '@ips-sdk/validator';

/** A request that the service, or something in between, answered with a status but without a message of the contract. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  /** The beginning of the answer, with secrets removed. */
  readonly body: string;
  readonly operation: string;
  /** How long the answer asks to wait before another attempt, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(operation: string, status: number, body: string, retryAfter?: number, cause?: unknown) {
    const text = body
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 120);
    super(`${operation}: HTTP status ${status}${text === '' ? '' : `, ${text}`}`, { cause });
    this.operation = operation;
    this.status = status;
    this.body = body.slice(0, 2000);
    this.retryAfter = retryAfter;
  }
}

/** A request that got no answer: the host is unknown, refused the connection, or broke it. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly operation: string;
  /** The system's code, such as `ECONNREFUSED`. */
  readonly code: string | undefined;
  /** Whether it is certain that the service did not get the request. */
  readonly notSent: boolean;
  /** Whether the other side's certificate was refused. Another attempt does not help. */
  readonly untrusted: boolean;

  constructor(operation: string, cause: Error, notSent: boolean) {
    const code = (cause as NodeJS.ErrnoException).code;
    super(`${operation}: ${cause.message || code || 'the connection failed'}`, { cause });
    this.operation = operation;
    this.code = code;
    this.untrusted = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS/.test(code ?? '');
    this.notSent = notSent || this.untrusted;
  }
}

/** A request or a wait that exceeded its time limit. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  /** The limit in milliseconds. */
  readonly timeout: number;

  constructor(what: string, timeout: number) {
    super(`${what} took longer than ${timeout} ms`);
    this.timeout = timeout;
  }
}

/** An input that breaks rules of the API. Nothing was sent. */
export class ValidationError extends Error {
  override readonly name = 'ValidationError';
  readonly operation: string;
  readonly issues: readonly Issue[];

  constructor(operation: string, issues: readonly Issue[]) {
    const more = issues.length > 5 ? `; and ${issues.length - 5} more` : '';
    super(
      `${operation}: ${issues
        .slice(0, 5)
        .map((issue) => issue.message)
        .join('; ')}${more}`,
    );
    this.operation = operation;
    this.issues = issues;
  }
}

/** A job that cannot be found, because it or its log was deleted. */
export class JobNotFoundError extends Error {
  override readonly name = 'JobNotFoundError';
  /** The name or handle that was looked for. */
  readonly job: string;

  constructor(job: string) {
    super(`the job ${JSON.stringify(job)} is neither scheduled nor active, and has no log`);
    this.job = job;
  }
}

/** Work in parts that failed after some parts were done. `done` holds their results, `cause` the reason. */
export class InterruptedError<Done = unknown> extends Error {
  override readonly name = 'InterruptedError';
  /** The results of the parts that were done. */
  readonly done: Done;

  constructor(what: string, done: Done, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.done = done;
  }
}
