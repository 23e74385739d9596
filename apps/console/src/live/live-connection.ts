import { apiErrorOf } from '../api/api-error.ts';
import type { ConsoleEvent } from '../api/contract.ts';
import { readEventStream } from './event-stream.ts';

/**
 * - `connecting`: the first attempt.
 * - `live`: events arrive.
 * - `reconnecting`: the host cannot be reached; it tries again by itself.
 * - `paused`: the viewer closed it.
 * - `off`: not started, or there is no session.
 */
export type LiveState = 'off' | 'connecting' | 'live' | 'reconnecting' | 'paused';

export interface LiveOptions {
  readonly fetch?: typeof fetch;
  readonly onEvent: (event: ConsoleEvent) => void;
  readonly onState: (state: LiveState) => void;
  /** The host refused: there is no session. */
  readonly onLoggedOut: () => void;
  /** From 0 to 1, to spread the attempts of many viewers. */
  readonly random?: () => number;
}

/** Milliseconds of the first and the longest wait between two attempts. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
/** A host sends something at least every 15 s. After this time without a byte the connection counts as lost. */
const SILENCE = 45_000;

/** The one stream of events. */
export class LiveConnection {
  readonly #options: LiveOptions;
  #state: LiveState = 'off';
  #job: string | undefined;
  #lastId = '';
  #abort: AbortController | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  get state(): LiveState {
    return this.#state;
  }

  start(): void {
    if (this.#abort === undefined) this.#connect();
  }

  /** Closes the stream, until {@link start}. The next one resumes after the last event. */
  pause(): void {
    this.#close();
    this.#enter('paused');
  }

  /** Closes the stream and forgets its place, as after a logout. */
  stop(): void {
    this.#close();
    this.#lastId = '';
    this.#enter('off');
  }

  /** Ends the wait between two attempts. */
  retryNow(): void {
    if (this.#state !== 'reconnecting') return;
    this.#close();
    this.#connect();
  }

  /** Adds the log of one job to the stream. The stream is opened again. */
  watchJob(handle: string | undefined): void {
    if (this.#job === handle) return;
    this.#job = handle;
    if (this.#abort === undefined) return;
    this.#close();
    this.#connect();
  }

  #close(): void {
    this.#abort?.abort();
    this.#abort = undefined;
  }

  #connect(): void {
    const abort = new AbortController();
    this.#abort = abort;
    if (this.#state === 'off' || this.#state === 'paused') this.#enter('connecting');
    void this.#run(abort.signal);
  }

  async #run(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    while (!signal.aborted) {
      try {
        await this.#readOnce(signal, () => (attempt = 0));
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof LoggedOut) {
          this.stop();
          this.#options.onLoggedOut();
          return;
        }
      }
      if (signal.aborted) return;
      this.#enter('reconnecting');
      await wait(waitBefore(attempt++, this.#options.random ?? Math.random), signal);
    }
  }

  async #readOnce(signal: AbortSignal, onOpen: () => void): Promise<void> {
    const silence = new AbortController();
    const timer = new Silence(() => silence.abort());
    try {
      const response = await (this.#options.fetch ?? fetch)(this.#url(), {
        headers: {
          accept: 'text/event-stream',
          ...(this.#lastId === '' ? {} : { 'last-event-id': this.#lastId }),
        },
        credentials: 'same-origin',
        cache: 'no-store',
        signal: AbortSignal.any([signal, silence.signal]),
      });
      if (!response.ok) {
        const error = await apiErrorOf(response);
        throw error.code === 'login' ? new LoggedOut() : error;
      }
      if (response.body === null) throw new Error('the stream is empty');
      onOpen();
      this.#enter('live');
      for await (const { id, data } of readEventStream(timer.watching(response.body))) {
        if (signal.aborted) return;
        if (id !== '') this.#lastId = id;
        // The host and the browser share the types of events.
        this.#options.onEvent(JSON.parse(data) as ConsoleEvent);
      }
    } finally {
      timer.end();
    }
  }

  #url(): string {
    return `/console/api/events${this.#job === undefined ? '' : `?job=${encodeURIComponent(this.#job)}`}`;
  }

  #enter(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}

/** Doubles up to the longest; a random half spreads the attempts of many viewers. */
export function waitBefore(attempt: number, random: () => number): number {
  const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(attempt, 10));
  return longest / 2 + (longest / 2) * random();
}

class LoggedOut extends Error {}

class Silence {
  readonly #onSilence: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onSilence: () => void) {
    this.#onSilence = onSilence;
    this.#restart();
  }

  /** The same bytes; each chunk shows that the connection is there. */
  watching(body: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
    return body.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform: (chunk, controller) => {
          this.#restart();
          controller.enqueue(chunk);
        },
      }),
    );
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onSilence, SILENCE);
  }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
