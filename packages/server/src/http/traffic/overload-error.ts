/** Why a request was refused: the label `reason` of `ips_requests_refused_total`. */
export type RefusalReason =
  /** Too many connections. */
  | 'connections'
  /** Too many requests are in progress. */
  | 'requests'
  /** Too many pipelined requests are waiting. */
  | 'waiting'
  /** Requests and responses in memory have too many bytes. */
  | 'bytes'
  /** Files of callers who have not presented credentials have too many bytes. */
  | 'unknown-uploads'
  /** Files that are being uploaded have too many bytes. */
  | 'uploads'
  /** The client was silent for too long. */
  | 'silence'
  /** The client sends too slowly. */
  | 'slowness'
  /** The server is stopping. */
  | 'stopping';

const WORDS: Partial<Readonly<Record<RefusalReason, string>>> = {
  bytes: 'the server is busy: too much data is in transfer; try again later',
  'unknown-uploads':
    'the server is busy: too many files are waiting for credentials; send the part auth before the files, or try again later',
  uploads: 'the server is busy: too many bytes are being uploaded at once; try again later',
  stopping: 'the server is stopping',
};

/** A request is refused with HTTP 503 because the server is overloaded. */
export class OverloadError extends Error {
  override readonly name = 'OverloadError';
  readonly statusCode = 503;
  readonly reason: RefusalReason;
  /** Seconds to wait before another attempt. */
  readonly retryAfter: number;

  constructor(reason: RefusalReason) {
    super(WORDS[reason] ?? 'the server is busy: too many requests at once; try again later');
    this.reason = reason;
    this.retryAfter = reason === 'stopping' ? 10 : 2;
  }
}
