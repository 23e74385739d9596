import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { IpsClient, UploadEvent } from '@ips-sdk/client';
import { makeDirectory } from '../../files/make-directory.js';
import type { UploadFileState, UploadRequest, UploadState } from '../api.js';
import { ConsoleError } from '../problem.js';
import type { Session } from '../session.js';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** An upload on its way from a browser to the service. Its content waits on disk until all of it is there. */
export class Upload {
  readonly id: string;
  /** The one that began it, or its heir. */
  session: Session;
  readonly chunkBytes: number;
  /** That of the company in which it began, whatever the session switches to. */
  #client: IpsClient;
  readonly #companyHandle: string;
  readonly #directory: string;
  readonly #request: UploadRequest;
  readonly #files: Mutable<UploadFileState>[];
  readonly #writing = new Set<number>();
  readonly #abort = new AbortController();
  readonly #onChange: (upload: Upload) => void;
  readonly #jobName: string;
  #phase: UploadState['phase'] = 'receiving';
  #jobHandle: string | undefined;
  #error: string | undefined;
  /** When it is forgotten if nothing more arrives, in milliseconds. */
  expires = 0;

  constructor(given: {
    readonly id: string;
    readonly session: Session;
    readonly chunkBytes: number;
    readonly directory: string;
    readonly request: UploadRequest;
    readonly onChange: (upload: Upload) => void;
  }) {
    this.id = given.id;
    this.session = given.session;
    this.chunkBytes = given.chunkBytes;
    this.#directory = given.directory;
    this.#request = given.request;
    this.#companyHandle = given.session.company.companyHandle;
    this.#client = this.#clientOf(given.session);
    this.#onChange = given.onChange;
    this.#jobName =
      given.request.jobName || `Upload ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`;
    this.#files = given.request.files.map(({ path, size }) => ({
      path,
      size,
      received: 0,
      status: size === 0 ? 'received' : 'receiving',
      warnings: [],
    }));
  }

  get isOpen(): boolean {
    return this.#phase === 'receiving' || this.#phase === 'sending' || this.#phase === 'processing';
  }

  /** Number of files. */
  get files(): number {
    return this.#files.length;
  }

  /** Bytes that it may take on disk. */
  get bytes(): number {
    return this.isOpen ? this.#files.reduce((sum, { size }) => sum + size, 0) : 0;
  }

  get state(): UploadState {
    return {
      id: this.id,
      phase: this.#phase,
      chunkBytes: this.chunkBytes,
      files: this.#files.map((file) => ({ ...file })),
      received: this.#files.reduce((sum, { received }) => sum + received, 0),
      total: this.#files.reduce((sum, { size }) => sum + size, 0),
      jobName: this.#jobName,
      ...(this.#jobHandle === undefined ? {} : { jobHandle: this.#jobHandle }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
      expires: new Date(this.expires).toISOString(),
    };
  }

  /** Whether a session may take it over: that of the same user at the same place and company, after the first has ended. */
  hasHeir({ place, identity, company }: Session): boolean {
    return (
      this.session.isEnded &&
      this.#phase === 'receiving' &&
      place.name === this.session.place.name &&
      identity.user.email === this.session.identity.user.email &&
      company.companyHandle === this.#companyHandle
    );
  }

  /** Continues with the credentials of another session. */
  passTo(heir: Session): void {
    this.session = heir;
    this.#client = this.#clientOf(heir);
  }

  /** Makes the place for the files. */
  async prepare(): Promise<void> {
    await makeDirectory(this.#directory, 0o700);
    for (const [index, { size }] of this.#files.entries())
      if (size === 0) await (await open(this.#path(index), 'w')).close();
  }

  /**
   * Writes a chunk at the end of what has arrived of a file. The last one of all starts the job.
   *
   * @throws ConsoleError if it is not the next chunk.
   */
  async write(index: number, offset: number, chunk: Buffer): Promise<void> {
    const file = this.#files[index];
    if (file === undefined)
      throw new ConsoleError('input', `file: found ${index}, expected 0 to ${this.#files.length - 1}`);
    if (this.#phase !== 'receiving') throw new ConsoleError('conflict', `the upload is ${this.#phase}`);
    if (this.#writing.has(index))
      throw new ConsoleError('conflict', 'another chunk of the file is being written');
    if (offset !== file.received)
      throw new ConsoleError('conflict', `offset: found ${offset}, expected ${file.received}`);
    if (chunk.length === 0 || offset + chunk.length > file.size)
      throw new ConsoleError('input', `the file has ${file.size} bytes, but ${offset + chunk.length} arrive`);
    this.#writing.add(index);
    try {
      const handle = await open(this.#path(index), offset === 0 ? 'w' : 'r+', 0o600);
      try {
        await handle.write(chunk, 0, chunk.length, offset);
      } finally {
        await handle.close();
      }
      file.received = offset + chunk.length;
      if (file.received === file.size) file.status = 'received';
    } finally {
      this.#writing.delete(index);
    }
    this.startIfComplete();
    this.#onChange(this);
  }

  /** Starts the job if every file is there. */
  startIfComplete(): void {
    if (this.#phase !== 'receiving' || this.#files.some(({ received, size }) => received < size)) return;
    this.#phase = 'sending';
    void this.#send();
  }

  async cancel(phase: 'cancelled' | 'failed' = 'cancelled', error?: string): Promise<void> {
    if (!this.isOpen) return;
    this.#phase = phase;
    this.#error = error;
    this.#abort.abort();
    await this.discard();
    this.#onChange(this);
  }

  /** Deletes what is on disk. */
  async discard(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #send(): Promise<void> {
    const { folder, options } = this.#request;
    const sources = this.#files.map(({ path }, index) => ({ path: this.#path(index), destPath: path }));
    try {
      await this.#client.uploadFiles(sources, {
        destFolder: folder,
        name: this.#jobName,
        hidden: true,
        signal: this.#abort.signal,
        wait: { minDelay: 500, maxDelay: 5000 },
        onEvent: (event) => this.#take(event),
        ...(options === undefined ? {} : { job: options }),
      });
      if (this.#phase === 'sending' || this.#phase === 'processing') this.#phase = 'done';
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#phase = 'failed';
      this.#error = error instanceof Error ? error.message : String(error);
    } finally {
      await this.discard().catch(() => undefined);
      this.#onChange(this);
    }
  }

  #take(event: UploadEvent): void {
    if (event.type === 'job') this.#jobHandle ??= event.handle;
    else if (event.type === 'sent') {
      const file = this.#fileOf(event.destPath);
      if (file !== undefined) file.status = 'sent';
      if (this.#files.every(({ status }) => status !== 'received' && status !== 'receiving'))
        this.#phase = 'processing';
    } else if (event.type === 'file') {
      const { destPath, status, reason, warnings, assetHandle } = event.outcome;
      const file = this.#fileOf(destPath);
      if (file === undefined) return;
      file.status = status === 'skipped' ? 'sent' : status;
      if (reason !== undefined) file.reason = reason;
      file.warnings = warnings;
      if (assetHandle !== undefined) file.assetHandle = assetHandle;
    } else return;
    this.#onChange(this);
  }

  #clientOf({ client, cropClient }: Session): IpsClient {
    // Only some contracts have smart crops.
    return 'autoSmartCropOptionsArray' in (this.#request.options ?? {}) ? cropClient : client;
  }

  #fileOf(destPath: string): Mutable<UploadFileState> | undefined {
    const folder = this.#request.folder.replace(/\/?$/, '/');
    return this.#files.find(({ path }) => `${folder}${path}` === destPath);
  }

  #path(index: number): string {
    // By number: the names come from outside.
    return join(this.#directory, String(index));
  }
}
