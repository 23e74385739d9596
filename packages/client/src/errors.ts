import type { Issue } from '@ips-sdk/validator';
import { WireError } from '@ips-sdk/wire';

/** What an {@link HttpError} is made of. */
export interface HttpErrorDetails {
  readonly operation: string;
  readonly url: string;
  readonly status: number;
  /** The text of the answer, or as much of it as arrived. */
  readonly body: string;
  readonly retryAfter?: number | undefined;
  /** Why the text is no message of the contract, or not the whole answer. */
  readonly cause?: unknown;
}

/**
 * A request that was answered with a status, but without a message of the contract: by an error page, the sign-in page of a gateway, or
 * a body that broke off. The message names status, URL and the beginning of the text.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly operation: string;
  /** Where the request went, without credentials and query. */
  readonly url: string;
  readonly status: number;
  /** The beginning of the answer, with secrets removed. */
  readonly body: string;
  /** How long the answer asks to wait before another attempt, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor({ operation, url, status, body, retryAfter, cause }: HttpErrorDetails) {
    const where = shownUrl(url);
    const text = visibleText(body);
    // That an error page is no message goes without saying.
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

/** A URL as it may be shown: its query may hold a token. */
function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** The beginning of what a reader of a page sees. */
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
  /** Whether the other side speaks another protocol, such as HTTP where TLS is expected. Another attempt does not help. */
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

/** What broke a connection. OpenSSL's own messages are long and name its source files. */
function explained({ message }: Error, code: string | undefined): string {
  if (
    /wrong version number|packet length too long|http request/i.test(message) ||
    code === 'ERR_SSL_WRONG_VERSION_NUMBER'
  )
    return 'the other side does not speak TLS; is the URL one of http?';
  return message || code || 'the connection failed';
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
