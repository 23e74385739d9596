import { createHash } from 'node:crypto';
import type { RawFile, RawPart } from '../recorder/raw-exchange.js';
import type { Part } from './multipart.js';

/** Computes size and hash of the files of a request while they are sent. */
export class FileDigests {
  /** The parts to send instead of the given ones. */
  readonly parts: readonly Part[];
  readonly #recorded = new Map<string, RawPart | RawFile>();

  constructor(parts: readonly Part[]) {
    this.parts = parts.map((part) => this.#watched(part));
  }

  /** The parts sent so far. */
  recorded(): readonly (RawPart | RawFile)[] {
    return [...this.#recorded.values()];
  }

  #watched(part: Part): Part {
    const { name } = part;
    if ('xml' in part) {
      this.#recorded.set(name, { name, xml: part.xml });
      return part;
    }
    const { fileName } = part;
    this.#recorded.set(name, { name, fileName, size: 0, sha256: undefined });
    const keep = (size: number, sha256: string | undefined): void =>
      void this.#recorded.set(name, { name, fileName, size, sha256 });
    return { ...part, read: () => digested(part.read(), keep) };
  }
}

async function* digested(
  chunks: AsyncIterable<Uint8Array>,
  keep: (size: number, sha256: string | undefined) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    size += chunk.byteLength;
    keep(size, undefined);
    yield chunk;
  }
  keep(size, hash.digest('hex'));
}
