import { addAbortSignal, pipeline, type Readable, Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ItemFailure } from '../failures.js';
import { type FileStore, FileTooLargeError, type StoredFile } from '../files/file-store.js';
import { codingsOf, decoded } from '../net/content-coding.js';
import { FetchError, type FetchOptions, fetchError, guardedFetch } from '../net/guarded-fetch.js';
import { storageProblem } from '../storage-problem.js';

/** Statuses whose content is the file: not, for example, 204 without content, or 206 with a part that was not requested. */
const WITH_FILE: readonly number[] = [200, 203];

/** Maximum attempts if failures may be temporary. */
const ATTEMPTS = 3;

/** Milliseconds before the second attempt. The delay doubles for each further attempt. */
const FIRST_DELAY = 250;

/** Maximum `Retry-After` that is respected, in milliseconds. */
const MAX_RETRY_AFTER = 30_000;

const pause = (milliseconds: number, signal: AbortSignal): Promise<unknown> =>
  sleep(milliseconds, undefined, { signal });

/** Limits of a fetch. */
export interface FetchLimits {
  readonly maxBytes: number;
  /** Timeout for the whole file, in milliseconds. */
  readonly timeout: number;
  readonly allowPrivateAddresses: boolean;
}

/**
 * Fetches a file into the store. Retries after failures that may be temporary, such as a busy server.
 *
 * @param progress - Called with the fraction received, from 0 to 1, if the server sends the length.
 * @param wait - Waits before another attempt.
 * @throws ItemFailure with the reason if it could not be fetched; the signal's reason if aborted.
 */
export async function fetchFile(
  url: string,
  files: FileStore,
  limits: FetchLimits,
  signal: AbortSignal,
  progress: (fraction: number, message?: string) => void,
  wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown> = pause,
): Promise<StoredFile> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchOnce(url, files, limits, signal, progress);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof FetchError)) throw error;
      const delay = Math.max(FIRST_DELAY * 2 ** (attempt - 1), error.retryAfter ?? 0);
      if (!error.transient || attempt >= ATTEMPTS || delay > MAX_RETRY_AFTER) {
        const times = attempt > 1 ? `, ${attempt} times` : '';
        const later =
          error.transient && delay > MAX_RETRY_AFTER
            ? `; Retry-After is ${Math.ceil(delay / 1000)} s, more than the ${MAX_RETRY_AFTER / 1000} s allowed`
            : '';
        throw new ItemFailure(`cannot be fetched: ${error.message}${times}${later}`, { cause: error });
      }
      progress(0, `retrying: ${error.message}`);
      await wait(delay, signal);
    }
  }
}

async function fetchOnce(
  url: string,
  files: FileStore,
  { maxBytes, timeout, allowPrivateAddresses }: FetchLimits,
  signal: AbortSignal,
  progress: (fraction: number) => void,
): Promise<StoredFile> {
  // One deadline for connection and content, also for a server that sends one byte per second.
  const deadline = AbortSignal.timeout(timeout);
  const either = AbortSignal.any([signal, deadline]);
  const options: FetchOptions = { timeout, allowPrivateAddresses, signal };
  const response = await guardedFetch(url, options);
  const { status, headers } = response;
  // A body that is not read completely fails when it is destroyed. Without a listener, that would end the process.
  response.body.on('error', () => undefined);
  const length = Number(headers['content-length']);
  try {
    if (!WITH_FILE.includes(status))
      throw new FetchError(`the server responded with HTTP ${status}, without the file`);
    const codings = codingsOf(headers['content-encoding']);
    if ('wrong' in codings) throw new FetchError(codings.wrong);
    // The length is of the encoded content.
    if (codings.length === 0 && length > maxBytes) throw new FileTooLargeError(maxBytes);
    const body: Readable = addAbortSignal(either, response.body);
    // The pipeline handles what fails in any part of it; an error that nothing listens for would end the process.
    const metered = length > 0 ? pipeline(body, meter(length, progress), () => undefined) : body;
    return await files.put(decoded(metered, codings), { maxBytes });
  } catch (error) {
    response.body.destroy();
    if (error instanceof FileTooLargeError) throw new ItemFailure(error.message, { cause: error });
    if (deadline.aborted) throw new FetchError(`it did not arrive within ${timeout} ms`, true);
    // Errors of the local disk are not the remote server's fault.
    if (storageProblem(error) !== undefined || (error as NodeJS.ErrnoException).code === 'EACCES')
      throw error;
    throw fetchError(error, response.url, options, deadline);
  }
}

function meter(length: number, progress: (fraction: number) => void): Transform {
  let there = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      there += chunk.length;
      progress(there / length);
      done(null, chunk);
    },
  });
}
