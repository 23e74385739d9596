import { gunzipSync, inflateSync } from 'node:zlib';
import { invalidParameter } from '../faults.js';

/** Maximum bytes of a decompressed text. */
const MOST_BYTES = 16 * 2 ** 20;

/** The first bytes of a gzip container. */
const GZIP_MAGIC: readonly number[] = [0x1f, 0x8b];

/**
 * The text in a request that is compressed with zlib. The samples of the documentation have the zlib data in a gzip container, which is
 * taken as well.
 *
 * @throws IpsFault 30001 unless it is zlib data of limited size that contains UTF-8.
 */
export function inflatedText(compressed: string | Uint8Array, path: string): string {
  const bytes = typeof compressed === 'string' ? Buffer.from(compressed, 'base64') : compressed;
  try {
    const limit = { maxOutputLength: MOST_BYTES };
    const inner = GZIP_MAGIC.every((byte, index) => bytes[index] === byte) ? gunzipSync(bytes, limit) : bytes;
    return new TextDecoder('utf-8', { fatal: true }).decode(inflateSync(inner, limit));
  } catch (error) {
    throw invalidParameter(
      path,
      `${bytes.length} bytes`,
      `an XML document of at most ${MOST_BYTES} bytes in UTF-8, compressed with zlib (${(error as Error).message})`,
    );
  }
}
