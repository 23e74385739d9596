import { PassThrough, Readable, type Transform } from 'node:stream';
import { WireError } from '@ips-sdk/wire';

/** A way to decompress, and how what it decompresses begins. */
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
    // Some servers leave out the frame that the name stands for.
    decoder: (start) => (hasZlibFrame(start) ? zlib().createInflate() : zlib().createInflateRaw()),
  },
  br: { looksRight: (start) => !looksLikeText(start), decoder: () => zlib().createBrotliDecompress() },
};

/**
 * A body without its content codings. Some gateways decompress an answer and leave the header that says it is compressed, so a body
 * that does not begin as its coding does is left as it is. An unknown coding fails when the body is read.
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
      new WireError(
        'encoding',
        `the answer has the content coding ${JSON.stringify(name)}; known are ${known}`,
      ),
    );
  }
  const out = new PassThrough();
  const fail = (error: Error): void => void out.destroy(error);
  // Whoever reads it sees the error then; until somebody does, it concerns nobody.
  out.on('error', () => undefined);
  out.once('close', () => body.destroy());
  body.once('error', fail);
  // Without an end, a body that closes is incomplete.
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

/** Markup, after a byte order mark or white space. */
function looksLikeText(start: Buffer): boolean {
  return /^(?:\xef\xbb\xbf)?\s*</.test(start.subarray(0, 64).toString('latin1'));
}
