import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { Agent, request } from 'undici';
import type { S3Location } from './s3-location.js';
import { isTransient, S3ResponseError, storeError } from './s3-problem.js';
import { readS3Document } from './s3-xml.js';

/** How patient a client is. */
export interface S3Patience {
  /** Attempts at a request, at most. Default: 5. */
  readonly attempts: number;
  /** Milliseconds before the second attempt, at most; each further wait doubles. Default: 200. */
  readonly firstWait: number;
  /** Milliseconds between two attempts, at most. Default: 5000. */
  readonly longestWait: number;
  /** Milliseconds without any progress after which an attempt ends. Default: 30,000. */
  readonly silence: number;
}

const PATIENT: S3Patience = { attempts: 5, firstWait: 200, longestWait: 5000, silence: 30_000 };

/** A request of the client. */
export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** The key, without the prefix of the store; none for the bucket itself. */
  readonly key?: string | undefined;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent again with each attempt. */
  readonly body?: Uint8Array | undefined;
  /** The SHA-256 of the body in hexadecimal, if it is known. The service checks it. */
  readonly sha256?: string | undefined;
  /** Statuses that are results, not errors. Default: those of 200 to 299. */
  readonly expect?: readonly number[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Attempts at this request, at most. */
  readonly attempts?: number | undefined;
}

/** A response whose body is still to be read. */
export interface S3Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable & { text(): Promise<string>; dump(): Promise<void> };
}

/** Bytes of a body that are sent at once. Each one shows that the request makes progress. */
const PIECE = 64 * 1024;

/** Bytes of an error or a document that are read, at most. A list of 1000 keys has about 400,000. */
const MAX_DOCUMENT = 8 * 2 ** 20;

/**
 * Requests to a bucket, signed with Signature Version 4. Each can be repeated, and is, with growing waits, after errors of the connection and
 * of the service that may pass.
 */
export class S3Client {
  readonly location: S3Location;
  readonly #patience: S3Patience;
  readonly #agent: Agent;
  readonly #signingKeys = new Map<string, ArrayBuffer>();

  constructor(location: S3Location, patience: Partial<S3Patience> = {}) {
    this.location = location;
    this.#patience = { ...PATIENT, ...patience };
    const { silence } = this.#patience;
    this.#agent = new Agent({
      connect: { timeout: Math.min(10_000, silence) },
      headersTimeout: silence,
      bodyTimeout: silence,
      connections: 64,
    });
  }

  /** The attempts that a request has. */
  get attempts(): number {
    return this.#patience.attempts;
  }

  /**
   * Sends a request until it has a response that is expected.
   *
   * @throws StorageError that names the problem of the service, the signal's reason if it is aborted.
   */
  async send(asked: S3Request): Promise<S3Response> {
    return this.#repeated(asked, () => this.#once(asked));
  }

  /**
   * The texts of the elements of a document, by their path below the root: `Contents/Key`.
   *
   * @throws As `send`.
   */
  async document(asked: S3Request): Promise<ReadonlyMap<string, readonly string[]>> {
    return this.#repeated(asked, async () => {
      const { status, body } = await this.#once(asked);
      const text = await limitedText(body);
      const found = readS3Document(text);
      if (found === undefined) throw new S3ResponseError(status, 'with a document that is not XML');
      // A service that takes long sends status 200 before it knows that it fails.
      if (found.root === 'Error') throw new S3ResponseError(status, found.texts.get('Code')?.[0] ?? '');
      return found.texts;
    });
  }

  /** Waits before another attempt, somewhat longer each time, and not at the same time as others. */
  async pause(attempt: number, signal?: AbortSignal): Promise<void> {
    const { firstWait, longestWait } = this.#patience;
    const longest = Math.min(longestWait, firstWait * 2 ** attempt);
    await sleep(
      longest / 2 + (Math.random() * longest) / 2,
      undefined,
      signal === undefined ? {} : { signal },
    );
  }

  /** A URL that anyone can read a key with for some seconds. */
  async presigned(key: string, query: Readonly<Record<string, string>>, seconds: number): Promise<string> {
    const url = this.#url(key, { ...query, 'X-Amz-Expires': String(seconds) });
    const { url: signed } = await this.#signer({ method: 'GET', url: url.href, signQuery: true }).sign();
    // A space as "+" is one to programs, but not to every service.
    return signed.href.replaceAll('+', '%20');
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #repeated<Result>(
    { signal, attempts = this.#patience.attempts }: S3Request,
    work: () => Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        signal?.throwIfAborted();
        if (attempt + 1 >= attempts || !isTransient(error)) throw storeError(error);
      }
      await this.pause(attempt, signal);
    }
  }

  async #once({ method, key, query, headers, body, sha256, expect, signal }: S3Request): Promise<S3Response> {
    const url = this.#url(key, query);
    const signed = await this.#signer({
      method,
      url: url.href,
      headers: { ...headers, 'x-amz-content-sha256': sha256 ?? hashOf(body ?? new Uint8Array()) },
    }).sign();
    const response = await request(signed.url, {
      dispatcher: this.#agent,
      method,
      headers: {
        ...Object.fromEntries(signed.headers),
        'accept-encoding': 'identity',
        ...(body === undefined ? {} : { 'content-length': String(body.length) }),
      },
      body:
        body === undefined || body.length === 0 ? null : Readable.from(pieces(body), { objectMode: false }),
      ...(signal === undefined ? {} : { signal }),
    });
    const { statusCode: status } = response;
    if (expect === undefined ? status >= 200 && status < 300 : expect.includes(status))
      return { status, headers: response.headers, body: response.body };
    const text = method === 'HEAD' ? '' : await limitedText(response.body);
    if (method === 'HEAD') await response.body.dump();
    throw new S3ResponseError(status, readS3Document(text)?.texts.get('Code')?.[0]?.slice(0, 100) ?? '');
  }

  #url(key: string | undefined, query: Readonly<Record<string, string>> = {}): URL {
    const { bucketUrl, prefix } = this.location;
    const url = new URL(`${bucketUrl}/${key === undefined ? '' : `${prefix}${key}`}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    // The signature has spaces as %20.
    url.search = url.search.replaceAll('+', '%20');
    return url;
  }

  #signer(given: {
    method: string;
    url: string;
    headers?: Record<string, string>;
    signQuery?: boolean;
  }): AwsV4Signer {
    const { region, credentials } = this.location;
    const { sessionToken, ...keys } = credentials;
    if (this.#signingKeys.size > 10) this.#signingKeys.clear();
    return new AwsV4Signer({
      ...given,
      ...keys,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      service: 's3',
      region,
      cache: this.#signingKeys,
    });
  }
}

const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** A body in pieces, which restart the timer of a request that makes progress. */
function* pieces(body: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < body.length; start += PIECE) yield body.subarray(start, start + PIECE);
}

/** The text of a body. */
async function limitedText(body: S3Response['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_DOCUMENT) {
      body.destroy();
      throw new S3ResponseError(200, 'with too large a document');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
