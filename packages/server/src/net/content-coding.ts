import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';

/** Codings that an answer may have; each is asked for by nobody, and applied by some servers all the same. */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** Codings of one answer. More are a trick to keep a decoder busy. */
const MAX_CODINGS = 4;

/**
 * The codings of a `Content-Encoding`, in the order in which they were applied.
 *
 * @returns An error message for one that is not known.
 */
export function codingsOf(
  header: string | string[] | undefined,
): readonly string[] | { readonly wrong: string } {
  const names = String(header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  const unknown = names.find((name) => !Object.hasOwn(DECODERS, name));
  if (unknown !== undefined) return { wrong: `the answer has the unknown Content-Encoding ${unknown}` };
  return names.length > MAX_CODINGS ? { wrong: `the answer has more than ${MAX_CODINGS} codings` } : names;
}

/** The content below its codings. An error of the content or of a coding is one of the result. */
export function decoded(content: Readable, codings: readonly string[]): Readable {
  return codings.toReversed().reduce<Readable>((inner, name) => {
    const decoder = DECODERS[name]?.();
    // The result reports errors itself.
    return decoder === undefined ? inner : pipeline(inner, decoder, () => undefined);
  }, content);
}
