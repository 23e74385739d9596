import { replaced } from '../directory-identity.js';
import { IDENTITY, identityIn } from '../stored-files.js';
import type { S3Client, S3Request } from './s3-client.js';

/** Milliseconds for which the identity is not read again. */
const CHECKED = 5000;

/** Limits on a request. */
type Limits = Pick<S3Request, 'attempts' | 'signal'>;

/** The identity of a store in a bucket, in an object of its own. */
export class S3Identity {
  readonly #client: S3Client;
  #expected: string | undefined;
  /** When the store last had the expected identity. */
  #seen = Number.NEGATIVE_INFINITY;

  constructor(client: S3Client) {
    this.#client = client;
  }

  async read(limits: Limits = {}): Promise<string | undefined> {
    return identityIn((await readText(this.#client, IDENTITY, limits)) ?? '');
  }

  write(identity: string): Promise<void> {
    return writeText(this.#client, IDENTITY, `${identity}\n`);
  }

  expect(identity: string): void {
    this.#expected = identity;
    this.#seen = Number.NEGATIVE_INFINITY;
  }

  /**
   * Checks that the store is the expected one, if that is some time ago.
   *
   * @throws StorageError if the service does not respond, or the store is another one.
   */
  async check({ reads = false, ...limits }: Limits & { readonly reads?: boolean } = {}): Promise<void> {
    if (this.#expected === undefined || (!reads && performance.now() - this.#seen < CHECKED)) return;
    const found = await this.read(limits);
    if (found !== this.#expected) throw replaced('the file store', found);
    this.#seen = performance.now();
  }
}

/** The text of an object that is not a file; `undefined` if it is missing. */
export async function readText(
  client: S3Client,
  key: string,
  limits: Limits = {},
): Promise<string | undefined> {
  const { status, body } = await client.send({ method: 'GET', key, expect: [200, 404], ...limits });
  const text = await body.text();
  return status === 200 ? text : undefined;
}

/** Writes an object that is not a file. */
export async function writeText(
  client: S3Client,
  key: string,
  text: string,
  limits: Limits = {},
): Promise<void> {
  const headers = { 'content-type': 'text/plain' };
  const { body } = await client.send({ method: 'PUT', key, headers, body: Buffer.from(text), ...limits });
  await body.dump();
}
