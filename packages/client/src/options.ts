import type { Contract } from '@ips-sdk/types/contract';
import type { ValidateOptions, ValidationResult } from '@ips-sdk/validator';
import type { DecodeIssue, Dialect, IpsFault, Limits, RawMessage, SoapVersion } from '@ips-sdk/wire';
import type { Region, Stage } from './endpoints.js';
import type { Exchange } from './history.js';
import type { TlsOptions } from './http/tls-options.js';
import type { Recorder } from './recorder/raw-exchange.js';

/** The ways to authenticate. */
export type Credentials =
  /** A user's e-mail address and password, in the request's header. */
  | { readonly user: string; readonly password: string }
  /** A token of an identity provider, in the request's header. */
  | { readonly accessToken: string }
  /**
   * The response of an identity provider, in the request's header. Only contracts that have it send it, of those published with
   * `@ips-sdk/types` that of 2016-01-14-beta; with others a call fails before anything is sent.
   */
  | { readonly samlResponse: string }
  /** A user's e-mail address and password as HTTP Basic authentication, sent with every request. */
  | { readonly basic: { readonly user: string; readonly password: string } };

/**
 * Credentials, or a function that provides them. It is called for each request, so that secrets can rotate. When the service
 * rejects the credentials with an authentication fault, the function is called once more with the fault, and the request is
 * repeated.
 */
export type Auth =
  | Credentials
  | ((context: { readonly rejected: IpsFault | undefined }) => Credentials | Promise<Credentials>);

/** How often a request is repeated, and how long to wait in between. */
export interface RetryOptions {
  /** Attempts after the first; 3 by default. */
  readonly retries?: number | undefined;
  /** The first wait in milliseconds; 250 by default. */
  readonly minDelay?: number | undefined;
  /** The longest wait in milliseconds; 10,000 by default. */
  readonly maxDelay?: number | undefined;
}

/**
 * How strictly an input is validated before it is sent. `off` refuses only what cannot be written as XML, and sends the elements that
 * an input has under the key `unknownElements` of `@ips-sdk/wire`.
 */
export type Validation = 'off' | 'lenient' | 'strict';

/** Validates an input before it is sent; `message` is the name of the message, such as `SubmitJobParam`. */
export type ValidateInput = (
  message: string,
  input: object,
  options: ValidateOptions,
) => Pick<ValidationResult, 'errors' | 'warnings'>;

/** The answer to a call without a contract. */
export interface RawAnswer extends RawMessage {
  /** The text of the answer. */
  readonly xml: string;
}

/** Hooks that observe calls. One that throws does not affect the call; Node prints a warning. */
export interface ClientHooks {
  /** Before a request is sent, and before each time it is sent again. */
  readonly onRequest?:
    | ((event: { readonly operation: string; readonly attempt: number; readonly url: string }) => void)
    | undefined;
  /** When an attempt has ended, whether it succeeded or failed. */
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
  /** Before the wait for another attempt. */
  readonly onRetry?:
    | ((event: {
        readonly operation: string;
        readonly attempt: number;
        readonly delay: number;
        readonly error: unknown;
      }) => void)
    | undefined;
  /** What the decoder tolerated in an answer: a field that was missing or not expected. */
  readonly onIssue?: ((issue: DecodeIssue & { readonly operation: string }) => void) | undefined;
  /** What lenient validation found unusual in an input. */
  readonly onWarning?:
    | ((warning: { readonly operation: string; readonly message: string; readonly path: string }) => void)
    | undefined;
}

/** Options of {@link createIpsClient}. */
export interface IpsClientOptions {
  /** Where the account is. Required unless `endpoint` is given. */
  readonly region?: Region | undefined;
  /** `production` by default. */
  readonly stage?: Stage | undefined;
  /** The full URL of the SOAP service, in place of region and stage. */
  readonly endpoint?: string | undefined;
  /** The URL of the UploadFile servlet; by default on the host of the endpoint. */
  readonly uploadEndpoint?: string | undefined;
  readonly auth: Auth;
  /** The calling application, for the logs of the service, which requires a name and version in every call. */
  readonly app?: { readonly name: string; readonly version: string } | undefined;
  /**
   * The name of the company to work in. Its handle is looked up on first use and kept for the life of the client; calls that
   * take a companyHandle get it unless they give one.
   */
  readonly company?: string | undefined;
  /** The company's handle, where it is already known. Handles are not meant to be stored. */
  readonly companyHandle?: string | undefined;
  /** The language of log messages and other texts, such as `en-US`. */
  readonly locale?: string | undefined;
  /** `1.1` by default. */
  readonly soapVersion?: SoapVersion | undefined;
  /** `plain` talks to `/scene7/api/IpsApiService` without envelopes; `soap` is the default. */
  readonly dialect?: Dialect | undefined;
  /** The namespace of `authHeader`: that of the version by default, or the `unversioned` one. */
  readonly headerForm?: 'versioned' | 'unversioned' | undefined;
  /**
   * Another version of the contract, such as those of `@ips-sdk/types/2013-02-15`. Namespace, header and fields follow it: what it
   * lacks is not sent. Its types are those of the client's methods.
   */
  readonly contract?: Contract | undefined;
  /**
   * Validates inputs in place of `@ips-sdk/validator`, which knows the default contract only. Without it, inputs for another contract
   * are checked by nothing but the codec, which knows fields and types.
   */
  readonly validate?: ValidateInput | undefined;
  /** The namespace of another dated version of the service, for messages of this contract. */
  readonly namespace?: string | undefined;
  /** `keep` keeps elements that the contract lacks in answers, under the key `unknownElements` of `@ips-sdk/wire`. */
  readonly unknownElements?: 'keep' | 'drop' | undefined;
  /** Milliseconds that one attempt of a call may take; waits in between do not count. 60,000 by default. */
  readonly timeout?: number | undefined;
  /** `false` sends every request once. */
  readonly retry?: RetryOptions | false | undefined;
  /** How many calls may run at once; 8 by default. */
  readonly concurrency?: number | undefined;
  /** `lenient` by default. */
  readonly validation?: Validation | undefined;
  /** Whether answers may be compressed; `true` by default. */
  readonly gzip?: boolean | undefined;
  /** Whether to fail on answers that break the contract, as those of the live service sometimes do; `false` by default. */
  readonly strictAnswers?: boolean | undefined;
  /** How answers hold 64-bit integers: as a `number`, which fails beyond the safe range, or as a `bigint`. `number` by default. */
  readonly longs?: 'number' | 'bigint' | undefined;
  readonly limits?: Limits | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly hooks?: ClientHooks | undefined;
  /** Receives each exchange as it went over the wire; `createRecorder` of `@ips-sdk/client/recorder` makes fixtures of them. */
  readonly recorder?: Recorder | undefined;
  /** How many of the last exchanges {@link IpsClient.history} keeps, with secrets removed; 10 by default. */
  readonly historySize?: number | undefined;
}

/** Options of one call. */
export interface CallOptions {
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that one attempt may take. */
  readonly timeout?: number | undefined;
  readonly locale?: string | undefined;
  readonly validation?: Validation | undefined;
  /** `false` sends the request once; `true` repeats it even where the operation is not safe to repeat. */
  readonly retry?: RetryOptions | boolean | undefined;
  /** Receives what the decoder tolerated in the answer, as the client's hook does. */
  readonly onIssue?: ((issue: DecodeIssue) => void) | undefined;
  /** Receives the text of each attempt's answer, including faults, before it is decoded. Secrets are not removed. */
  readonly onAnswer?: ((text: string) => void) | undefined;
}
