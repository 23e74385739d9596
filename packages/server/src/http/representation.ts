import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ByteRange, preconditionStatus, requestedRange, type Validators } from './preconditions.js';

/** The content of a representation. */
export interface Content {
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** The bytes of a range. */
  read(range: ByteRange): Readable | Uint8Array;
}

/** What a resource answers to GET and HEAD. */
export interface Representation extends Validators {
  /** Headers of every answer about it: `cache-control`, `vary`, `content-disposition` and the like. */
  readonly headers: Readonly<Record<string, string>>;
  /** Called only when the answer has content. */
  load(): Promise<Content>;
}

/** Answers a GET or HEAD with a representation, a part of it, or what its conditions call for: 200, 206, 304, 412 or 416. */
export async function sendRepresentation(
  request: FastifyRequest,
  reply: FastifyReply,
  representation: Representation,
): Promise<FastifyReply> {
  const { method, headers } = request;
  const now = new Date();
  const { etag } = representation;
  // A date in the future, such as that of a clock which a test sets, must not be sent.
  const lastModified =
    representation.lastModified !== undefined && representation.lastModified > now
      ? now
      : representation.lastModified;
  const validators = { etag, lastModified };
  reply.headers(representation.headers).header('etag', etag);
  const status = preconditionStatus(method, headers, validators);
  if (status === 412) {
    return reply
      .code(412)
      .type('text/plain; charset=utf-8')
      .send('a condition of the request does not hold for the current state');
  }
  if (lastModified !== undefined) reply.header('last-modified', lastModified.toUTCString());
  if (status === 304) return reply.code(304).send();
  const content = await representation.load();
  reply.header('accept-ranges', 'bytes');
  const range = requestedRange(method, headers, validators, content.size);
  if (range === 'unsatisfiable') {
    return reply
      .code(416)
      .header('content-range', `bytes */${content.size}`)
      .type('text/plain; charset=utf-8')
      .send(`the range is not in the ${content.size} bytes`);
  }
  const { start, end } = range ?? { start: 0, end: content.size };
  if (range !== undefined)
    reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${content.size}`);
  reply.type(content.mediaType).header('content-length', end - start);
  return method === 'HEAD' || start === end ? reply.send('') : reply.send(content.read({ start, end }));
}
