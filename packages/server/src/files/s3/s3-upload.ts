import { type FileHandle, open } from 'node:fs/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import { StorageError } from '../../storage-problem.js';
import type { ReceivedFile } from '../incoming.js';
import { keyOf } from '../stored-files.js';
import type { S3Client } from './s3-client.js';
import { S3ResponseError } from './s3-problem.js';

/** Bytes of a part. A file with no more than one is uploaded whole. */
const PART = 8 * 2 ** 20;

/** Parts of a file, at most: 10,000 at the service. */
const MAX_PARTS = 9_000;

/** Parts in memory, of all uploads together. */
const PARTS_IN_MEMORY = 8;

/** Milliseconds for which a large file in the store counts as just stored. Cleanups keep files for longer. */
const FRESH = 10 * 60_000;

const BINARY = { 'content-type': 'application/octet-stream' };

/** What the store knows of an object. */
export interface S3Object {
  readonly size: number;
  readonly modified: Date | undefined;
}

/** Asks for an object; `undefined` if there is none. */
export async function headObject(client: S3Client, key: string): Promise<S3Object | undefined> {
  const { status, headers, body } = await client.send({ method: 'HEAD', key, expect: [200, 404] });
  await body.dump();
  if (status === 404) return undefined;
  const size = Number(headers['content-length']);
  if (!Number.isSafeInteger(size)) throw new StorageError('the file store does not give the size of a file');
  const modified = new Date(String(headers['last-modified']));
  return { size, modified: Number.isNaN(modified.getTime()) ? undefined : modified };
}

/** Uploads received files to a bucket, a few parts at once. */
export class S3Uploads {
  readonly #client: S3Client;
  readonly #partBytes: number;
  readonly #limit: LimitFunction = pLimit(PARTS_IN_MEMORY);

  constructor(client: S3Client, partBytes = PART) {
    this.#client = client;
    this.#partBytes = partBytes;
  }

  /**
   * Uploads a file under its hash. It appears there as a whole or not at all.
   *
   * @throws StorageError if the service fails. What was uploaded in parts is removed then, if the service can be reached.
   */
  async upload(file: ReceivedFile): Promise<void> {
    const key = keyOf(file.hash);
    const handle = await open(file.path, 'r');
    try {
      if (file.size <= this.#partBytes) {
        await this.#limit(async () => {
          const body = await partOf(handle, 0, file.size);
          const sent = await this.#client.send({
            method: 'PUT',
            key,
            headers: BINARY,
            body,
            sha256: file.hash,
          });
          await sent.body.dump();
        });
        return;
      }
      if (await this.#isFresh(key, file.size)) return;
      await this.#uploadParts(key, file, handle);
    } finally {
      await handle.close();
    }
  }

  async #uploadParts(key: string, file: ReceivedFile, handle: FileHandle): Promise<void> {
    const begun = await this.#client.document({
      method: 'POST',
      key,
      query: { uploads: '' },
      headers: BINARY,
    });
    const [uploadId] = begun.get('UploadId') ?? [];
    if (uploadId === undefined) throw new StorageError('the file store does not begin an upload');
    try {
      const tags = await this.#sendParts(key, uploadId, file, handle);
      await this.#complete(key, uploadId, tags, file.size);
    } catch (error) {
      await this.abort(key, uploadId).catch(() => undefined);
      throw error;
    }
  }

  async #sendParts(
    key: string,
    uploadId: string,
    { size }: ReceivedFile,
    handle: FileHandle,
  ): Promise<string[]> {
    const partBytes = Math.max(this.#partBytes, Math.ceil(size / MAX_PARTS));
    const starts = Array.from({ length: Math.ceil(size / partBytes) }, (_, at) => at * partBytes);
    const failed = new AbortController();
    const { signal } = failed;
    const sent = starts.map((start, at) =>
      this.#limit(async () => {
        signal.throwIfAborted();
        const body = await partOf(handle, start, Math.min(partBytes, size - start));
        const query = { partNumber: String(at + 1), uploadId };
        const response = await this.#client.send({ method: 'PUT', key, query, body, signal });
        await response.body.dump();
        const tag = response.headers['etag'];
        if (typeof tag !== 'string')
          throw new StorageError('the file store does not confirm a part of a file');
        return tag;
      }),
    );
    try {
      return await Promise.all(sent);
    } catch (error) {
      failed.abort(error);
      // None is on its way when the upload is aborted, and none uses the file when it is closed.
      await Promise.allSettled(sent);
      throw error;
    }
  }

  async #complete(key: string, uploadId: string, tags: readonly string[], size: number): Promise<void> {
    const parts = tags.map(
      (tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${escaped(tag)}</ETag></Part>`,
    );
    const text = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
    try {
      await this.#client.document({
        method: 'POST',
        key,
        query: { uploadId },
        headers: { 'content-type': 'application/xml' },
        body: Buffer.from(text),
      });
    } catch (error) {
      // If the response to an earlier attempt was lost, the upload is complete and gone.
      if (!(await this.#isFresh(key, size))) throw error;
      await this.abort(key, uploadId).catch(() => undefined);
    }
    if ((await headObject(this.#client, key))?.size !== size)
      throw new StorageError('the file store did not keep a file as it was sent');
  }

  /** Whether a file was stored a short time ago, by whoever. */
  async #isFresh(key: string, size: number): Promise<boolean> {
    const found = await headObject(this.#client, key);
    return found?.size === size && Date.now() - (found.modified?.getTime() ?? 0) < FRESH;
  }

  /** Removes what was uploaded of a file. */
  async abort(key: string, uploadId: string): Promise<void> {
    const { body } = await this.#client.send({
      method: 'DELETE',
      key,
      query: { uploadId },
      expect: [200, 204, 404],
    });
    await body.dump();
  }
}

/** The service's code in an error. */
export function codeOf(error: unknown): string | undefined {
  const cause = error instanceof StorageError ? error.cause : error;
  return cause instanceof S3ResponseError ? cause.code : undefined;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Bytes of a file. */
async function partOf(handle: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const part = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(part, filled, length - filled, start + filled);
    if (bytesRead === 0) throw new Error('a received file has become shorter');
    filled += bytesRead;
  }
  return part;
}
