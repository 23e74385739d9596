import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { UploadFile, UploadRequest, UploadState } from '../api.js';
import type { ConsoleOptions } from '../console-options.js';
import { ConsoleError } from '../problem.js';
import type { Session } from '../session.js';
import { Upload } from './upload.js';

/** Milliseconds until an upload is forgotten, after the last chunk or after its end. */
const KEPT = 30 * 60_000;
/** Uploads of a session that are on their way. */
const MOST_OPEN = 10;
/** Milliseconds between two events about an upload, for each 100 of its files: each event has them all. */
const PACE = 100;

/** The uploads of all sessions. */
export class Uploads {
  readonly #options: ConsoleOptions;
  readonly #uploads = new Map<string, Upload>();
  readonly #listeners = new Set<(upload: Upload) => void>();
  readonly #pending = new Map<string, NodeJS.Timeout>();
  readonly #timer: NodeJS.Timeout;
  readonly #root: string;

  constructor(options: ConsoleOptions) {
    this.#options = options;
    this.#root = join(options.directory, 'uploads');
    this.#timer = setInterval(() => void this.#sweep(), 60_000).unref();
  }

  /** Begins an upload. @throws ConsoleError for a request that is invalid or too large. */
  async create(session: Session, body: unknown): Promise<UploadState> {
    await this.#sweep();
    const { limits } = this.#options;
    const request = checked(body, limits.uploadFiles, limits.fileBytes);
    const open = [...this.#uploads.values()].filter(({ isOpen }) => isOpen);
    if (open.filter((upload) => upload.session === session).length >= MOST_OPEN)
      throw new ConsoleError('tooMany', `${MOST_OPEN} uploads are on their way; wait for one`, {
        retryAfter: 10,
      });
    const bytes = request.files.reduce((sum, { size }) => sum + size, 0);
    const taken = open.reduce((sum, upload) => sum + upload.bytes, 0);
    if (taken + bytes > limits.uploadBytes)
      throw new ConsoleError(
        'tooLarge',
        `the uploads on their way may have ${limits.uploadBytes} bytes in all`,
      );
    const id = randomBytes(16).toString('hex');
    const upload = new Upload({
      id,
      session,
      request,
      chunkBytes: limits.chunkBytes,
      directory: join(this.#root, id),
      onChange: (one) => this.#changed(one),
    });
    upload.expires = Date.now() + KEPT;
    this.#uploads.set(id, upload);
    try {
      await upload.prepare();
    } catch (error) {
      // It would take a place for as long as nothing arrives.
      this.#uploads.delete(id);
      throw error;
    }
    upload.startIfComplete();
    return upload.state;
  }

  /** An upload of a session. @throws ConsoleError for any other. */
  of(session: Session, id: string): Upload {
    const upload = this.#uploads.get(id);
    // Who logs in again after the session has expired resumes the upload where it stopped.
    if (upload?.hasHeir(session) === true) upload.passTo(session);
    if (upload === undefined || upload.session !== session)
      throw new ConsoleError('notFound', 'no such upload; it may have been given up after a pause');
    return upload;
  }

  /** Takes a chunk. */
  async write(
    session: Session,
    id: string,
    file: number,
    offset: number,
    chunk: Buffer,
  ): Promise<UploadState> {
    const upload = this.of(session, id);
    upload.expires = Date.now() + KEPT;
    await upload.write(file, offset, chunk);
    return upload.state;
  }

  /** Calls when an upload of a session changes. */
  listen(session: Session, listener: (state: UploadState) => void): () => void {
    const listening = (upload: Upload): void => {
      if (upload.session === session) listener(upload.state);
    };
    this.#listeners.add(listening);
    return () => this.#listeners.delete(listening);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const timer of this.#pending.values()) clearTimeout(timer);
    for (const upload of this.#uploads.values()) await upload.cancel('failed', 'the console has stopped');
    this.#uploads.clear();
    await rm(this.#root, { recursive: true, force: true });
  }

  #changed(upload: Upload): void {
    if (!upload.isOpen) upload.expires = Date.now() + KEPT;
    if (this.#pending.has(upload.id)) return;
    const timer = setTimeout(
      () => {
        this.#pending.delete(upload.id);
        for (const listener of [...this.#listeners]) listener(upload);
      },
      PACE * Math.ceil(upload.files / 100),
    ).unref();
    this.#pending.set(upload.id, timer);
  }

  async #sweep(): Promise<void> {
    for (const [id, upload] of this.#uploads) {
      // The service sets the pace of what is being processed.
      const { phase } = upload.state;
      if (Date.now() < upload.expires || phase === 'sending' || phase === 'processing') continue;
      await upload.cancel('failed', 'nothing more arrived');
      await upload.discard();
      this.#uploads.delete(id);
    }
  }
}

function checked(body: unknown, mostFiles: number, mostBytes: number): UploadRequest {
  const { folder, files, jobName, options } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof folder !== 'string' || folder === '') throw new ConsoleError('input', 'folder: expected a path');
  if (jobName !== undefined && typeof jobName !== 'string')
    throw new ConsoleError('input', 'jobName: expected a text');
  if (options !== undefined && (typeof options !== 'object' || options === null || Array.isArray(options)))
    throw new ConsoleError('input', 'options: expected an object');
  if (!Array.isArray(files) || files.length === 0 || files.length > mostFiles)
    throw new ConsoleError('input', `files: expected 1 to ${mostFiles} files`);
  const paths = new Set<string>();
  for (const [index, file] of (files as unknown[]).entries()) {
    const { path, size } = (file ?? {}) as Partial<Record<keyof UploadFile, unknown>>;
    if (typeof path !== 'string' || !isRelativePath(path))
      throw new ConsoleError(
        'input',
        `files[${index}].path: expected a file name, with folders in front if any`,
      );
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
      throw new ConsoleError('input', `files[${index}].size: expected a number of bytes`);
    if (size > mostBytes)
      throw new ConsoleError(
        'tooLarge',
        `files[${index}].size: found ${size}, expected at most ${mostBytes} bytes`,
      );
    if (paths.has(path)) throw new ConsoleError('input', `files[${index}].path: ${path} occurs twice`);
    paths.add(path);
  }
  // Every field was checked.
  return { folder, files, jobName, options } as unknown as UploadRequest;
}

function isRelativePath(path: string): boolean {
  if (path === '' || path.length > 1000 || /[\\\p{Cc}]/u.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
