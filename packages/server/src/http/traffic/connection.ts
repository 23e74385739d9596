import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { OverloadError } from './overload-error.js';
import { rawAnswer } from './raw-answer.js';

/** A request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What limits count as its client. */
  readonly address: string;
  /** Bytes that it keeps in memory. */
  bytes: number;
  /** Bytes that it stores for an unknown caller. */
  uploadBytes: number;
  /** Whether it counts as an open request. */
  isOpen: boolean;
  /** Whether its answer was read, or nobody will read it. */
  isClosed: boolean;
  /** Whether nothing works on it any more. */
  isHandled: boolean;
  refusal: OverloadError | undefined;
  /** Called when its turn comes. */
  begin(): void;
  /** Called when it waits no longer, whether or not its turn has come. */
  left(): void;
  /** Called when the answer was read or the connection is closed, if it has begun. */
  end(): void;
}

/** Milliseconds for a client to read the last answer before what it still sends resets the connection. */
const LINGER = 1000;

/**
 * The requests of one connection, answered one after the other. While some wait, nothing more is read: what a client sends ahead is
 * bounded by one read from its socket.
 */
export class Connection {
  /** What limits count as its client. */
  readonly address: string;
  readonly #socket: Socket;
  readonly #queue: Exchange[] = [];
  #current: Exchange | undefined;
  /** The last answer, after those to earlier requests. */
  #last: Buffer | undefined;
  #draining = false;

  constructor(socket: Socket, address: string) {
    this.#socket = socket;
    this.address = address;
  }

  /** Whether a request is being answered. */
  get isBusy(): boolean {
    return this.#current !== undefined;
  }

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Whether nothing is read from it any more. */
  get isEnding(): boolean {
    return this.#last !== undefined;
  }

  /** Whose turn it is to do something about the current request. */
  get turn(): 'server' | 'client-sends' | 'client-reads' {
    const socket = this.#socket;
    if (socket.writableLength > 0) return 'client-reads';
    const request = this.#current?.request;
    if (request === undefined || request.complete || socket.isPaused()) return 'server';
    // A full buffer has to be emptied by the server first.
    return request.readableLength < request.readableHighWaterMark ? 'client-sends' : 'server';
  }

  /** Takes a request, which begins now or after those before it. */
  add(exchange: Exchange): void {
    if (this.#current === undefined) this.#begin(exchange);
    else {
      this.#queue.push(exchange);
      this.#socket.pause();
    }
  }

  /** Ends the connection with an answer, once the earlier requests have theirs. Later requests are not read. */
  endWith(status: number, message: string, headers?: readonly string[]): void {
    if (this.#last !== undefined) return;
    this.#last = rawAnswer(status, message, headers);
    // A request that will never be complete is the one that this answers.
    const at = this.#queue.findIndex(({ request }) => !request.complete);
    if (at >= 0) for (const dropped of this.#queue.splice(at)) dropped.left();
    const current = this.#current;
    if (current === undefined) this.#finish();
    else if (!current.request.complete) {
      // Half of an answer cannot be followed by another one.
      if (current.response.headersSent) this.#socket.destroy();
      else this.#finish();
    } else this.#socket.pause();
  }

  /** Closes it when the current request has its answer, or now if there is none. */
  drain(): void {
    this.#draining = true;
    if (this.#current === undefined) this.#socket.destroy();
    else if (!this.#current.response.headersSent) this.#current.response.setHeader('connection', 'close');
  }

  /** Gives back what its requests took, because the socket is closed. */
  closed(): void {
    for (const dropped of this.#queue.splice(0)) dropped.left();
    this.#current?.end();
    this.#current = undefined;
  }

  #begin(exchange: Exchange): void {
    this.#current = exchange;
    exchange.response.once('close', () => {
      if (this.#current !== exchange) return;
      this.#current = undefined;
      exchange.end();
      this.#next();
    });
    exchange.begin();
  }

  #next(): void {
    const socket = this.#socket;
    if (socket.destroyed || !socket.writable) return;
    const next = this.#queue.shift();
    if (next !== undefined) {
      next.left();
      if (this.#queue.length === 0 && this.#last === undefined) socket.resume();
      this.#begin(next);
      if (this.#queue.length > 0) socket.pause();
    } else if (this.#last !== undefined) this.#finish();
    else if (this.#draining) socket.end();
    else socket.resume();
  }

  /** Writes the last answer; a client that does not read it loses it. */
  #finish(): void {
    const socket = this.#socket;
    socket.pause();
    socket.end(this.#last ?? Buffer.alloc(0), () => {
      const timer = setTimeout(() => socket.destroy(), LINGER).unref();
      socket.once('close', () => clearTimeout(timer));
    });
  }
}
