import { WireError } from '@ips-sdk/wire';

/** The number of bytes that determine the encoding of a document. An XML declaration is shorter. */
export const DECLARATION_LENGTH = 256;

/** Decodes the bytes of a document in chunks. */
export interface BytesToText {
  /** @throws WireError when the bytes are not text in the encoding. */
  write(bytes: Uint8Array): string;
  /** @throws WireError when the bytes end in the middle of a character. */
  end(): string;
}

/**
 * Determines the encoding of an XML document by RFC 7303: from the byte order mark, the media type or the XML declaration, in this order.
 * Default: UTF-8. The width of the characters is always taken from the bytes, since some stacks declare the encoding of their strings in
 * memory.
 */
export function encodingOf(contentType: string | undefined, start: Uint8Array): string {
  const marked = byMark(start);
  if (marked !== undefined) return marked;
  const wide = byWidth(start);
  if (wide !== undefined) return wide;
  const named = (charsetOf(contentType) ?? declaredIn(start))?.toLowerCase().replaceAll('_', '-');
  // ASCII is decoded as UTF-8, which includes it.
  return named === undefined || WIDE.test(named) || /^(?:us-)?ascii$/.test(named) ? 'utf-8' : named;
}

/** @throws WireError with the code `encoding` for an unknown encoding. */
export function textIn(encoding: string): BytesToText {
  if (encoding.startsWith('utf-32')) return new Utf32(encoding === 'utf-32be');
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    // A fatal decoder reports invalid bytes instead of replacing them.
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new WireError('encoding', `the document has the unknown encoding ${JSON.stringify(encoding)}`);
  }
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw notText(encoding);
    }
  };
  return { write: decode, end: () => decode() };
}

/** Decodes a whole document. */
export function decodeText(contentType: string | undefined, bytes: Uint8Array): string {
  const text = textIn(encodingOf(contentType, bytes.subarray(0, DECLARATION_LENGTH)));
  return text.write(bytes) + text.end();
}

/** Encodings with two or four bytes per character, of which at least one is 0 in markup. */
const WIDE = /^(?:utf-?(?:16|32)|ucs-?[24]|iso-10646-ucs-[24]|unicode|csunicode)/;

function byMark(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 && bytes.length >= 4 ? 'utf-32le' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be';
  return undefined;
}

/** Markup starts with an ASCII character, whose other bytes are 0. */
function byWidth([a, b, c, d]: Uint8Array): string | undefined {
  if (a !== 0 && b === 0) return c === 0 && d === 0 ? 'utf-32le' : 'utf-16le';
  if (a === 0 && b !== 0 && b !== undefined) return 'utf-16be';
  if (a === 0 && b === 0 && c === 0 && d !== 0) return 'utf-32be';
  return undefined;
}

function charsetOf(contentType: string | undefined): string | undefined {
  const found = /;\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,]+))/i.exec(contentType ?? '');
  const charset = (found?.[1] ?? found?.[2] ?? found?.[3])?.trim();
  return charset === '' ? undefined : charset;
}

function declaredIn(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z][\w.:-]*)["']/.exec(start)?.[1];
}

function notText(encoding: string): WireError {
  return new WireError('encoding', `the document is not valid ${encoding}`);
}

/** Decodes UTF-32, which TextDecoder does not support. */
class Utf32 implements BytesToText {
  readonly #bigEndian: boolean;
  #rest: Buffer = Buffer.alloc(0);
  #begun = false;

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
  }

  write(bytes: Uint8Array): string {
    const all = Buffer.concat([this.#rest, bytes]);
    const whole = all.length - (all.length % 4);
    this.#rest = all.subarray(whole);
    const characters: string[] = [];
    for (let at = 0; at < whole; at += 4) {
      const point = this.#bigEndian ? all.readUInt32BE(at) : all.readUInt32LE(at);
      if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw notText('utf-32');
      // The byte order mark is not part of the text.
      if (this.#begun || point !== 0xfeff) characters.push(String.fromCodePoint(point));
      this.#begun = true;
    }
    return characters.join('');
  }

  end(): string {
    if (this.#rest.length > 0) throw notText('utf-32');
    return '';
  }
}
