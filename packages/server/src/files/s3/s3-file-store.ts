import { join } from 'node:path';
import { Readable } from 'node:stream';
import { StorageError, storageProblem } from '../../storage-problem.js';
import { IncomingFiles, type ReceivedFile } from '../incoming.js';
import { LocalCopies } from '../local-copies.js';
import {
  type DownloadOptions,
  type FileContent,
  type FileStore,
  keyOf,
  type PutOptions,
  type StagedFile,
  type StoredFile,
} from '../stored-files.js';
import { recordUnused, type UnusedRecord } from '../unused-record.js';
import { S3Client, type S3Patience } from './s3-client.js';
import { type FileRange, s3Content } from './s3-download.js';
import { readText, S3Identity, writeText } from './s3-identity.js';
import type { S3Location } from './s3-location.js';
import { S3ResponseError } from './s3-problem.js';
import { codeOf, headObject, type S3Object, S3Uploads } from './s3-upload.js';

/** Options of a store in an S3-compatible service. */
export interface S3FileStoreOptions {
  readonly location: S3Location;
  /** A directory on the local disk for files that are being received, and for copies. */
  readonly directory: string;
  /** Most bytes of the copies. */
  readonly maxCopyBytes: number;
  /** Whether `downloadUrl` gives URLs of the service. */
  readonly presignedDownloads: boolean;
  readonly patience?: Partial<S3Patience> | undefined;
  /** Bytes of the parts of an upload. A service takes no less than 5 MiB. */
  readonly partBytes?: number | undefined;
  /** Milliseconds for which copies stay after their last use. */
  readonly copyGrace?: number | undefined;
}

/** Seconds for which a download can begin at a URL of the service. */
const PRESIGNED = 300;

/** Milliseconds for which the result of a check is used again, and that a check takes at most. */
const CHECKED = 2000;
const CHECK_TIMEOUT = 2500;

/** Keys of objects that are not files. */
const PROBE = 'probe';
const UNUSED = 'unused.json';

/** Codes and statuses of services that have no list of uploads, or do not show it. */
const NO_UPLOADS: readonly number[] = [403, 405, 501];

/**
 * A store in a bucket of an S3-compatible service, under the same keys as in a directory: `ab/cd/abcd…`. An object is written once, with the
 * content that its key is the hash of, so that it does not matter who writes first, or last. Files arrive on the local disk, because their
 * hash is known only then.
 */
export class S3FileStore implements FileStore {
  readonly #client: S3Client;
  readonly #identity: S3Identity;
  readonly #uploads: S3Uploads;
  readonly #incoming: IncomingFiles;
  readonly #copies: LocalCopies;
  readonly #presigned: boolean;
  readonly #fetching = new Map<string, Promise<void>>();
  #check: { readonly at: number; readonly result: Promise<string | undefined> } | undefined;

  constructor(options: S3FileStoreOptions) {
    this.#client = new S3Client(options.location, options.patience);
    this.#identity = new S3Identity(this.#client);
    this.#uploads = new S3Uploads(this.#client, options.partBytes);
    this.#incoming = new IncomingFiles(options.directory);
    const copies = join(options.directory, 'copies');
    this.#copies = new LocalCopies(copies, this.#incoming, options.maxCopyBytes, options.copyGrace);
    this.#presigned = options.presignedDownloads;
  }

  /** Creates the local directory if it is missing. */
  open(): Promise<void> {
    return this.#incoming.open();
  }

  async put(content: FileContent, options: PutOptions = {}): Promise<StoredFile> {
    return this.#kept(await this.#incoming.receive(content, options));
  }

  async stage(content: FileContent, options: PutOptions = {}): Promise<StagedFile> {
    const received = await this.#incoming.receive(content, options);
    const { hash, size, path } = received;
    return {
      hash,
      size,
      keep: () => this.#keep(received),
      discard: () => this.#incoming.discard(path),
    };
  }

  async putWritten(write: (path: string) => Promise<unknown>): Promise<StoredFile> {
    return this.#kept(await this.#incoming.receiveWritten(write));
  }

  async #kept(received: ReceivedFile): Promise<StoredFile> {
    try {
      await this.#keep(received);
    } catch (error) {
      await this.#incoming.discard(received.path).catch(() => undefined);
      throw error;
    }
    return { hash: received.hash, size: received.size };
  }

  /** Uploads a received file. It is a copy then, because it is used next. */
  async #keep(received: ReceivedFile): Promise<void> {
    try {
      await Promise.all([this.#uploads.upload(received), this.#identity.check()]);
    } catch (error) {
      throw this.#incoming.errorOf(error);
    }
    await this.#copies.adopt(received);
  }

  read(hash: string, range?: FileRange): Readable {
    const stop = new AbortController();
    const content = s3Content(this.#client, hash, range, stop.signal);
    return new Readable({
      read() {
        content.next().then(
          ({ done, value }) => this.push(done === true ? null : value),
          (error: Error) => this.destroy(error),
        );
      },
      // A reader that leaves does not wait for a response.
      destroy(error, done) {
        stop.abort();
        content.return(undefined).then(
          () => done(error),
          () => done(error),
        );
      },
    });
  }

  async path(hash: string): Promise<string> {
    const path = this.#copies.pathOf(hash);
    if (await this.#copies.has(hash)) return path;
    const running = this.#fetching.get(hash) ?? this.#fetch(hash).finally(() => this.#fetching.delete(hash));
    this.#fetching.set(hash, running);
    await running;
    return path;
  }

  /** Copies a file to the local disk, if the store has it. */
  async #fetch(hash: string): Promise<void> {
    const content = s3Content(this.#client, hash, undefined, new AbortController().signal);
    let received: ReceivedFile;
    try {
      received = await this.#incoming.receive(content);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    if (received.hash !== hash) {
      await this.#incoming.discard(received.path);
      throw new StorageError('a file in the file store is damaged');
    }
    await this.#copies.adopt(received);
  }

  async size(hash: string): Promise<number | undefined> {
    return (await this.#head(hash))?.size;
  }

  async modified(hash: string): Promise<Date | undefined> {
    return (await this.#head(hash))?.modified;
  }

  async #head(hash: string): Promise<S3Object | undefined> {
    const found = await headObject(this.#client, keyOf(hash));
    if (found === undefined) await this.check();
    return found;
  }

  async delete(hash: string): Promise<void> {
    await this.#copies.remove(hash);
    await this.#remove(keyOf(hash));
  }

  async #remove(key: string): Promise<void> {
    const { body } = await this.#client.send({ method: 'DELETE', key, expect: [200, 204, 404] });
    await body.dump();
  }

  async *list(): AsyncIterable<string> {
    const { prefix } = this.#client.location;
    let token: string | undefined;
    do {
      const page = await this.#client.document({
        method: 'GET',
        query: {
          'list-type': '2',
          'max-keys': '1000',
          ...(prefix === '' ? {} : { prefix }),
          ...(token === undefined ? {} : { 'continuation-token': token }),
        },
      });
      for (const key of page.get('Contents/Key') ?? []) {
        const hash = key.slice(-64);
        if (/^[0-9a-f]{64}$/.test(hash) && key === `${prefix}${keyOf(hash)}`) yield hash;
      }
      const next =
        page.get('IsTruncated')?.[0] === 'true' ? page.get('NextContinuationToken')?.[0] : undefined;
      if (next !== undefined && next === token)
        throw new StorageError('the file store lists the same files again');
      token = next;
    } while (token !== undefined);
  }

  async discardStaged(before: Date): Promise<void> {
    await this.#identity.check({ reads: true });
    await this.#incoming.discardBefore(before);
    try {
      for await (const { key, uploadId } of this.#uploadsBefore(before))
        await this.#uploads.abort(key, uploadId);
    } catch (error) {
      const cause = error instanceof StorageError ? error.cause : undefined;
      const hasNone =
        codeOf(error) === 'NotImplemented' ||
        (cause instanceof S3ResponseError && NO_UPLOADS.includes(cause.status));
      if (!hasNone) throw error;
    }
  }

  /** Uploads in parts that nobody completed. */
  async *#uploadsBefore(before: Date): AsyncGenerator<{ readonly key: string; readonly uploadId: string }> {
    const { prefix } = this.#client.location;
    let markers: Readonly<Record<string, string>> | undefined;
    do {
      const page = await this.#client.document({
        method: 'GET',
        query: { uploads: '', ...(prefix === '' ? {} : { prefix }), ...markers },
      });
      const [keys, ids, dates] = ['Key', 'UploadId', 'Initiated'].map(
        (name) => page.get(`Upload/${name}`) ?? [],
      );
      for (const [at, key] of (keys ?? []).entries()) {
        const uploadId = ids?.[at] ?? '';
        const isOld = new Date(dates?.[at] ?? Number.NaN) < before;
        if (uploadId !== '' && isOld && /^[0-9a-f/]{70}$/.test(key.slice(prefix.length)))
          yield { key: key.slice(prefix.length), uploadId };
      }
      const [keyMarker] = page.get('NextKeyMarker') ?? [];
      const [idMarker = ''] = page.get('NextUploadIdMarker') ?? [];
      const hasNext = page.get('IsTruncated')?.[0] === 'true' && keyMarker !== undefined;
      if (hasNext && keyMarker === markers?.['key-marker'] && idMarker === markers?.['upload-id-marker'])
        return;
      markers = hasNext ? { 'key-marker': keyMarker, 'upload-id-marker': idMarker } : undefined;
    } while (markers !== undefined);
  }

  async recordUnused(hashes: Iterable<string>, at: Date): Promise<ReadonlyMap<string, Date>> {
    const record: UnusedRecord = {
      read: () => readText(this.#client, UNUSED),
      write: (text) => (text === undefined ? this.#remove(UNUSED) : writeText(this.#client, UNUSED, text)),
    };
    return recordUnused(record, hashes, at);
  }

  identity(): Promise<string | undefined> {
    return this.#identity.read();
  }

  identify(identity: string): Promise<void> {
    return this.#identity.write(identity);
  }

  expect(identity: string): void {
    this.#identity.expect(identity);
  }

  check(): Promise<void> {
    return this.#identity.check();
  }

  problem(): Promise<string | undefined> {
    // Strangers can ask for it, and each check is a request that costs.
    if (this.#check === undefined || Date.now() - this.#check.at >= CHECKED)
      this.#check = { at: Date.now(), result: this.#problem() };
    return this.#check.result;
  }

  async #problem(): Promise<string | undefined> {
    const local = await this.#incoming.problem();
    if (local !== undefined) return local;
    try {
      const signal = AbortSignal.timeout(CHECK_TIMEOUT);
      await writeText(this.#client, PROBE, 'ips-server writes this to see whether it can\n', {
        attempts: 1,
        signal,
      });
      await this.#identity.check({ reads: true, attempts: 1, signal });
      return undefined;
    } catch (error) {
      if ((error as Error).name === 'TimeoutError') return 'the file store does not respond';
      return storageProblem(error) ?? (error as Error).message;
    }
  }

  async downloadUrl(hash: string, { mediaType, disposition }: DownloadOptions): Promise<string | undefined> {
    if (!this.#presigned) return undefined;
    const query = { 'response-content-type': mediaType, 'response-content-disposition': disposition };
    return this.#client.presigned(keyOf(hash), query, PRESIGNED);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
