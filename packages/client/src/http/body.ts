import type { Readable } from 'node:stream';
import { withinTime } from '../deadline.js';

/** What could be read of a body. */
export interface BodyBytes {
  readonly bytes: Buffer;
  /** Why it is not the whole body: what broke it, or the reason of the signal. */
  readonly problem: unknown;
}

/** More bytes than a body may have. */
export class TooLong extends Error {}

/**
 * Reads a body to its end, its break or the abort of the signal, whichever comes first; nothing that the body fails to report can
 * delay that.
 */
export function readBytes(body: Readable, most: number, signal: AbortSignal | undefined): Promise<BodyBytes> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const end = (problem: unknown): void => {
      signal?.removeEventListener('abort', abort);
      body.off('data', take);
      // Later errors of the body concern nobody.
      body.on('error', () => undefined);
      if (problem !== undefined) body.destroy();
      resolve({ bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks), problem });
    };
    const abort = (): void => end(signal?.reason ?? new Error('aborted'));
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > most) end(new TooLong(`the answer is longer than ${most} bytes`));
      else chunks.push(chunk);
    };
    if (signal?.aborted) {
      abort();
      return;
    }
    // What has ended already says so no more.
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
 * @throws TimeoutError when nothing arrives for `timeout` milliseconds. The time that the consumer takes does not count.
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
