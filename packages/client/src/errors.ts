import type { Issue } from '@ips-sdk/validator';
import { WireError } from '@ips-sdk/wire';

/** Details of an {@link HttpError}. */
export interface HttpErrorDetails {
  readonly operation: string;
  readonly url: string;
  readonly status: number;
  /** The response body, or the part of it that arrived. */
  readonly body: string;
  readonly retryAfter?: number | undefined;
  /** Why the body is not a message of the contract, or is incomplete. */
  readonly cause?: unknown;
}

/**
 * An HTTP response that is not a message of the contract, such as an error page, the sign-in page of a gateway, or an interrupted body. The
 * message contains the status, the URL and the beginning of the text.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly operation: string;
  /** URL of the request, without credentials and query. */
  readonly url: string;
  readonly status: number;
  /** The beginning of the response body, with secrets removed. */
  readonly body: string;
  /** The delay that the response requests before a retry, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor({ operation, url, status, body, retryAfter, cause }: HttpErrorDetails) {
    const where = shownUrl(url);
    const text = visibleText(body);
    // The status already shows that an error page is not a message.
    const isPlain = status >= 300 && cause instanceof WireError && cause.code !== 'encoding';
    const why = cause instanceof Error && !isPlain ? `; ${cause.message}` : '';
    super(`${operation}: HTTP status ${status} from ${where}${text === '' ? '' : `, ${text}`}${why}`, {
      cause,
    });
    this.operation = operation;
    this.url = where;
    this.status = status;
    this.body = body.slice(0, 2000);
    this.retryAfter = retryAfter;
  }
}

/** A URL without its query, which may contain a token. */
function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** The beginning of the visible text of a page. */
function visibleText(body: string): string {
  return body
    .slice(0, 20_000)
    .replace(/<(script|style)\b[^>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi, ' ')
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .replace(/<[^>]*(?:>|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 120);
}

/** A request without a response: the host is unknown, or it refused or closed the connection. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly operation: string;
  /** The system error code, such as `ECONNREFUSED`. */
  readonly code: string | undefined;
  /** Whether the service certainly did not receive the request. */
  readonly notSent: boolean;
  /** Whether the server's certificate was rejected. A retry does not help. */
  readonly untrusted: boolean;
  /** Whether the server uses another protocol, such as HTTP instead of TLS. A retry does not help. */
  readonly otherProtocol: boolean;

  constructor(operation: string, cause: Error, notSent: boolean) {
    const code = (cause as NodeJS.ErrnoException).code;
    super(`${operation}: ${explained(cause, code)}`, { cause });
    this.operation = operation;
    this.code = code;
    this.untrusted = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS/.test(code ?? '');
    this.otherProtocol = !this.untrusted && /^(?:EPROTO$|ERR_SSL_|HPE_)/.test(code ?? '');
    this.notSent = notSent || this.untrusted;
  }
}

/** The reason for a broken connection. OpenSSL's own messages are long and contain its source files. */
function explained({ message }: Error, code: string | undefined): string {
  if (
    /wrong version number|packet length too long|http request/i.test(message) ||
    code === 'ERR_SSL_WRONG_VERSION_NUMBER'
  )
    return 'the server does not use TLS; try the URL with http';
  return message || code || 'the connection failed';
}

/** A call or a wait that exceeded its time limit. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  /** The limit in milliseconds. */
  readonly timeout: number;

  constructor(what: string, timeout: number) {
    super(`${what} took longer than ${timeout} ms`);
    this.timeout = timeout;
  }
}

/** An input that violates the rules of the API. Nothing was sent. */
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

/** A job that does not exist, or whose log was deleted. */
export class JobNotFoundError extends Error {
  override readonly name = 'JobNotFoundError';
  /** The name or handle of the job. */
  readonly job: string;

  constructor(job: string) {
    super(`job ${JSON.stringify(job)} not found: it is neither scheduled nor active, and has no log`);
    this.job = job;
  }
}

/** Work that failed after some of its parts had succeeded. `cause` is the error. */
export class InterruptedError<Done = unknown> extends Error {
  override readonly name = 'InterruptedError';
  /** The results of the parts that succeeded. */
  readonly done: Done;

  constructor(what: string, done: Done, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.done = done;
  }
}
