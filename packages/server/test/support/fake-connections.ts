// Sockets, requests and responses without a network, whose state a test sets.
import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Exchange } from '../../src/http/traffic/connection.js';

/** A socket that records what is done to it. */
export class FakeSocket extends EventEmitter {
  remoteAddress: string | undefined;
  writable = true;
  destroyed = false;
  writableLength = 0;
  bytesRead = 0;
  readableLength = 0;
  paused = false;
  /** Text of the last response. */
  ended: string | undefined;
  /** Called by Node.js when the last response is written. */
  flushed: () => void = () => undefined;
  timeout: number | undefined;

  constructor(remoteAddress: string | undefined = '192.0.2.1') {
    super();
    this.remoteAddress = remoteAddress;
  }

  push(): boolean {
    return true;
  }

  isPaused(): boolean {
    return this.paused;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  setTimeout(timeout: number): void {
    this.timeout = timeout;
  }

  end(content?: Buffer, flushed?: () => void): void {
    this.writable = false;
    this.ended = content?.toString() ?? '';
    if (flushed !== undefined) this.flushed = flushed;
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.writable = false;
    this.emit('close');
  }

  /** The socket for code that touches nothing else of it. */
  get real(): Socket {
    return this as unknown as Socket;
  }
}

/** A request whose body a test lets arrive. */
export class FakeRequest {
  url: string | undefined = '/';
  complete = true;
  readableLength = 0;
  readableHighWaterMark = 100;
  readonly socket: FakeSocket;

  constructor(socket: FakeSocket, more: Partial<Pick<FakeRequest, 'url' | 'complete'>> = {}) {
    this.socket = socket;
    Object.assign(this, more);
  }

  /** The request for code that touches nothing else of it. */
  get real(): IncomingMessage {
    return this as unknown as IncomingMessage;
  }
}

/** A response that a test ends. */
export class FakeResponse extends EventEmitter {
  headersSent = false;
  writableEnded = false;
  readonly headers: Record<string, string> = {};

  setHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  /** The client has read it, or can no longer do so. */
  close(): void {
    this.emit('close');
  }

  /** It was written and read. */
  finish(): void {
    this.headersSent = true;
    this.writableEnded = true;
    this.close();
  }

  /** The response for code that touches nothing else of it. */
  get real(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

/** A server that accepts connections when a test says so. */
export class FakeServer extends EventEmitter {
  headersTimeout = 0;
  requestTimeout = 1;
  keepAliveTimeout = 0;
  httpAllowHalfOpen: boolean | undefined;
  timeout: number | undefined;
  /** What the server does with a socket that was silent for the timeout. */
  silent: (socket: Socket) => void = () => undefined;

  setTimeout(timeout: number, silent: (socket: Socket) => void): void {
    this.timeout = timeout;
    this.silent = silent;
  }

  /** The server for code that touches nothing else of it. */
  get real(): Server {
    return this as unknown as Server;
  }
}

/** A request with its response, which records what a connection does with it. */
export class FakeExchange implements Exchange {
  readonly address = 'a';
  bytes = 0;
  unknownBytes = 0;
  uploadBytes = 0;
  sendingTime = 0;
  receivedBytes = 0;
  isOpen = false;
  isClosed = false;
  isHandled = false;
  refusal = undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly fakeRequest: FakeRequest;
  readonly fakeResponse = new FakeResponse();
  /** `begin`, `left` and `end`, in order. */
  readonly calls: string[] = [];

  constructor(socket: FakeSocket, more: Partial<Pick<FakeRequest, 'url' | 'complete'>> = {}) {
    this.fakeRequest = new FakeRequest(socket, more);
    this.request = this.fakeRequest.real;
    this.response = this.fakeResponse.real;
  }

  begin(): void {
    this.calls.push('begin');
  }

  left(): void {
    this.calls.push('left');
  }

  end(): void {
    this.calls.push('end');
  }
}
