import type { IncomingMessage } from 'node:http';
import type { Traffic } from './traffic/traffic.js';

/** A body that cannot be accepted. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  readonly statusCode: 400 | 408 | 413;

  constructor(statusCode: 400 | 408 | 413, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** Limits on a body. */
export interface BodyLimits {
  readonly maxBytes: number;
  /** Timeout for receiving the whole body, in milliseconds. */
  readonly timeout: number;
}

/**
 * Reads a body into memory, where it is counted until the response is sent.
 *
 * @throws BodyError if the body is too large, arrives too slowly or ends early; OverloadError if too much is in memory.
 */
export function readBody(request: IncomingMessage, traffic: Traffic, limits: BodyLimits): Promise<Buffer> {
  const { maxBytes, timeout } = limits;
  return new Promise((resolve, reject) => {
    const tooLarge = () => new BodyError(413, `the request is larger than ${maxBytes} bytes`);
    if (Number(request.headers['content-length']) > maxBytes) {
      reject(tooLarge());
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    const stop = (): void => {
      clearTimeout(timer);
      request.off('data', take).off('end', complete).off('close', closed);
    };
    const end = (error: Error): void => {
      stop();
      // The rest is discarded.
      request.pause();
      reject(error);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > maxBytes) {
        end(tooLarge());
        return;
      }
      try {
        traffic.keepBytes(request, chunk.length);
        chunks.push(chunk);
      } catch (error) {
        end(error as Error); // Only an OverloadError.
      }
    };
    const fail = (error: Error): void =>
      end(new BodyError(400, `the request was interrupted: ${error.message}`));
    const complete = (): void => {
      stop();
      resolve(Buffer.concat(chunks));
    };
    const closed = (): void => end(new BodyError(400, 'the request ended early'));
    const timer = setTimeout(
      () => end(new BodyError(408, `the request did not arrive within ${timeout} ms`)),
      timeout,
    );
    // Keeps the error listener: an error may follow when the connection is closed.
    request.on('data', take).once('end', complete).on('error', fail).once('close', closed);
  });
}
