import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';

/** Decoders of content codings, which some servers apply although the request does not accept them. */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/** Maximum codings of one response. More would only keep a decoder busy. */
const MAX_CODINGS = 4;

/**
 * The codings of a `Content-Encoding`, in the order in which they were applied.
 *
 * @returns An error message for an unknown coding.
 */
export function codingsOf(
  header: string | string[] | undefined,
): readonly string[] | { readonly wrong: string } {
  const names = String(header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  const unknown = names.find((name) => !Object.hasOwn(DECODERS, name));
  if (unknown !== undefined) return { wrong: `the response has the unknown Content-Encoding ${unknown}` };
  return names.length > MAX_CODINGS ? { wrong: `the response has more than ${MAX_CODINGS} codings` } : names;
}

/** Decodes content. Errors of the content or a coding are errors of the result. */
export function decoded(content: Readable, codings: readonly string[]): Readable {
  return codings.toReversed().reduce<Readable>((inner, name) => {
    const decoder = DECODERS[name]?.();
    // The result reports errors itself.
    return decoder === undefined ? inner : pipeline(inner, decoder, () => undefined);
  }, content);
}
