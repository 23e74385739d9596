import { StorageError } from '../../storage-problem.js';
import { keyOf } from '../stored-files.js';
import type { S3Client, S3Response } from './s3-client.js';
import { isTransient, storeError } from './s3-problem.js';
import { codeOf } from './s3-upload.js';

/** A part of a file: from `start` up to but not including `end`. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The content of a file in a bucket. It continues where it was when the connection is lost.
 *
 * @throws StorageError if the service fails, an error with the code `ENOENT` if it does not have the file, the signal's
 * reason if it is aborted.
 */
export async function* s3Content(
  client: S3Client,
  hash: string,
  range: FileRange | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let at = range?.start ?? 0;
  let end = range?.end;
  for (let failures = 0; end === undefined || at < end; ) {
    const begin = at;
    const response = await opened(client, hash, { start: at, end }, signal);
    end ??= lengthOf(response);
    try {
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        // Nothing is passed on that was not asked for: not every service takes every range.
        const wanted = chunk.subarray(0, end - at);
        at += wanted.length;
        yield wanted;
        if (at >= end) return;
      }
      if (at < end) throw Object.assign(new Error('the response is too short'), { code: 'ECONNRESET' });
    } catch (error) {
      signal.throwIfAborted();
      failures = at > begin ? 1 : failures + 1;
      if (failures >= client.attempts || !isTransient(error)) throw storeError(error);
      await client.pause(failures, signal);
    }
  }
}

/** A response whose body begins where it should. */
async function opened(
  client: S3Client,
  hash: string,
  { start, end }: { readonly start: number; readonly end: number | undefined },
  signal: AbortSignal,
): Promise<S3Response> {
  const isPart = start > 0 || end !== undefined;
  const range = `bytes=${start}-${end === undefined ? '' : end - 1}`;
  let response: S3Response;
  try {
    response = await client.send({
      method: 'GET',
      key: keyOf(hash),
      headers: isPart ? { range } : {},
      signal,
    });
  } catch (error) {
    if (codeOf(error) !== 'NoSuchKey') throw error;
    throw Object.assign(new Error('the file store does not have the file', { cause: error }), {
      code: 'ENOENT',
    });
  }
  if (!isPart) return response;
  const found = /^bytes (\d+)-/.exec(String(response.headers['content-range']))?.[1];
  if (response.status === 206 && Number(found) === start) return response;
  response.body.destroy();
  throw new StorageError('the file store does not send parts of files');
}

function lengthOf({ headers }: S3Response): number {
  const length = Number(headers['content-length']);
  if (!Number.isSafeInteger(length))
    throw new StorageError('the file store does not give the size of a file');
  return length;
}
