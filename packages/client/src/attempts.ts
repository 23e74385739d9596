import { contract } from '@ips-sdk/types/contract';
import { IpsFault } from '@ips-sdk/wire';
import { Deadline } from './deadline.js';
import { backoffDelay, delay, unlessAborted } from './delay.js';
import { HttpError, TimeoutError } from './errors.js';
import type { Attempt, OperationName } from './exchange.js';
import { type History, keptBody } from './history.js';
import { notify } from './notify.js';
import type { CallOptions, IpsClientOptions } from './options.js';
import type { RawExchange } from './recorder/raw-exchange.js';
import { redactXml } from './redact.js';
import { retryAfter, retryPolicy, worthRetrying } from './retry.js';

const DEFAULT_TIMEOUT = 60_000;

/** A call, before its first attempt. */
export interface Attempted {
  readonly operation: OperationName;
  readonly url: string;
  readonly input: object;
  readonly options: CallOptions;
  /** Called with the error of each attempt that is retried. */
  readonly failed?: ((error: unknown) => void) | undefined;
}

/** How one attempt ended. */
type Ending<T> = { readonly value: T } | { readonly error: unknown };

/** Runs calls within their time limit, retries them where that is safe, and keeps every attempt in the history. */
export class Attempts {
  readonly #options: IpsClientOptions;
  readonly #history: History;

  constructor(options: IpsClientOptions, history: History) {
    this.#options = options;
    this.#history = history;
  }

  /** Time limit of one attempt in milliseconds. */
  get timeout(): number {
    return this.#options.timeout ?? DEFAULT_TIMEOUT;
  }

  /**
   * Runs a call until it succeeds, or a retry is unsafe or pointless.
   *
   * @throws The error of the last attempt.
   */
  async run<T>(call: Attempted, once: (attempt: Attempt) => Promise<T>): Promise<T> {
    const { operation, options } = call;
    const { hooks, auth } = this.#options;
    // An operation that is not in the contract may be unsafe to retry.
    const { operations } = this.#options.contract ?? contract;
    const policy = retryPolicy(this.#options.retry, options.retry);
    const repeatable =
      (operations[operation]?.idempotency ?? 'unsafe') !== 'unsafe' || options.retry === true;
    let rejected: IpsFault | undefined;
    for (let tries = 0; ; tries += 1) {
      const ending = await this.#attempt(call, once, { number: tries + 1, rejected, repeatable });
      if ('value' in ending) return ending.value;
      const { error } = ending;
      // A call that failed to authenticate had no effect, and a provider may have newer credentials.
      const stale = error instanceof IpsFault && error.kind === 'authentication' && rejected === undefined;
      if (stale && typeof auth === 'function' && !options.signal?.aborted) {
        rejected = error;
        continue;
      }
      if (options.signal?.aborted || tries >= policy.retries || !worthRetrying(error, repeatable))
        throw error;
      const asked = error instanceof HttpError || error instanceof IpsFault ? error.retryAfter : undefined;
      const wait = Math.max(asked ?? 0, backoffDelay(policy, tries));
      if (asked !== undefined && asked > policy.maxDelay) throw error;
      notify(hooks?.onRetry, { operation, attempt: tries + 1, delay: wait, error });
      call.failed?.(error);
      try {
        await delay(wait, options.signal);
      } catch (aborted) {
        // A time limit ends the wait, but is not the reason why the call failed.
        throw aborted instanceof TimeoutError ? error : aborted;
      }
    }
  }

  async #attempt<T>(
    { operation, url, input, options }: Attempted,
    once: (attempt: Attempt) => Promise<T>,
    { number, rejected, repeatable }: { number: number; rejected: IpsFault | undefined; repeatable: boolean },
  ): Promise<Ending<T>> {
    const { hooks } = this.#options;
    notify(hooks?.onRequest, { operation, attempt: number, url });
    const startedAt = new Date();
    const start = process.hrtime.bigint();
    const deadline = new Deadline(operation, options.timeout ?? this.timeout, options.signal);
    const { signal } = deadline;
    const attempt: Attempt = {
      operation,
      input,
      options,
      signal,
      url,
      rejected,
      repeatable,
      touch: () => deadline.restart(),
      secrets: [],
      request: '',
      response: undefined,
      status: undefined,
      sent: {},
      received: {},
      parts: () => [],
    };
    let error: unknown;
    try {
      // Some promises of an attempt may never settle.
      return { value: await unlessAborted(once(attempt), signal) };
    } catch (caught) {
      error = this.#endOf(attempt, caught);
      return { error };
    } finally {
      deadline.stop();
      const duration = Number(process.hrtime.bigint() - start) / 1e6;
      const { recorder, company, contract: spoken = contract } = this.#options;
      notify(recorder && ((raw: RawExchange) => recorder.record(raw)), {
        ...rawExchange(attempt, error),
        attempt: number,
        contract: spoken.version,
        company,
        duration,
      });
      const exchange = {
        operation,
        url,
        startedAt,
        duration,
        attempts: number,
        status: attempt.status,
        request: keptBody(attempt.request) ?? '',
        response: keptBody(attempt.response),
        error,
      };
      this.#history.add(exchange);
      notify(hooks?.onExchange, exchange);
    }
  }

  /** The error of an attempt: the reason of the caller's signal, then a failure status, then the time limit. */
  #endOf(
    { options, signal, operation, url, status = 0, received, response }: Attempt,
    caught: unknown,
  ): unknown {
    if (options.signal?.aborted) return options.signal.reason;
    if (caught instanceof HttpError || !signal.aborted) return caught;
    if (status < 300) return signal.reason;
    const body = redactXml(response ?? '');
    return new HttpError({
      operation,
      url,
      status,
      body,
      retryAfter: retryAfter({ headers: received }),
      cause: signal.reason,
    });
  }
}

/** An attempt as sent and received. */
function rawExchange(
  { operation, url, sent, received, request, parts, status, response }: Attempt,
  error: unknown,
): Omit<RawExchange, 'attempt' | 'contract' | 'company' | 'duration'> {
  const uploaded = parts();
  return {
    operation,
    url,
    requestHeaders: sent,
    // The description of an upload in the history is not XML.
    request: uploaded.length > 0 ? '' : request,
    parts: uploaded,
    status,
    responseHeaders: received,
    response,
    failure: error instanceof Error ? error.name : undefined,
  };
}
