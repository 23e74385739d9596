import type { DecodeIssue, Dialect, IpsFault, Limits, SoapVersion } from '@ips-sdk/wire';
import type { Region, Stage } from './endpoints.js';
import type { Exchange } from './history.js';
import type { TlsOptions } from './http/transport.js';

/** How a caller says who it is. */
export type Credentials =
  /** A user's e-mail address and password, in the request's header. */
  | { readonly user: string; readonly password: string }
  /** A token of an identity provider, in the request's header. */
  | { readonly accessToken: string }
  /** A user's e-mail address and password as HTTP Basic authentication, sent without being asked. */
  | { readonly basic: { readonly user: string; readonly password: string } };

/**
 * Credentials, or a function that fetches them, called for each request, so that secrets can rotate. When the service refuses
 * them with a fault of authentication, it is asked once more, told of the fault, and the request is sent again.
 */
export type Auth =
  | Credentials
  | ((context: { readonly rejected: IpsFault | undefined }) => Credentials | Promise<Credentials>);

/** How often a request is sent again, and how long the waits between are. */
export interface RetryOptions {
  /** Tries after the first; 3 unless given. */
  readonly retries?: number | undefined;
  /** The first wait in milliseconds; 250 unless given. */
  readonly minDelay?: number | undefined;
  /** The longest wait in milliseconds; 10,000 unless given. */
  readonly maxDelay?: number | undefined;
}

/** How strictly an input is checked before it is sent. `off` leaves only what cannot be written as XML. */
export type Validation = 'off' | 'lenient' | 'strict';

/** What a program can be told of while calls are made. A hook that throws changes nothing; Node prints a warning then. */
export interface ClientHooks {
  /** Before a request is sent, and before each time it is sent again. */
  readonly onRequest?:
    | ((event: { readonly operation: string; readonly attempt: number; readonly url: string }) => void)
    | undefined;
  /** When a call has ended, well or not. */
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
  /** Before a wait for another try. */
  readonly onRetry?:
    | ((event: {
        readonly operation: string;
        readonly attempt: number;
        readonly delay: number;
        readonly error: unknown;
      }) => void)
    | undefined;
  /** What an answer lacked or had too much, and was overcome. */
  readonly onIssue?: ((issue: DecodeIssue & { readonly operation: string }) => void) | undefined;
  /** What an input has that is unusual, in lenient validation. */
  readonly onWarning?:
    | ((warning: { readonly operation: string; readonly message: string; readonly path: string }) => void)
    | undefined;
}

/** Options of {@link createIpsClient}. */
export interface IpsClientOptions {
  /** Where the account is. Needed unless `endpoint` is given. */
  readonly region?: Region | undefined;
  /** `production` unless given. */
  readonly stage?: Stage | undefined;
  /** The full URL of the SOAP service, in place of region and stage. */
  readonly endpoint?: string | undefined;
  /** The URL of the UploadFile servlet; beside the endpoint unless given. */
  readonly uploadEndpoint?: string | undefined;
  readonly auth: Auth;
  /** The calling application, for the logs of the service. It asks that every call carries them. */
  readonly app?: { readonly name: string; readonly version: string } | undefined;
  /**
   * The company to work in, by name. Its handle is looked up once, when it is first needed, and kept for the life of the
   * client; calls that take a companyHandle get it unless they give one.
   */
  readonly company?: string | undefined;
  /** The company's handle, where it is known already. Handles are not meant to be stored. */
  readonly companyHandle?: string | undefined;
  /** Language of log messages and texts, such as `en-US`. */
  readonly locale?: string | undefined;
  /** `1.1` unless given. */
  readonly soapVersion?: SoapVersion | undefined;
  /** `plain` talks to `/scene7/api/IpsApiService` without envelopes. `soap` unless given. */
  readonly dialect?: Dialect | undefined;
  /** The namespace of `authHeader`: that of the version, unless `unversioned` is given. */
  readonly headerForm?: 'versioned' | 'unversioned' | undefined;
  /** The namespace of another dated version of the service. */
  readonly namespace?: string | undefined;
  /** Milliseconds that a call may take, tries and waits not counted together; 60,000 unless given. */
  readonly timeout?: number | undefined;
  /** `false` sends everything once. */
  readonly retry?: RetryOptions | false | undefined;
  /** Calls on their way at once; 8 unless given. */
  readonly concurrency?: number | undefined;
  /** `lenient` unless given. */
  readonly validation?: Validation | undefined;
  /** Whether answers may be compressed; `true` unless given. */
  readonly gzip?: boolean | undefined;
  /** Fail on answers that do not keep to the contract. The live service does not always. Off unless given. */
  readonly strictAnswers?: boolean | undefined;
  /** What to do with 64-bit integers beyond the safe range in answers: fail, unless `bigint` is given. */
  readonly longs?: 'number' | 'bigint' | undefined;
  readonly limits?: Limits | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly hooks?: ClientHooks | undefined;
  /** How many of the last exchanges {@link IpsClient.history} keeps, secrets taken out; 10 unless given. */
  readonly historySize?: number | undefined;
}

/** Options of one call. */
export interface CallOptions {
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that one try may take. */
  readonly timeout?: number | undefined;
  readonly locale?: string | undefined;
  readonly validation?: Validation | undefined;
  /** `false` sends the request once; `true` repeats it even if the operation is not safe to repeat. */
  readonly retry?: RetryOptions | boolean | undefined;
  /** Told of what the answer lacked or had too much, besides the client's hook. */
  readonly onIssue?: ((issue: DecodeIssue) => void) | undefined;
  /** Told of the text of the answer as it came, before it is read: also of a fault, and of each try. Secrets are not taken out. */
  readonly onAnswer?: ((text: string) => void) | undefined;
}
