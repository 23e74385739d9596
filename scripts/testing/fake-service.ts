// A server on loopback that speaks the service's protocol, for the tests of all packages. What it answers, a test decides.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Operations, contract as ofSmartCrops } from '@ips-sdk/types/2019-09-10-beta';
import {
  codec,
  createCodec,
  type DecodedRequest,
  type FaultDetails,
  findMessage,
  IpsFault,
} from '@ips-sdk/wire';
import { onTestFinished } from 'vitest';

/** A received request. */
export interface ReceivedRequest {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly decoded: DecodedRequest;
  readonly headers: IncomingMessage['headers'];
  readonly xml: string;
  /** The number of its connection, from 1. */
  readonly connection: number;
}

/** What a handler answers besides an output. */
export class Reply {
  readonly send: (response: ServerResponse, request: ReceivedRequest) => void;

  constructor(send: Reply['send']) {
    this.send = send;
  }
}

/** A fault, as the service answers it: with status 500 unless another one is given. */
export function fault(details: FaultDetails, status: number = 500): Reply {
  return raw(codec.encodeFault(details), status);
}

/** Text of any kind. */
export function raw(
  text: string | Buffer,
  status: number = 200,
  headers: Record<string, string> = {},
): Reply {
  return new Reply((response) => {
    response.writeHead(status, { 'Content-Type': 'text/xml;charset=utf-8', ...headers });
    response.end(text);
  });
}

/** An output without some fields that the contract requires, as the live service sends it. */
export function lacking(output: object, ...fields: string[]): Reply {
  return new Reply((response, { operation }) => {
    let xml = codec.encodeResponse(operation as 'getActiveJobs', output as never);
    for (const field of fields) {
      xml = xml.replace(new RegExp(`<${field}>[^<]*</${field}>|<${field}/>`, 'g'), '');
    }
    response.writeHead(200, { 'Content-Type': 'text/xml;charset=utf-8' });
    response.end(xml);
  });
}

/** A compressed output. */
export function zipped(output: object, cut?: number): Reply {
  return new Reply((response, { operation }) => {
    const bytes = gzipSync(codec.encodeResponse(operation as 'getActiveJobs', output as never));
    response.writeHead(200, { 'Content-Type': 'text/xml;charset=utf-8', 'Content-Encoding': 'gzip' });
    response.end(cut === undefined ? bytes : bytes.subarray(0, cut));
  });
}

/** The beginning of an output and nothing more: the connection stays open, or breaks. */
export function partly(output: object, characters: number, end: 'hangs' | 'breaks'): Reply {
  return new Reply((response, { operation }) => {
    const xml = codec.encodeResponse(operation as 'getActiveJobs', output as never);
    response.writeHead(200, {
      'Content-Type': 'text/xml;charset=utf-8',
      'Content-Length': String(Buffer.byteLength(xml)),
    });
    response.write(xml.slice(0, characters), () => {
      if (end === 'breaks') response.destroy();
    });
  });
}

/** No answer at all. */
export const silence: Reply = new Reply(() => undefined);
/** The connection ends before an answer. */
export const hangUp: Reply = new Reply((response) => response.destroy());

type Answer = object | Reply | undefined;

/** Answers a call of one operation. An {@link IpsFault} that it throws is answered as {@link fault} does. */
export type Handler<Name extends keyof Operations = keyof Operations> = (
  input: Operations[Name]['input'],
  request: ReceivedRequest,
) => Answer | Promise<Answer>;

export type Handlers = { readonly [Name in keyof Operations]?: Handler<Name> };

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that speaks the service's protocol, and answers as its handlers do. */
export interface FakeService {
  readonly endpoint: string;
  readonly uploadEndpoint: string;
  readonly port: number;
  readonly requests: readonly ReceivedRequest[];
  /** The names of the operations that were called, in order. */
  operations(): string[];
  on<Name extends keyof Operations>(operation: Name, handler: Handler<Name>): void;
  /** Answers on a path, such as that of the servlet, instead of the handlers; without a listener they answer again. */
  onPath(path: string, listener: Listener | undefined): void;
}

const smartCrops = createCodec(ofSmartCrops);

const SERVICE = '/scene7/services/IpsApiService';
const PLAIN = '/scene7/api/IpsApiService';

/** Starts a service that ends with the test. */
export async function startService(handlers: Handlers = {}): Promise<FakeService> {
  const service = await openService(handlers);
  onTestFinished(service.stop);
  return service;
}

/**
 * Starts a service that its caller ends.
 *
 * @param admit - Looks at each request before its handler does, and may throw an {@link IpsFault}.
 */
export async function openService(
  handlers: Handlers = {},
  admit: (request: ReceivedRequest) => void = () => undefined,
): Promise<FakeService & { readonly stop: () => Promise<void> }> {
  const known = new Map(
    Object.entries(handlers) as [string, (input: never, request: ReceivedRequest) => ReturnType<Handler>][],
  );
  const paths = new Map<string, Listener>();
  const requests: ReceivedRequest[] = [];
  const connections = new Map<Socket, number>();
  const server = createServer((request, response) => {
    // In many tests the client breaks the connection.
    response.on('error', () => undefined);
    const listener = paths.get(request.url ?? '');
    if (listener !== undefined) return listener(request, response);
    void answer(request, response);
  });
  server.on('connection', (socket) => connections.set(socket, connections.size + 1));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || (request.url !== SERVICE && request.url !== PLAIN)) {
      response.writeHead(404, { 'Content-Type': 'text/html' });
      response.end('<html><body><h1>Not Found</h1></body></html>');
      return;
    }
    const xml = await readAll(request).catch(() => undefined);
    if (xml === undefined) return;
    const spoken = codecFor(xml.toString());
    const decoded = spoken.decodeRequest(xml.toString());
    const received: ReceivedRequest = {
      operation: decoded.operation,
      input: decoded.input as Record<string, unknown>,
      decoded,
      headers: request.headers,
      xml: xml.toString(),
      connection: connections.get(request.socket) ?? 0,
    };
    requests.push(received);
    const output = await outputOf(received);
    if (output instanceof Reply) return output.send(response, received);
    const dialect = request.url === PLAIN ? 'plain' : 'soap';
    response.writeHead(200, { 'Content-Type': 'text/xml;charset=utf-8' });
    const { soapVersion, namespace } = decoded;
    response.end(
      spoken.encodeResponse(decoded.operation as 'stopJob', (output ?? {}) as never, {
        dialect,
        soapVersion,
        namespace,
      }),
    );
  }

  async function outputOf(request: ReceivedRequest): Promise<Answer> {
    try {
      admit(request);
      const handler = known.get(request.operation);
      if (handler === undefined)
        throw new IpsFault({ kind: 'api', code: 30000, reason: `no handler for ${request.operation}` });
      return await handler(request.input as never, request);
    } catch (error) {
      if (error instanceof IpsFault) return fault(error);
      throw error;
    }
  }

  await listen(server);
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}${SERVICE}`,
    uploadEndpoint: `http://127.0.0.1:${port}/scene7/UploadFile`,
    port,
    requests,
    operations: () => requests.map(({ operation }) => operation),
    on: (operation, handler) => void known.set(operation, handler as never),
    onPath: (path, listener) => {
      if (listener === undefined) paths.delete(path);
      else paths.set(path, listener);
    },
    stop: () => stop(server),
  };
}

/** The codec for the contract of a request: that of smart crops in its namespace, else the default one. */
function codecFor(xml: string): Pick<typeof codec, 'decodeRequest' | 'encodeResponse'> {
  return findMessage(xml)?.namespace === ofSmartCrops.messageNamespace ? smartCrops : codec;
}

/** Listens on a free port of the loopback. */
export function listen(server: Pick<Server, 'listen'>): Promise<void> {
  return new Promise((resolve) => void server.listen(0, '127.0.0.1', resolve));
}

/** Ends a server with all of its connections. */
export function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Reads a request to its end. */
export async function readAll(request: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
