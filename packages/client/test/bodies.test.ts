// Bodies: a status stands whatever the body does, every encoding is read as RFC 7303 says, and every path that reads an answer ends in
// the same errors.
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { codec } from '@ips-sdk/wire';
import { describe, expect, it } from 'vitest';
import type { IpsClient } from '../src/index.js';
import { clientOf, errorOf } from './support/clients.js';
import { httpAnswer, onRequests, startTcp } from './support/tcp-service.js';

const NAME = 'Grüße €5, 写真';
const WHAT = { typeHandle: 'pt|1', primaryOwnerHandle: 'c|6' };
const FOUND = codec.encodeResponse('searchAssets', { totalRows: 1, assetArray: [] });
/** An answer with one job, in no encoding yet. */
const textWith = (name: string, declaration = ''): string =>
  declaration +
  codec
    .encodeResponse('getPropertySets', {
      setArray: [
        { setHandle: 'ps|1', typeHandle: 'pt|1', propertyArray: [{ name: 'n', value: name }] } as never,
      ],
    })
    .replace(/^<\?xml[^>]*>/, '');

/** The ways to read an answer. Each calls the same operation and answers the value of its first property. */
const PATHS: Readonly<Record<string, (ips: IpsClient) => Promise<unknown>>> = {
  call: async (ips) => (await ips.getPropertySets(WHAT)).setArray?.[0]?.propertyArray?.[0]?.value,
  callRaw: async (ips) => {
    const { value } = await ips.callRaw('getPropertySets', WHAT);
    return (value as { setArray: { propertyArray: { value: string }[] }[] }).setArray[0]?.propertyArray[0]
      ?.value;
  },
  stream: async (ips) => {
    const sets = ips.stream<{ propertyArray: { value: string }[] }>('getPropertySets', WHAT);
    let value: string | undefined;
    for await (const set of sets) value = set.propertyArray[0]?.value;
    return value;
  },
  soap: async (ips) => {
    await ips.soap;
    return PATHS['call']?.(ips);
  },
};
const paths = Object.keys(PATHS);

/** A service that answers the same bytes to everything, and ends the connection afterwards or leaves it open. */
async function answering(bytes: Buffer, end: 'close' | 'reset' | 'open' = 'open') {
  let requests = 0;
  const service = await startTcp((socket) =>
    onRequests(socket, () => {
      requests += 1;
      socket.write(bytes, () => {
        if (end === 'close') socket.end();
        // What was written before must arrive.
        if (end === 'reset') setTimeout(() => socket.resetAndDestroy(), 20);
      });
    }),
  );
  return { ...service, requests: () => requests };
}

const retrying = { timeout: 300, retry: { retries: 3, minDelay: 1, maxDelay: 2 } } as const;

describe.each(paths)('the encoding of an answer, by %s', (path) => {
  const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
  const utf32 = (text: string, bigEndian: boolean): Buffer =>
    Buffer.concat(
      [...text].map((character) => {
        const bytes = Buffer.alloc(4);
        const point = character.codePointAt(0) ?? 0;
        if (bigEndian) bytes.writeUInt32BE(point);
        else bytes.writeUInt32LE(point);
        return bytes;
      }),
    );
  const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
  const declared = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?>`;

  it.each<[string, string, Buffer, string?]>([
    ['UTF-8 by default', 'text/xml', Buffer.from(textWith(NAME))],
    [
      'a byte order mark of UTF-8 before all',
      'text/xml; charset=iso-8859-1',
      Buffer.from(`\ufeff${textWith(NAME)}`),
    ],
    ['a byte order mark of UTF-16', 'text/xml', Buffer.from(`\ufeff${textWith(NAME)}`, 'utf16le')],
    ['big-endian UTF-16', 'text/xml; charset=utf-16', utf16be(`\ufeff${textWith(NAME)}`)],
    ['UTF-16 without a mark', 'application/soap+xml; charset=UTF-16', utf16be(textWith(NAME))],
    [
      'UTF-16LE without a mark or a charset',
      'text/xml',
      Buffer.from(textWith(NAME, declared('UTF-16')), 'utf16le'),
    ],
    ['UTF-32', 'text/xml; charset=utf-32', utf32(`\ufeff${textWith(NAME)}`, true)],
    ['UTF-32LE', 'text/xml', utf32(textWith(NAME), false)],
    ['what the media type names', 'text/xml; charset="ISO-8859-1"', latin(textWith('Grüße')), 'Grüße'],
    [
      'the media type before the declaration',
      "text/xml; charset='utf-8'",
      Buffer.from(textWith(NAME, declared('ISO-8859-1'))),
    ],
    ['what the declaration names', 'text/xml', latin(textWith('Grüße', declared('ISO-8859-1'))), 'Grüße'],
    ['a name of Java', 'text/xml', latin(textWith('Grüße', declared('ISO8859_1'))), 'Grüße'],
    [
      'Windows',
      'text/xml; charset=windows-1252',
      Buffer.concat([latin(textWith('§')).map((b) => (b === 0xa7 ? 0x80 : b))]),
      '€',
    ],
    [
      'Japanese',
      'text/xml; charset=Shift_JIS',
      Buffer.concat([latin(textWith('§')).map((b) => (b === 0xa7 ? 0xb1 : b))]),
      'ｱ',
    ],
    ['ASCII', 'text/xml; charset=us-ascii', Buffer.from(textWith('plain')), 'plain'],
    ['UTF-8 that says it was UTF-16 in memory', 'text/xml', Buffer.from(textWith(NAME, declared('utf-16')))],
    ['UTF-8 whose header says UTF-16', 'text/xml; charset=utf-16', Buffer.from(textWith(NAME))],
  ])('is %s', async (_name, type, body, expected = NAME) => {
    const service = await answering(httpAnswer(200, { 'Content-Type': type }, body));
    expect(await PATHS[path]?.(clientOf(service, { retry: false }))).toBe(expected);
  });

  it.each([
    ['is unknown', 'text/xml; charset=IBM037', Buffer.from([0x4c, 0xa7]), 'the unknown encoding "ibm037"'],
    ['is not that of the bytes', 'text/xml; charset=utf-8', latin(textWith('Grüße')), 'not valid utf-8'],
  ])('that %s is an error of its own, once', async (_name, type, body, message) => {
    const service = await answering(httpAnswer(200, { 'Content-Type': type }, body));
    const error = await errorOf(PATHS[path]?.(clientOf(service, retrying)) as Promise<unknown>);
    expect(error).toMatchObject({ name: 'WireError', code: 'encoding' });
    expect(error.message).toContain(message);
    expect(service.requests()).toBe(1);
  });

  it('that is compressed in an unknown way is an error of its own, once', async () => {
    const service = await answering(httpAnswer(200, { 'Content-Encoding': 'sdch' }, textWith(NAME)));
    const error = await errorOf(PATHS[path]?.(clientOf(service, retrying)) as Promise<unknown>);
    expect(error).toMatchObject({ name: 'WireError', code: 'encoding' });
    expect(error.message).toContain('Content-Encoding: expected gzip');
    expect(service.requests()).toBe(1);
  });

  it.each<[string, string, Buffer]>([
    ['gzip', 'gzip', gzipSync(textWith(NAME))],
    ['deflate with its frame', 'deflate', deflateSync(textWith(NAME))],
    ['deflate without', 'deflate', deflateRawSync(textWith(NAME))],
    ['brotli', 'br', brotliCompressSync(textWith(NAME))],
    ['two codings', 'deflate, gzip', gzipSync(deflateSync(textWith(NAME)))],
    ['none, though a header is left', 'gzip', Buffer.from(textWith(NAME))],
    ['none, by name', 'identity', Buffer.from(textWith(NAME))],
  ])('may be compressed: %s', async (_name, coding, body) => {
    const service = await answering(httpAnswer(200, { 'Content-Encoding': coding }, body));
    expect(await PATHS[path]?.(clientOf(service, { retry: false }))).toBe(NAME);
  });
});

describe.each(paths)('a status of failure, by %s', (path) => {
  const page = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>';

  it.each<[string, Buffer, 'close' | 'reset' | 'open']>([
    ['there is no body', httpAnswer(403, {}, ''), 'open'],
    ['there is less than promised', httpAnswer(403, { 'Content-Length': '500' }, page), 'close'],
    ['the connection breaks', httpAnswer(403, { 'Content-Length': '500' }, page), 'reset'],
    ['there is nothing of what was promised', httpAnswer(403, { 'Content-Length': '500' }, ''), 'close'],
    ['the rest never comes', httpAnswer(403, { 'Content-Length': '500' }, page), 'open'],
    ['there is more than promised', httpAnswer(403, { 'Content-Length': '20' }, page), 'close'],
    [
      'it is not compressed as the header says',
      httpAnswer(403, { 'Content-Encoding': 'br' }, Buffer.from([9, 9, 9])),
      'open',
    ],
    [
      'its compression breaks off',
      httpAnswer(403, { 'Content-Encoding': 'gzip' }, gzipSync(page).subarray(0, 30)),
      'open',
    ],
    ['its compression is unknown', httpAnswer(403, { 'Content-Encoding': 'sdch' }, page), 'open'],
    [
      'its encoding is unknown',
      httpAnswer(403, { 'Content-Type': 'text/html; charset=x-none' }, page),
      'open',
    ],
    ['it is a page', httpAnswer(403, { 'Content-Type': 'text/html' }, page), 'open'],
    [
      'its chunks are broken',
      Buffer.from('HTTP/1.1 403 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'),
      'open',
    ],
  ])('stands, and is asked once, when %s', async (_name, bytes, end) => {
    const service = await answering(bytes, end);
    const error = await errorOf(PATHS[path]?.(clientOf(service, retrying)) as Promise<unknown>);
    expect(error).toMatchObject({ name: 'HttpError', status: 403, url: service.endpoint });
    expect(error.message).toContain(`HTTP status 403 from ${service.endpoint}`);
    expect(service.requests()).toBe(1);
  });

  it('names what became of the body', async () => {
    const service = await answering(httpAnswer(500, { 'Content-Length': '500' }, page), 'close');
    const error = await errorOf(PATHS[path]?.(clientOf(service, retrying)) as Promise<unknown>);
    expect(error.message).toMatch(
      /Sign in Please sign in\.; .*the response was interrupted after \d+ of 500 bytes$/,
    );
    expect(error.cause).toMatchObject({ name: 'ConnectionError' });
  });

  it('leaves a fault that arrived whole a fault', async () => {
    const fault = codec.encodeFault({ kind: 'authentication', code: 10000, reason: 'Wrong password' });
    const service = await answering(httpAnswer(500, { 'Content-Length': '5000' }, fault), 'close');
    const error = await errorOf(PATHS[path]?.(clientOf(service, retrying)) as Promise<unknown>);
    expect(error).toMatchObject({ name: 'IpsFault', code: 10000, httpStatus: 500 });
    expect(service.requests()).toBe(1);
  });
});

describe.each(paths)('an answer that is none, by %s', (path) => {
  const calls = async (bytes: Buffer, end: 'close' | 'reset' | 'open' = 'open') => {
    const service = await answering(bytes, end);
    const error = await errorOf(PATHS[path]?.(clientOf(service, retrying)) as Promise<unknown>);
    return { error, requests: service.requests(), endpoint: service.endpoint };
  };

  it.each([
    ['with a document type', '<!DOCTYPE html>\n<html><body><h1>Down</h1> for maintenance</body></html>'],
    ['in capitals', '<HTML><BODY><H1>Down</H1> for maintenance</BODY></HTML>'],
    [
      'of XHTML',
      '<?xml version="1.0"?><!-- x --><!DOCTYPE html PUBLIC "x" "y"><html><body>Down for maintenance</body></html>',
    ],
    [
      'with scripts',
      '<html><script>var x = "<b>";</script><style>b {}</style><body>Down for maintenance</body></html>',
    ],
  ])('is an HTTP error with status, URL and text where it is a page %s', async (_name, page) => {
    const { error, requests, endpoint } = await calls(httpAnswer(200, { 'Content-Type': 'text/html' }, page));
    expect(error).toMatchObject({ name: 'HttpError', status: 200, url: endpoint, body: page });
    expect(error.message).toContain(`HTTP status 200 from ${endpoint}, Down for maintenance`);
    expect(requests).toBe(1);
  });

  it.each(['close', 'reset'] as const)(
    'is a broken connection where it breaks off (%s), and is repeated',
    async (end) => {
      const whole = textWith(NAME);
      const { error, requests } = await calls(
        httpAnswer(200, { 'Content-Length': String(Buffer.byteLength(whole)) }, whole.slice(0, 300)),
        end,
      );
      expect(error).toMatchObject({ name: 'ConnectionError', code: 'ECONNRESET', notSent: false });
      expect(error.message).toMatch(/the response was interrupted after \d+ of \d+ bytes/);
      // What was streamed cannot be taken back, so a stream is not repeated.
      expect(requests).toBe(path === 'stream' ? 1 : 4);
    },
  );

  it('says that its compression breaks off', async () => {
    const { error } = await calls(
      httpAnswer(200, { 'Content-Encoding': 'gzip' }, gzipSync(textWith(NAME)).subarray(0, 60)),
    );
    expect(error.name).toBe('ConnectionError');
    expect(error.message).toContain('the response was interrupted after');
    expect(error.message).toContain('unexpected end of file');
  });

  it('says where the document ends', async () => {
    const { error } = await calls(httpAnswer(200, {}, FOUND.slice(0, 200)));
    expect(error).toMatchObject({ name: 'HttpError', status: 200, cause: { code: 'malformed-xml' } });
  });
});

describe('the body of a download', () => {
  it.each([
    '<!DOCTYPE html><html><body>Please sign in</body></html>',
    '<html><body>Please sign in</body></html>',
  ])('is an HTTP error where a page stands in for the file', async (page) => {
    const service = await answering(httpAnswer(200, { 'Content-Type': 'text/html' }, page));
    const error = await errorOf(
      clientOf(service).download(`http://127.0.0.1:${service.port}/export/files.zip?token=s3cret`),
    );
    expect(error).toMatchObject({
      name: 'HttpError',
      status: 200,
      url: `http://127.0.0.1:${service.port}/export/files.zip`,
    });
    expect(error.message).toContain('Please sign in');
    expect(error.message).not.toContain('s3cret');
  });

  it('may be a page where a page was asked for', async () => {
    const page = '<html><body>Report</body></html>';
    const service = await answering(httpAnswer(200, { 'Content-Type': 'text/html' }, page));
    const { body } = await clientOf(service).download(`http://127.0.0.1:${service.port}/report.html`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe(page);
  });

  it.each(['close', 'reset', 'open'] as const)('does not hide a status of failure (%s)', async (end) => {
    const service = await answering(
      httpAnswer(404, { 'Content-Length': '900' }, '<html>Gone away</html>'),
      end,
    );
    const error = await errorOf(clientOf(service, { timeout: 200 }).download(service.endpoint));
    expect(error).toMatchObject({ name: 'HttpError', status: 404 });
    expect(error.message).toContain('Gone away');
  });
});
