import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { OverloadError } from './overload-error.js';
import { readInPieces } from './pieces.js';
import { type RawContent, rawAnswer } from './raw-answer.js';
import type { SharedLimit } from './shared-limit.js';

/** A request and its response. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What limits count as its client. */
  readonly address: string;
  /** Bytes in memory. */
  bytes: number;
  /** Bytes on disk: of a caller who has not presented credentials, and of one who has. */
  unknownBytes: number;
  uploadBytes: number;
  /** Milliseconds for which the client was to send, and the bytes that it sent then. */
  sendingTime: number;
  receivedBytes: number;
  /** Whether it counts as an open request. */
  isOpen: boolean;
  /** Whether the response was read or can no longer be read. */
  isClosed: boolean;
  /** Whether work on it has ended. */
  isHandled: boolean;
  refusal: OverloadError | undefined;
  /** Called when its turn comes. */
  begin(): void;
  /** Called when it stops waiting, whether or not its turn has come. */
  left(): void;
  /** Called when the response was read or the connection is closed, if it has begun. */
  end(): void;
}

/** Milliseconds for a client to read the last response before the connection is reset because it is still sending. */
const LINGER = 1000;

/** Paths of images, which are drawn for nobody who may have left. */
const IMAGES = /^\/is\/image\b/i;

/**
 * The requests of one connection, handled in order. While one waits, the next is not parsed and the socket is not read: pipelined
 * requests stay bytes, at most what two reads of the socket return.
 */
export class Connection {
  /** What limits count as its client. */
  readonly address: string;
  /** Number of requests that get no response because the connection is ending. */
  ignored = 0;
  /** Number of requests whose headers have arrived. */
  requests = 0;
  readonly #socket: Socket;
  readonly #queue: Exchange[] = [];
  #current: Exchange | undefined;
  /** The last response, sent after those to earlier requests. */
  #last: Buffer | undefined;
  #draining = false;
  /** Bytes that were read and have not been parsed. */
  #unparsed = 0;
  /** Bytes that had arrived at the last look. */
  #seen = 0;

  constructor(socket: Socket, address: string) {
    this.#socket = socket;
    this.address = address;
  }

  /** Whether a request is in progress. */
  get isBusy(): boolean {
    return this.#current !== undefined;
  }

  /** Number of requests that wait for their turn. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Whether reading has stopped. */
  get isEnding(): boolean {
    return this.#last !== undefined;
  }

  /**
   * Whether the client gets responses after it has closed its side of the connection. One that has left closes it in the same way, so that
   * the server draws no image for it, and ends a response that has begun, such as a stream of events.
   */
  get answersHalfClosed(): boolean {
    const current = this.#current;
    if (current?.response.headersSent) return false;
    const requests = current === undefined ? this.#queue : [current, ...this.#queue];
    return requests.every(({ request }) => !IMAGES.test(request.url ?? ''));
  }

  /**
   * Reads from the socket, to which Node.js has attached its parser. Node.js gives a whole read to the parser by itself, of which each request
   * becomes objects at once; a listener for data makes it parse what the socket emits. It also resumes the socket after each request.
   *
   * @param memory - Counts the bytes that were read and have not been parsed.
   */
  read(memory: SharedLimit): void {
    const socket = this.#socket;
    const count = (): void => {
      if (socket.destroyed || socket.readableLength === this.#unparsed) return;
      memory.force(this.address, socket.readableLength - this.#unparsed);
      this.#unparsed = socket.readableLength;
    };
    readInPieces(socket, count);
    socket.on('data', () => {
      this.#holdBack();
      count();
    });
    socket.on('resume', () => this.#holdBack());
    socket.once('close', () => {
      memory.give(this.address, this.#unparsed);
      this.#unparsed = 0;
    });
  }

  #holdBack(): void {
    if (this.#queue.length > 0 || this.#last !== undefined) this.#socket.pause();
  }

  /** Who has to act next on the current request. */
  get turn(): 'server' | 'client-sends' | 'client-reads' {
    const socket = this.#socket;
    if (socket.writableLength > 0) return 'client-reads';
    const request = this.#current?.request;
    if (request === undefined || request.complete || socket.isPaused()) return 'server';
    // The server has to empty a full buffer first.
    return request.readableLength < request.readableHighWaterMark ? 'client-sends' : 'server';
  }

  /** The request that is still arriving; `undefined` when its headers have not arrived. */
  get arriving(): IncomingMessage | undefined {
    return [...(this.#current === undefined ? [] : [this.#current]), ...this.#queue].find(
      ({ request }) => !request.complete,
    )?.request;
  }

  /**
   * Looks at how much of the current request has arrived since the last look.
   *
   * @param elapsed - Milliseconds since the last look.
   * @returns Whether the client has been sending for longer than the grace, at less than the rate.
   */
  isTooSlow(elapsed: number, { grace, rate }: { readonly grace: number; readonly rate: number }): boolean {
    const exchange = this.#current;
    const { bytesRead } = this.#socket;
    const received = bytesRead - this.#seen;
    this.#seen = bytesRead;
    if (exchange === undefined || this.turn !== 'client-sends') return false;
    exchange.sendingTime += elapsed;
    exchange.receivedBytes += received;
    return exchange.sendingTime > grace && exchange.receivedBytes < (exchange.sendingTime / 1000) * rate;
  }

  /** Adds a request, which begins after earlier ones. */
  add(exchange: Exchange): void {
    this.requests += 1;
    if (this.#current === undefined) this.#begin(exchange);
    else {
      this.#queue.push(exchange);
      this.#socket.pause();
    }
  }

  /** Ends the connection with a response, after those to earlier requests. Later requests are not read. */
  endWith(status: number, content: RawContent, headers?: readonly string[]): void {
    if (this.#last !== undefined) return;
    this.#last = rawAnswer(status, content, headers);
    // The response is for the request that will never be complete.
    const at = this.#queue.findIndex(({ request }) => !request.complete);
    if (at >= 0) for (const dropped of this.#queue.splice(at)) dropped.left();
    const current = this.#current;
    if (current === undefined) this.#finish();
    else if (!current.request.complete) {
      // Another response cannot follow an incomplete one.
      if (current.response.headersSent) this.#socket.destroy();
      else this.#finish();
    } else this.#socket.pause();
  }

  /** Closes the connection after the current response, or now if there is none. */
  drain(): void {
    this.#draining = true;
    if (this.#current === undefined) this.#socket.destroy();
    else if (!this.#current.response.headersSent) this.#current.response.setHeader('connection', 'close');
  }

  /** Releases the amounts of its requests after the socket was closed. */
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

  /** Writes the last response. A client that does not read it in time loses it. */
  #finish(): void {
    const socket = this.#socket;
    socket.pause();
    socket.end(this.#last ?? Buffer.alloc(0), () => {
      const timer = setTimeout(() => socket.destroy(), LINGER).unref();
      socket.once('close', () => clearTimeout(timer));
    });
  }
}
