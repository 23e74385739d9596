import type { Contract } from '@ips-sdk/types/contract';
import type { ValidateOptions, ValidationResult } from '@ips-sdk/validator';
import type { DecodeIssue, Dialect, IpsFault, Limits, RawMessage, SoapVersion } from '@ips-sdk/wire';
import type { Region, Stage } from './endpoints.js';
import type { Exchange } from './history.js';
import type { TlsOptions } from './http/tls-options.js';
import type { Recorder } from './recorder/raw-exchange.js';

/** Credentials for the service. */
export type Credentials =
  /** A user's e-mail address and password, sent in the SOAP header. */
  | { readonly user: string; readonly password: string }
  /** A token from an identity provider, sent in the SOAP header. */
  | { readonly accessToken: string }
  /**
   * The SAML response of an identity provider, sent in the SOAP header. Requires a contract with this field, such as 2016-01-14-beta of
   * `@ips-sdk/types`. With any other contract, a call fails before anything is sent.
   */
  | { readonly samlResponse: string }
  /** A user's e-mail address and password, sent with every request as HTTP Basic authentication. */
  | { readonly basic: { readonly user: string; readonly password: string } };

/**
 * Credentials, or a function that returns them. The function is called for every request, so secrets can rotate. When the service rejects
 * the credentials, the function is called again with the fault, and the request is retried once.
 */
export type Auth =
  | Credentials
  | ((context: { readonly rejected: IpsFault | undefined }) => Credentials | Promise<Credentials>);

/** How often to retry a request, and how long to wait between attempts. */
export interface RetryOptions {
  /** Number of attempts after the first, from 0. Default: 3. */
  readonly retries?: number | undefined;
  /** First delay in milliseconds, from 0. The delay doubles with each attempt. Default: 250. */
  readonly minDelay?: number | undefined;
  /** Longest delay in milliseconds, from 0. Default: 10,000. */
  readonly maxDelay?: number | undefined;
}

/**
 * How strictly to validate an input before it is sent. `off` rejects only values that cannot be written as XML, and also sends the elements
 * under the key `unknownElements` of `@ips-sdk/wire`.
 */
export type Validation = 'off' | 'lenient' | 'strict';

/** Validates an input before it is sent. `message` is the name of the message, such as `SubmitJobParam`. */
export type ValidateInput = (
  message: string,
  input: object,
  options: ValidateOptions,
) => Pick<ValidationResult, 'errors' | 'warnings'>;

/** The response to a call without a contract. */
export interface RawAnswer extends RawMessage {
  /** The response body. */
  readonly xml: string;
}

/** Callbacks that observe calls. An exception in a hook does not affect the call. Node prints it as a warning. */
export interface ClientHooks {
  /** Called before each attempt. */
  readonly onRequest?:
    | ((event: { readonly operation: string; readonly attempt: number; readonly url: string }) => void)
    | undefined;
  /** Called after each attempt, successful or not. */
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
  /** Called before the delay that precedes a retry. `delay` is in milliseconds. */
  readonly onRetry?:
    | ((event: {
        readonly operation: string;
        readonly attempt: number;
        readonly delay: number;
        readonly error: unknown;
      }) => void)
    | undefined;
  /** Called for each deviation from the contract that the decoder tolerated in a response, such as a missing field. */
  readonly onIssue?: ((issue: DecodeIssue & { readonly operation: string }) => void) | undefined;
  /** Called for each warning of lenient validation about an input. */
  readonly onWarning?:
    | ((warning: { readonly operation: string; readonly message: string; readonly path: string }) => void)
    | undefined;
}

/** Options of {@link createIpsClient}. */
export interface IpsClientOptions {
  /** Region of the account. Required unless `endpoint` is set. */
  readonly region?: Region | undefined;
  /** Default: `production`. */
  readonly stage?: Stage | undefined;
  /** URL of the SOAP service. Overrides `region` and `stage`. */
  readonly endpoint?: string | undefined;
  /** URL of the UploadFile servlet. Default: `/scene7/UploadFile` on the host of the endpoint. */
  readonly uploadEndpoint?: string | undefined;
  /** Credentials, or a function that returns them. */
  readonly auth: Auth;
  /** Name and version of your application, for the logs of the service. Default: this package. */
  readonly app?: { readonly name: string; readonly version: string } | undefined;
  /**
   * Name of the company to work in. The client looks up its handle on first use and adds it to every input that needs a `companyHandle` and
   * has none.
   */
  readonly company?: string | undefined;
  /** Handle of the company, if you already have it. Do not store handles: they may change. */
  readonly companyHandle?: string | undefined;
  /** Language of log messages and other text from the service, such as `en-US`. */
  readonly locale?: string | undefined;
  /** Default: `1.1`. */
  readonly soapVersion?: SoapVersion | undefined;
  /** `plain` sends messages without SOAP envelopes to `/scene7/api/IpsApiService`. Default: `soap`. */
  readonly dialect?: Dialect | undefined;
  /** Namespace of `authHeader`: the versioned or the unversioned one. Default: `versioned`. */
  readonly headerForm?: 'versioned' | 'unversioned' | undefined;
  /**
   * Another version of the contract, such as the one in `@ips-sdk/types/2013-02-15`. It determines namespace, header and fields, and the
   * types of the client's methods.
   */
  readonly contract?: Contract | undefined;
  /**
   * Validates inputs instead of `@ips-sdk/validator`, which supports only the default contract. Without it, inputs for another contract are
   * only checked for known fields and types.
   */
  readonly validate?: ValidateInput | undefined;
  /** Namespace for messages of this contract, to call another dated version of the service. */
  readonly namespace?: string | undefined;
  /**
   * `keep` keeps response elements that are not in the contract, under the key `unknownElements` of `@ips-sdk/wire`. Default: `drop`.
   */
  readonly unknownElements?: 'keep' | 'drop' | undefined;
  /** Time limit of one attempt in milliseconds, above 0. Delays between attempts do not count. Default: 60,000. */
  readonly timeout?: number | undefined;
  /** Retry policy. `false` disables retries. */
  readonly retry?: RetryOptions | false | undefined;
  /** Maximum number of concurrent calls, from 1. Default: 8. */
  readonly concurrency?: number | undefined;
  /** Default: `lenient`. */
  readonly validation?: Validation | undefined;
  /** Whether to accept compressed responses. Default: `true`. */
  readonly gzip?: boolean | undefined;
  /** Whether to fail on responses that violate the contract, which the live service sometimes sends. Default: `false`. */
  readonly strictAnswers?: boolean | undefined;
  /** Type of 64-bit integers in responses. A `number` fails outside the safe integer range. Default: `number`. */
  readonly longs?: 'number' | 'bigint' | undefined;
  /** Limits on the size and depth of responses. */
  readonly limits?: Limits | undefined;
  /** Certificates to trust, and a client certificate. */
  readonly tls?: TlsOptions | undefined;
  /** Callbacks that observe calls. */
  readonly hooks?: ClientHooks | undefined;
  /** Receives each exchange as sent and received. See `createRecorder` in `@ips-sdk/client/recorder`. */
  readonly recorder?: Recorder | undefined;
  /** Number of exchanges that {@link IpsClient.history} keeps, from 0. Secrets are removed. Default: 10. */
  readonly historySize?: number | undefined;
}

/** Options of a call. */
export interface CallOptions {
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined;
  /** Time limit of one attempt in milliseconds, above 0. Default: the client's. */
  readonly timeout?: number | undefined;
  /** Language of text from the service. Default: the client's. */
  readonly locale?: string | undefined;
  /** Default: the client's. */
  readonly validation?: Validation | undefined;
  /** Retry policy. `false` disables retries. `true` retries even an operation that is not safe to retry. Default: the client's. */
  readonly retry?: RetryOptions | boolean | undefined;
  /** Called for each deviation from the contract that the decoder tolerated in the response. */
  readonly onIssue?: ((issue: DecodeIssue) => void) | undefined;
  /** Receives the response body of each attempt before it is decoded, including faults. Secrets are not removed. */
  readonly onAnswer?: ((text: string) => void) | undefined;
}
