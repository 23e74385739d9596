// Content codings of fetched responses.
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { codingsOf, decoded } from '../src/net/content-coding.js';

const TEXT = Buffer.from('the content of a file');

describe('the codings of a header', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['identity', []],
    ['gzip', ['gzip']],
    [' GZip , BR ', ['gzip', 'br']],
    ['gzip,,identity,deflate', ['gzip', 'deflate']],
    [
      ['gzip', 'zstd'],
      ['gzip', 'zstd'],
    ],
    ['gzip, x-gzip, gzip, br', ['gzip', 'x-gzip', 'gzip', 'br']],
  ])('%j', (header, expected) => expect(codingsOf(header)).toEqual(expected));

  it('are refused if one is unknown, or if there are too many', () => {
    expect(codingsOf('gzip, Compress')).toEqual({
      wrong: 'the response has the unknown Content-Encoding compress',
    });
    expect(codingsOf('toString')).toEqual({
      wrong: 'the response has the unknown Content-Encoding tostring',
    });
    expect(codingsOf('constructor')).toEqual({
      wrong: 'the response has the unknown Content-Encoding constructor',
    });
    expect(codingsOf('gzip, gzip, gzip, gzip, gzip')).toEqual({
      wrong: 'the response has more than 4 codings',
    });
  });
});

describe('content is decoded', () => {
  it.each([
    ['gzip', gzipSync(TEXT)],
    ['x-gzip', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['zstd', zstdCompressSync(TEXT)],
  ])('from %s', async (coding, content) => {
    expect(await buffer(decoded(Readable.from([content]), [coding]))).toEqual(TEXT);
  });

  it('in the reverse order of its codings, and not at all without one', async () => {
    const content = brotliCompressSync(gzipSync(TEXT));
    expect(await buffer(decoded(Readable.from([content]), ['gzip', 'br']))).toEqual(TEXT);
    const plain = Readable.from([TEXT]);
    expect(decoded(plain, [])).toBe(plain);
    expect(decoded(plain, ['unknown'])).toBe(plain);
  });

  it('with the errors of its source and of each coding', async () => {
    const failing = new Readable({ read: () => void failing.destroy(new Error('the source failed')) });
    await expect(buffer(decoded(failing, ['gzip']))).rejects.toThrow('the source failed');
    const broken = Readable.from([brotliCompressSync(TEXT)]);
    await expect(buffer(decoded(broken, ['gzip', 'br']))).rejects.toMatchObject({ code: 'Z_DATA_ERROR' });
  });
});
