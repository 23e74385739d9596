import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerLimits } from '../../config.js';
import type { Metrics } from '../../metrics.js';
import { addressKey } from '../../net/address-key.js';
import { afterReading } from './after-reading.js';
import { Connection, type Exchange } from './connection.js';
import { OverloadError, type RefusalReason } from './overload-error.js';
import { type ContentFor, refuseExpectation, textOf } from './raw-answer.js';
import { SharedLimit } from './shared-limit.js';

/** Responses up to this size are sent regardless of memory use, so that refusals get through. */
const SMALL_ANSWER = 64 * 1024;

/** Maximum pipelined requests waiting on one connection; more arrive only in one burst. */
const MOST_WAITING = 1000;

/** Requests waiting on one connection up to which it ends with a response when no more may wait in total. */
const FEW_WAITING = 10;

/** Milliseconds between two looks at how fast requests arrive. */
const LOOK = 5000;

/** A server that knows whether to respond to a client that has closed its side of the connection. */
type HalfOpenServer = Server & { httpAllowHalfOpen?: boolean };
/** Milliseconds after which an idle connection is closed. */
const KEEP_ALIVE = 72_000;

/**
 * The admission control for all routes. It handles the requests of a connection in order and stops reading while requests wait. It limits
 * connections, requests, bytes in memory and files of unknown callers, in total and for each address. It ends connections whose clients
 * are silent, but never because of the time that the server takes.
 */
export class Traffic {
  readonly #limits: ServerLimits;
  readonly #metrics: Metrics;
  readonly #connections = new Map<Socket, Connection>();
  readonly #exchanges = new WeakMap<IncomingMessage, Exchange>();
  readonly #sockets: SharedLimit;
  readonly #open: SharedLimit;
  readonly #waiting: SharedLimit;
  readonly #bytes: SharedLimit;
  readonly #unknown: SharedLimit;
  readonly #uploads: SharedLimit;
  readonly #contentFor: ContentFor;
  /** Requests that count as open. */
  readonly #working = new Set<Exchange>();
  #draining = false;

  /** @param contentFor - What to send when a request never becomes complete. Default: its message as text. */
  constructor(limits: ServerLimits, metrics: Metrics, contentFor: ContentFor = textOf) {
    this.#contentFor = contentFor;
    this.#limits = limits;
    this.#metrics = metrics;
    const share = limits.addressShare;
    this.#sockets = new SharedLimit(limits.maxConnections, share);
    this.#open = new SharedLimit(limits.maxOpenRequests, share);
    this.#waiting = new SharedLimit(limits.maxOpenRequests * 10, share);
    this.#bytes = new SharedLimit(limits.maxBufferedBytes, share);
    this.#unknown = new SharedLimit(limits.maxUnknownUploadBytes, share);
    this.#uploads = new SharedLimit(limits.maxUploadBytes, share);
  }

  /** Attaches to a server before it listens. */
  attach(server: Server): void {
    const { headerTimeout, silenceTimeout } = this.#limits;
    server.headersTimeout = headerTimeout;
    server.requestTimeout = 0; // Bodies are limited by the client's silence instead.
    server.keepAliveTimeout = KEEP_ALIVE;
    server.setTimeout(silenceTimeout, (socket) => this.#silent(socket));
    server.prependListener('connection', (socket: Socket) => this.#connected(socket, server));
    server.on('connection', (socket: Socket) => this.#connections.get(socket)?.read(this.#bytes));
    server.on('checkExpectation', (one, other) => this.accept(one, other, refuseExpectation));
    const interval = Math.max(1, Math.min(LOOK, silenceTimeout / 4));
    const looking = setInterval(() => this.#endSlow(interval), interval).unref();
    server.once('close', () => clearInterval(looking));
  }

  /** Accepts a request and passes it on when its turn comes. */
  accept(
    request: IncomingMessage,
    response: ServerResponse,
    handle: (request: IncomingMessage, response: ServerResponse) => void,
  ): void {
    const connection = this.#connections.get(request.socket);
    if (connection === undefined || request.socket.destroyed) return;
    const { address } = connection;
    if (connection.isBusy || connection.isEnding) {
      // The parser keeps every request of a burst until the connection closes, even one that gets no response.
      const isCounted = this.#waiting.take(address);
      if (!isCounted && connection.waiting + connection.ignored > FEW_WAITING) {
        this.#count('waiting');
        request.socket.destroy();
        return;
      }
      if (connection.isEnding || !isCounted || connection.waiting >= MOST_WAITING) {
        if (isCounted) connection.ignored += 1;
        if (connection.isEnding) return;
        this.#count('waiting');
        this.#endWith(connection, 503, new OverloadError('waiting').message, ['Retry-After: 2']);
        return;
      }
    }
    const exchange: Exchange = {
      request,
      response,
      address,
      bytes: 0,
      unknownBytes: 0,
      uploadBytes: 0,
      sendingTime: 0,
      receivedBytes: 0,
      refusal: undefined,
      begin: () => {
        // A refused request only gets a response.
        const reason = this.#draining ? 'stopping' : this.#open.take(address) ? undefined : 'requests';
        if (reason === undefined) {
          exchange.isOpen = true;
          this.#working.add(exchange);
        } else exchange.refusal = this.refusal(reason);
        if (this.#draining) response.setHeader('connection', 'close');
        this.#metrics.requestsOpen.set(this.#open.taken);
        handle(request, response);
      },
      left: () => this.#waiting.give(address),
      end: () => {
        exchange.isClosed = true;
        this.#settle(exchange);
      },
      isOpen: false,
      isClosed: false,
      isHandled: false,
    };
    this.#exchanges.set(request, exchange);
    connection.add(exchange);
  }

  /** The reason to refuse a request; `undefined` if it may proceed. */
  refusalOf(request: IncomingMessage): OverloadError | undefined {
    return this.#exchanges.get(request)?.refusal;
  }

  /** Records that work on a request has ended: its response is ready, or it gets none. */
  handled(request: IncomingMessage): void {
    const exchange = this.#exchanges.get(request);
    if (exchange === undefined) return;
    exchange.isHandled = true;
    this.#settle(exchange);
  }

  /**
   * Counts bytes of a request that are in memory until the response is sent.
   *
   * @throws OverloadError if the total or the share of the address is exceeded.
   */
  keepBytes(request: IncomingMessage, bytes: number): void {
    const exchange = this.#exchanges.get(request);
    if (exchange === undefined) return;
    if (!this.#bytes.take(exchange.address, bytes)) throw this.refusal('bytes');
    exchange.bytes += bytes;
  }

  /**
   * Counts a response that is in memory until the client has read it.
   *
   * @throws OverloadError like `keepBytes`, except for a small response.
   */
  keepAnswer(request: IncomingMessage, bytes: number): void {
    if (bytes > SMALL_ANSWER) {
      this.keepBytes(request, bytes);
      return;
    }
    const exchange = this.#exchanges.get(request);
    if (exchange === undefined) return;
    this.#bytes.force(exchange.address, bytes);
    exchange.bytes += bytes;
  }

  /**
   * Counts bytes on disk of an upload until the response is sent.
   *
   * @param isKnown - Whether the caller has presented credentials.
   * @throws OverloadError if the total or the share of the address is exceeded.
   */
  keepUpload(request: IncomingMessage, bytes: number, isKnown: boolean): void {
    const exchange = this.#exchanges.get(request);
    if (exchange === undefined) return;
    if (isKnown) {
      if (!this.#uploads.take(exchange.address, bytes)) throw this.refusal('uploads');
      exchange.uploadBytes += bytes;
    } else {
      if (!this.#unknown.take(exchange.address, bytes)) throw this.refusal('unknown-uploads');
      exchange.unknownBytes += bytes;
    }
  }

  /** Handles a parser error of a connection. */
  clientError(error: NodeJS.ErrnoException, socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined || !socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
      const { requests } = connection;
      afterReading(() => {
        // The headers stopped while the server was working on earlier requests, or were waiting to be read.
        if (connection.isBusy || connection.requests > requests || socket.destroyed) return;
        this.#count('silence');
        this.#endWith(connection, 408, 'the headers of the request did not arrive in time');
      });
    } else if (error.code === 'HPE_HEADER_OVERFLOW')
      this.#endWith(connection, 431, 'the headers of the request are too large');
    else this.#endWith(connection, 400, 'the request is not valid HTTP');
  }

  /** Lets open requests finish, refuses new ones, and closes idle connections. */
  drain(): void {
    this.#draining = true;
    for (const connection of this.#connections.values()) connection.drain();
  }

  /**
   * Ends the connections of requests that have no response yet, and waits until the work on them has ended.
   *
   * @param timeout - Milliseconds to wait at most.
   * @returns The number of requests that are still at work.
   */
  async abandon(timeout: number): Promise<number> {
    const abandoned = [...this.#working].filter(({ response }) => !response.headersSent);
    for (const { request } of abandoned) request.socket.destroy();
    const atWork = (): number => abandoned.filter((each) => this.#working.has(each)).length;
    for (const deadline = performance.now() + timeout; ; ) {
      if (atWork() === 0 || performance.now() >= deadline) return atWork();
      await delay(5);
    }
  }

  /** Ends all connections immediately. */
  destroy(): void {
    for (const socket of this.#connections.keys()) socket.destroy();
  }

  /** Counts a refusal and creates its error. */
  refusal(reason: RefusalReason): OverloadError {
    this.#count(reason);
    return new OverloadError(reason);
  }

  #connected(socket: Socket, server: Server): void {
    const address = addressKey(socket.remoteAddress);
    if (this.#draining || !this.#sockets.take(address)) {
      this.#count(this.#draining ? 'stopping' : 'connections');
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, address);
    this.#connections.set(socket, connection);
    socket.once('end', () => {
      // Node.js reads the property next, for this connection. Its type declarations lack it.
      (server as HalfOpenServer).httpAllowHalfOpen = connection.answersHalfClosed;
    });
    socket.once('close', () => {
      this.#connections.delete(socket);
      this.#sockets.give(address);
      this.#waiting.give(address, connection.ignored);
      connection.closed();
    });
  }

  #silent(socket: Socket): void {
    const connection = this.#connections.get(socket);
    const { bytesRead } = socket;
    afterReading(() => {
      if (socket.destroyed || socket.bytesRead > bytesRead) return;
      // The server is working, and the client has to wait.
      if (connection?.isBusy && connection.turn === 'server') {
        socket.setTimeout(this.#limits.silenceTimeout);
        return;
      }
      if (connection?.isBusy) this.#count('silence');
      if (connection?.isBusy && connection.turn === 'client-sends')
        this.#endWith(connection, 408, 'the body of the request did not arrive in time');
      else socket.destroy();
    });
  }

  /** Ends requests that arrive so slowly that they would keep their places for hours. */
  #endSlow(elapsed: number): void {
    const { silenceTimeout: grace, minReceiveRate: rate } = this.#limits;
    for (const connection of this.#connections.values()) {
      if (!connection.isTooSlow(elapsed, { grace, rate })) continue;
      this.#count('slowness');
      this.#endWith(connection, 408, `the request arrives at less than ${rate} bytes per second`);
    }
  }

  #endWith(connection: Connection, status: number, message: string, headers?: readonly string[]): void {
    connection.endWith(status, this.#contentFor(connection.arriving?.url, status, message), headers);
  }

  /** Releases the amounts of a request once its response is closed and work on it has ended. */
  #settle(exchange: Exchange): void {
    const { address, response } = exchange;
    if (!exchange.isClosed || !(exchange.isHandled || response.writableEnded)) return;
    if (exchange.isOpen) this.#open.give(address);
    this.#bytes.give(address, exchange.bytes);
    this.#unknown.give(address, exchange.unknownBytes);
    this.#uploads.give(address, exchange.uploadBytes);
    exchange.isOpen = false;
    this.#working.delete(exchange);
    exchange.bytes = 0;
    exchange.unknownBytes = 0;
    exchange.uploadBytes = 0;
    this.#metrics.requestsOpen.set(this.#open.taken);
  }

  #count(reason: RefusalReason): void {
    this.#metrics.refused.inc({ reason });
  }
}
