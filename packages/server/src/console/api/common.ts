/** An ISO 8601 time with a UTC offset or `Z`. */
export type Moment = string;

/** A 64-bit integer: a number while that is exact, otherwise its digits. */
export type Long = number | string;

/** The body of a failed response, with a status from 400. */
export interface ApiProblem {
  readonly error: {
    /**
     * - `login`: there is no session, or it has expired. Show the login page, and repeat the request afterwards.
     * - `credentials`: the service refused user and password. `message` has its words.
     * - `csrf`, `origin`, `host`: the request does not come from a page of this console.
     * - `readOnly`: the console, or this profile, changes nothing.
     * - `input`: the input is invalid; see `issues`.
     * - `fault`: the service refused the call; see `fault`.
     * - `forbidden`: the role of the user does not allow the call; see `fault`.
     * - `outage`: the service cannot be reached. The console tries again by itself; see the event `outage`.
     * - `notFound`, `conflict`, `tooLarge`, `tooMany`, `internal`.
     */
    readonly code:
      | 'login'
      | 'credentials'
      | 'csrf'
      | 'origin'
      | 'host'
      | 'readOnly'
      | 'input'
      | 'fault'
      | 'forbidden'
      | 'outage'
      | 'notFound'
      | 'conflict'
      | 'tooLarge'
      | 'tooMany'
      | 'internal';
    /** In words, ready to show. */
    readonly message: string;
    readonly issues?: readonly InputIssue[] | undefined;
    /** The fault of the service. */
    readonly fault?: { readonly code: number; readonly reason: string } | undefined;
    /** Seconds until another attempt makes sense. */
    readonly retryAfter?: number | undefined;
  };
}

/** A message of the validator about one value. */
export interface InputIssue {
  /** The path of the value, such as `uploadUrlsJob.urlArray[0].sourceUrl`; empty for the whole input. */
  readonly path: string;
  readonly message: string;
  /** Whether the service may accept the value nevertheless. */
  readonly severity: 'error' | 'warning';
}

/** The result of one item of a bulk action. */
export interface Outcome {
  /** The handle that was given. */
  readonly handle: string;
  readonly name?: string | undefined;
  readonly ok: boolean;
  /** What happened, in words: `stopped`, or the fault. */
  readonly message: string;
  readonly fault?: { readonly code: number; readonly reason: string } | undefined;
  /** The handle of the object afterwards, if it is another: of the new job, or of the moved folder. */
  readonly newHandle?: string | undefined;
}

/** Which part of a list an answer has. */
export interface PageInfo {
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  /** Items on all pages. */
  readonly total: number;
}
