// Hashes passwords in its own thread: in the thread pool of Node.js, hashes would delay file access and image processing.
// Imports only built-in modules, so that it runs without a build.
import { scryptSync } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

/** A key to derive. */
export interface DeriveRequest {
  readonly password: string;
  readonly salt: Uint8Array;
  readonly length: number;
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** The answer: the keys of all requests of a message, in their order. */
export type DeriveAnswer = { readonly keys: readonly Uint8Array[] } | { readonly error: string };

parentPort?.on('message', (requests: readonly DeriveRequest[]) => {
  let answer: DeriveAnswer;
  try {
    answer = {
      keys: requests.map(({ password, salt, length, N, r, p }) =>
        // Twice what scrypt takes, which covers its rounding.
        scryptSync(password, salt, length, { N, r, p, maxmem: 2 * 128 * r * (N + p) }),
      ),
    };
  } catch (error) {
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(answer);
});
