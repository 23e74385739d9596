import { PassThrough, Readable, type Transform } from 'node:stream';
import { WireError } from '@ips-sdk/wire';

/** A content coding: its decoder, and a test for its first bytes. */
interface Coding {
  readonly looksRight: (start: Buffer) => boolean;
  readonly decoder: (start: Buffer) => Transform;
}

const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib');

const GZIP: Coding = {
  looksRight: (start) => start[0] === 0x1f && (start.length < 2 || start[1] === 0x8b),
  decoder: () => zlib().createGunzip(),
};

const CODINGS: Readonly<Record<string, Coding>> = {
  gzip: GZIP,
  'x-gzip': GZIP,
  deflate: {
    looksRight: (start) => !looksLikeText(start),
    // Some servers omit the zlib frame.
    decoder: (start) => (hasZlibFrame(start) ? zlib().createInflate() : zlib().createInflateRaw()),
  },
  br: { looksRight: (start) => !looksLikeText(start), decoder: () => zlib().createBrotliDecompress() },
};

/**
 * Decodes the content codings of a body. Some gateways decompress a response but keep its Content-Encoding header, so a body that does not
 * start like its coding is left unchanged. An unknown coding fails when the body is read.
 */
export function uncoded(body: Readable, contentEncoding: string | undefined): Readable {
  const codings = (contentEncoding ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  return codings.reduceRight(withoutCoding, body);
}

function withoutCoding(body: Readable, name: string): Readable {
  const coding = Object.hasOwn(CODINGS, name) ? CODINGS[name] : undefined;
  if (coding === undefined) {
    const known = Object.keys(CODINGS).join(', ');
    return unreadable(
      body,
      new WireError('encoding', `Content-Encoding: expected ${known}, found ${JSON.stringify(name)}`),
    );
  }
  const out = new PassThrough();
  const fail = (error: Error): void => void out.destroy(error);
  // Readers see the error. Without a reader, it must not crash the process.
  out.on('error', () => undefined);
  out.once('close', () => body.destroy());
  body.once('error', fail);
  // A body that closes before its end is incomplete.
  body.once('close', () => body.readableEnded || fail(new Error('aborted')));
  body.once('readable', () => {
    const start = body.read() as Buffer | null;
    if (start === null) {
      out.end();
      return;
    }
    body.unshift(start);
    if (!coding.looksRight(start)) {
      body.pipe(out);
      return;
    }
    const decoder = coding.decoder(start);
    decoder.once('error', fail);
    out.once('close', () => decoder.destroy());
    body.pipe(decoder).pipe(out);
  });
  return out;
}

function unreadable(body: Readable, error: Error): Readable {
  return new Readable({
    read() {
      body.destroy();
      this.destroy(error);
    },
  });
}

function hasZlibFrame([first = 0, second = 0]: Buffer): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

/** Whether a body starts with markup, after an optional byte order mark and whitespace. */
function looksLikeText(start: Buffer): boolean {
  return /^(?:\xef\xbb\xbf)?\s*</.test(start.subarray(0, 64).toString('latin1'));
}
