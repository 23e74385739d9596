import type { Readable } from 'node:stream';
import { withinTime } from '../deadline.js';

/** The part of a body that could be read. */
export interface BodyBytes {
  readonly bytes: Buffer;
  /** Why the body is incomplete: its error, or the reason of the signal. */
  readonly problem: unknown;
}

/** A body with too many bytes. */
export class TooLong extends Error {}

/**
 * Reads a body until it ends or fails, or the signal is aborted. A body that reports neither its end nor an error cannot delay an abort.
 */
export function readBytes(body: Readable, most: number, signal: AbortSignal | undefined): Promise<BodyBytes> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (problem: unknown): void => {
      signal?.removeEventListener('abort', abort);
      body.off('data', take);
      // Later errors of the body have no effect.
      body.on('error', () => undefined);
      if (problem !== undefined) body.destroy();
      resolve({ bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks), problem });
    };
    const abort = (): void => end(signal?.reason ?? new Error('aborted'));
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > most) end(new TooLong(`the response is longer than ${most} bytes`));
      else chunks.push(chunk);
    };
    if (signal?.aborted) {
      abort();
      return;
    }
    // A body that has already ended emits no more events.
    if (body.destroyed || body.readableEnded) {
      end(body.readableEnded ? undefined : (body.errored ?? new Error('aborted')));
      return;
    }
    signal?.addEventListener('abort', abort, { once: true });
    body.once('end', () => end(undefined));
    body.once('error', end);
    body.once('close', () => end(body.readableEnded ? undefined : (body.errored ?? new Error('aborted'))));
    body.on('data', take);
  });
}

/**
 * Streams a body of any length.
 *
 * @throws TimeoutError when no data arrives for `timeout` milliseconds. The time of the consumer does not count.
 * @throws The signal's reason when it is aborted.
 */
export async function* readChunks(
  body: Readable,
  operation: string,
  timeout: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  try {
    for (;;) {
      const { value, done } = await withinTime(chunks.next(), operation, timeout, signal);
      if (done) return;
      yield value;
    }
  } finally {
    body.destroy();
  }
}
