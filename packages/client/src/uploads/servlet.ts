import type { UploadPostJob } from '@ips-sdk/types/2019-09-10-beta';
import { encodeAuthHeader } from '../auth-header.js';
import type { Caller } from '../caller.js';
import { ConfigError } from '../config-error.js';
import type { Credentials } from '../options.js';
import { FileDigests } from './file-digests.js';
import type { LocalFile } from './file-sources.js';
import { asciiXml, isHeaderSafe, multipart, type Part } from './multipart.js';

/** Settings of a new upload job. */
export interface OpenUpload {
  readonly jobName: string;
  readonly uploadParams: UploadPostJob;
  readonly description: string | undefined;
  readonly locale: string | undefined;
}

/** Options of a request to the servlet. */
export interface PostOptions {
  readonly signal: AbortSignal;
  /** Time limit in milliseconds for a request that transfers no data. */
  readonly timeout: number | undefined;
}

/** Receives the number of sent bytes. A negative number means that they must be sent again. */
type OnBytes = (bytes: number) => void;

/** Client of the UploadFile servlet. Its requests are multipart forms with XML and files. */
export class UploadServlet {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Opens a job without files, so a rejected file does not affect the job. The request is not retried, since that would open another job.
   */
  async open(
    { jobName, uploadParams, description, locale }: OpenUpload,
    options: PostOptions,
  ): Promise<string> {
    const fields = { jobName, locale, description, endJob: false, uploadParams };
    return (await this.#post(fields, [], options, false)).jobHandle;
  }

  /** Sends files of one folder. If the connection breaks, files that can be read again are sent again, and the service replaces them. */
  async send(
    jobHandle: string,
    files: readonly LocalFile[],
    options: PostOptions,
    onBytes: OnBytes = () => undefined,
  ): Promise<void> {
    const [first] = files;
    if (first === undefined) return;
    // File names are sent in headers, where receivers drop folders, so the folder is sent in the XML. A name that is not valid in a header
    // is sent in the XML of a separate request.
    const where = travelsInHeader(first)
      ? { destFolder: folderOf(first.destPath) }
      : { fileName: first.destPath };
    const repeat = files.every(({ repeatable }) => repeatable);
    await this.#post({ jobHandle, ...where, endJob: false }, files, options, repeat, onBytes);
  }

  /** Ends a job, which then accepts no more files. */
  async end(jobHandle: string, options: PostOptions): Promise<void> {
    await this.#post({ jobHandle, endJob: true }, [], options, true);
  }

  async #post(
    fields: Record<string, unknown>,
    files: readonly LocalFile[],
    { signal, timeout }: PostOptions,
    repeat: boolean,
    onBytes: OnBytes = () => undefined,
  ): Promise<{ jobHandle: string }> {
    const companyHandle = await this.#caller.companyHandle();
    if (companyHandle === undefined)
      throw new ConfigError(
        'company',
        'expected the option company or companyHandle, which uploadFiles requires',
      );
    const { namespace, recorder } = this.#caller.options;
    const known = Object.entries({ companyHandle, ...fields }).filter(([, value]) => value !== undefined);
    const { codec } = this.#caller.exchanger;
    const param = asciiXml(codec.encodeMessage('UploadPostParam', Object.fromEntries(known), { namespace }));
    const names = files.map(
      (file) => `[file ${JSON.stringify(file.destPath)}, ${file.size ?? 'unknown'} bytes]`,
    );
    let moved = 0;
    const retry = repeat && this.#caller.options.retry !== false;
    return this.#caller.post(
      (attempt, credentials) => {
        onBytes(-moved);
        moved = 0;
        const auth = asciiXml(this.#auth(credentials));
        const parts: Part[] = [
          { name: 'auth', xml: auth },
          { name: 'uploadParams', xml: param },
          ...files.map((file, i) => ({
            name: `file${i + 1}`,
            fileName: nameOf(file.destPath),
            size: file.size,
            read: () => file.read(),
          })),
        ];
        const digests = recorder === undefined ? undefined : new FileDigests(parts);
        const body = multipart(digests?.parts ?? parts, (_, bytes) => {
          attempt.touch();
          moved += bytes;
          onBytes(bytes);
        });
        return {
          headers: {
            'Content-Type': body.contentType,
            ...(body.length === undefined ? {} : { 'Content-Length': String(body.length) }),
          },
          body: body.stream,
          described: [auth, param, ...names].join('\n'),
          parts: () => digests?.recorded() ?? [],
        };
      },
      { signal, timeout, ...(retry ? { retry } : {}) },
    );
  }

  /** The servlet reads credentials from the body only. */
  #auth(credentials: Credentials): string {
    const { exchanger, options } = this.#caller;
    const inBody = 'basic' in credentials ? credentials.basic : credentials;
    return encodeAuthHeader(exchanger, inBody, options.locale);
  }
}

/** Whether a file can share a request with others of its folder. */
export function travelsInHeader({ destPath }: LocalFile): boolean {
  return isHeaderSafe(nameOf(destPath));
}

/** The folder of a path, with a trailing slash. */
export function folderOf(destPath: string): string {
  return destPath.slice(0, destPath.lastIndexOf('/') + 1);
}

function nameOf(destPath: string): string {
  return destPath.slice(destPath.lastIndexOf('/') + 1);
}
