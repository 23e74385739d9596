import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

/** A part of a body. */
export type Part =
  /** An XML document in ASCII characters. */
  | { readonly name: string; readonly xml: string }
  /** A file. */
  | {
      readonly name: string;
      readonly fileName: string;
      /** Length in bytes, if known. */
      readonly size: number | undefined;
      read(): AsyncIterable<Uint8Array>;
    };

/** A multipart body, generated while it is sent. */
export interface Multipart {
  readonly contentType: string;
  /** Length in bytes; `undefined` if the length of a file is unknown. */
  readonly length: number | undefined;
  readonly stream: Readable;
}

/**
 * Builds a multipart/form-data body.
 *
 * @param onBytes - Receives a part and the number of consumed bytes of its content.
 */
export function multipart(parts: readonly Part[], onBytes: (part: Part, bytes: number) => void): Multipart {
  const boundary = `ips-${randomBytes(18).toString('hex')}`;
  const heads = parts.map((part) => Buffer.from(`--${boundary}\r\n${headOf(part)}\r\n\r\n`, 'latin1'));
  const end = Buffer.from(`--${boundary}--\r\n`, 'latin1');
  let length: number | undefined = end.length;
  for (const [i, part] of parts.entries()) {
    const size = 'xml' in part ? part.xml.length : part.size;
    length =
      size === undefined || length === undefined ? undefined : length + (heads[i]?.length ?? 0) + size + 2;
  }
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const [i, part] of parts.entries()) {
      yield heads[i] as Buffer;
      if ('xml' in part) {
        yield Buffer.from(part.xml, 'latin1');
      } else {
        for await (const chunk of part.read()) {
          onBytes(part, chunk.byteLength);
          yield chunk;
        }
      }
      yield Buffer.from('\r\n');
    }
    yield end;
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length,
    stream: Readable.from(bytes(), { objectMode: false, highWaterMark: 256 * 1024 }),
  };
}

function headOf(part: Part): string {
  if ('xml' in part) {
    return `Content-Disposition: form-data; name="${part.name}"\r\nContent-Type: text/plain; charset=US-ASCII`;
  }
  return (
    `Content-Disposition: form-data; name="${part.name}"; filename="${headerSafe(part.fileName)}"\r\n` +
    'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary'
  );
}

/** Whether a name is valid in a header. Other names are sent in the XML. */
export function isHeaderSafe(name: string): boolean {
  return headerSafe(name) === name;
}

/** Replaces characters that could end a header, or that receivers interpret differently. */
function headerSafe(name: string): string {
  return name.replace(/[^\x20-\x7e]|["\\%;]/g, '_');
}

/** Replaces non-ASCII characters in XML with character references. */
export function asciiXml(xml: string): string {
  return xml.replace(
    /[^\0-\x7f]/gu,
    (character) => `&#x${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()};`,
  );
}
