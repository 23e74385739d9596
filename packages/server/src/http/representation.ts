import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ByteRange, preconditionStatus, requestedRange, type Validators } from './preconditions.js';

/** The content of a representation. */
export interface Content {
  readonly mediaType: string;
  /** Size in bytes. */
  readonly size: number;
  /** Returns the bytes of a range. */
  read(range: ByteRange): Readable | Uint8Array;
}

/** The representation of a resource for GET and HEAD. */
export interface Representation extends Validators {
  /** Headers of every response: `cache-control`, `vary`, `content-disposition` and similar. */
  readonly headers: Readonly<Record<string, string>>;
  /** Called only if the response has content. */
  load(): Promise<Content>;
}

/** Responds to GET or HEAD with a representation, a part of it, or the status that its conditions require: 200, 206, 304, 412 or 416. */
export async function sendRepresentation(
  request: FastifyRequest,
  reply: FastifyReply,
  representation: Representation,
): Promise<FastifyReply> {
  const { method, headers } = request;
  const now = new Date();
  const { etag } = representation;
  // A date in the future must not be sent; a test can set the clock.
  const lastModified =
    representation.lastModified !== undefined && representation.lastModified > now
      ? now
      : representation.lastModified;
  const validators = { etag, lastModified };
  reply.headers(representation.headers).header('etag', etag);
  const status = preconditionStatus(method, headers, validators);
  if (status === 412) {
    return reply
      .removeHeader('content-encoding')
      .code(412)
      .type('text/plain; charset=utf-8')
      .send('a precondition of the request failed');
  }
  if (lastModified !== undefined) reply.header('last-modified', lastModified.toUTCString());
  if (status === 304) return reply.code(304).send();
  const content = await representation.load();
  reply.header('accept-ranges', 'bytes');
  const range = requestedRange(method, headers, validators, content.size);
  if (range === 'unsatisfiable') {
    return reply
      .removeHeader('content-encoding')
      .code(416)
      .header('content-range', `bytes */${content.size}`)
      .type('text/plain; charset=utf-8')
      .send(`Range: not within the ${content.size} bytes of the content`);
  }
  const { start, end } = range ?? { start: 0, end: content.size };
  if (range !== undefined)
    reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${content.size}`);
  reply.type(content.mediaType).header('content-length', end - start);
  return method === 'HEAD' || start === end ? reply.send('') : reply.send(content.read({ start, end }));
}
