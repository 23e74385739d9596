/** What ran out when a request was refused; the label `reason` of `ips_requests_refused_total`. */
export type RefusalReason =
  /** Too many connections. */
  | 'connections'
  /** Too many requests are being answered. */
  | 'requests'
  /** Too many requests wait behind unanswered ones of their connections. */
  | 'waiting'
  /** Requests and answers in memory take too many bytes. */
  | 'bytes'
  /** Files of unknown callers take too many bytes. */
  | 'uploads'
  /** The client was silent for too long. */
  | 'silence'
  /** The server is stopping. */
  | 'stopping';

const WORDS: Partial<Readonly<Record<RefusalReason, string>>> = {
  bytes: 'the server is busy: too much is being sent and received at once; try again later',
  uploads:
    'the server is busy: too many files wait for credentials; send the part auth before the files, or try again later',
  stopping: 'the server is stopping',
};

/** A request is refused with HTTP 503 because the server has too much to do. */
export class OverloadError extends Error {
  override readonly name = 'OverloadError';
  readonly statusCode = 503;
  readonly reason: RefusalReason;
  /** Seconds after which another attempt makes sense. */
  readonly retryAfter: number;

  constructor(reason: RefusalReason) {
    super(WORDS[reason] ?? 'the server is busy: too many requests at once; try again later');
    this.reason = reason;
    this.retryAfter = reason === 'stopping' ? 10 : 2;
  }
}
