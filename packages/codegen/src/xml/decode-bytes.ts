import { CodegenError } from '../diagnostic.js';

/** Byte order marks, longest first. */
const MARKS: readonly (readonly [mark: readonly number[], encoding: string])[] = [
  [[0x00, 0x00, 0xfe, 0xff], 'utf-32be'],
  [[0xff, 0xfe, 0x00, 0x00], 'utf-32le'],
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0xff, 0xfe], 'utf-16le'],
];

/** The bytes of `<` and `?` in encodings without a byte order mark whose characters are wider than a byte. */
const STARTS: readonly (readonly [start: readonly number[], encoding: string])[] = [
  [[0x00, 0x3c, 0x00], 'utf-16be'],
  [[0x3c, 0x00], 'utf-16le'],
  [[0x4c, 0x6f, 0xa7, 0x94], 'ebcdic'],
];

/**
 * Decodes an XML document in the encoding of its byte order mark or declaration, or in UTF-8 without either.
 *
 * @throws CodegenError for an unsupported encoding, and for bytes that are invalid in the encoding.
 * @see {@link https://www.w3.org/TR/2008/REC-xml-20081126/#sec-guessing | XML 1.0, F, Autodetection of Character Encodings}
 */
export function decodeBytes(bytes: Uint8Array, file: string): string {
  const marked = MARKS.find(([mark]) => startsWith(bytes, mark))?.[1];
  const wide = marked ?? STARTS.find(([start]) => startsWith(bytes, start))?.[1];
  const declared = wide === undefined ? declaredEncoding(bytes) : undefined;
  const encoding = wide ?? declared ?? 'utf-8';
  if (declared !== undefined && /^(?:utf-?16|ucs-?2|iso-10646-ucs-2)/i.test(declared)) {
    stop(
      'bad-encoding',
      `the document declares ${declared}, but is not encoded so; correct the declaration, or save the file as ${declared}`,
      file,
    );
  }
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch {
    return stop(
      'unsupported-encoding',
      `the encoding ${encoding} is not supported; save the file as UTF-8 and correct its declaration`,
      file,
    );
  }
  try {
    return decoder.decode(bytes);
  } catch {
    const from = declared === undefined && marked === undefined ? ', and it declares no other encoding' : '';
    return stop(
      'bad-encoding',
      `the document is not valid ${encoding}${from}`,
      file,
      firstBad(bytes, encoding),
    );
  }
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

/** The encoding in the XML declaration. The declaration is ASCII in all encodings that remain here. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 256));
  return /^<\?xml\s[^?]*?encoding\s*=\s*["']([A-Za-z][\w.:-]*)["']/.exec(head)?.[1];
}

/** The position of the first invalid byte. */
function firstBad(bytes: Uint8Array, encoding: string): { line: number; column: number } {
  const lenient = new TextDecoder(encoding).decode(bytes);
  const before = lenient.slice(0, Math.max(0, lenient.indexOf('\ufffd'))).split(/\r\n?|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function stop(code: string, message: string, file: string, at = { line: 1, column: 1 }): never {
  throw new CodegenError([{ code, message, position: { file, ...at } }]);
}
