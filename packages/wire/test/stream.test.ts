import { describe, expect, it } from 'vitest';
import { jobLog } from '../../../scripts/testing/job-log.js';
import { codec, type DecodeIssue, IpsFault, WireError } from '../src/index.js';

const asset = (i: number) => ({
  assetHandle: `a|${i}`,
  name: `Shoe ${i} – <rot> & größer 😀`,
  type: 'Image',
  imageInfo: { width: i, height: 1, masks: [{ maskHandle: `m${i}`, name: 'x' }] },
});

/** A text as bytes, cut into pieces that end anywhere, inside of characters and tags. */
function* pieces(text: string, size: number): Generator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('decoding item by item', () => {
  const assetArray = Array.from({ length: 50 }, (_, i) => asset(i));
  const xml = codec.encodeResponse('searchAssets', { totalRows: 50, assetArray });

  it.each([1, 2, 3, 7, 64, 4096, 1_000_000])(
    'delivers the items in pieces of %i bytes, and the rest at the end',
    async (size) => {
      let rest: unknown;
      const items = await collect(
        codec.decodeItems('searchAssets', pieces(xml, size), { onRest: (value) => void (rest = value) }),
      );
      expect(items).toEqual(assetArray);
      expect(rest).toEqual({ totalRows: 50, assetArray: [] });
    },
  );

  it('delivers rows of a job log by default, or any array that is asked for', async () => {
    const rows = [
      { logMessage: 'a', logType: 'FileBegin', dateCreated: '2014-04-03T00:00:00Z' },
      { logMessage: 'b', logType: 'FileEnd', dateCreated: '2014-04-03T00:00:00Z' },
    ];
    const log = (detailArray: typeof rows) => jobLog('x', { detailArray });
    const answer = codec.encodeResponse('getJobLogDetails', { jobLogArray: [log(rows), log(rows)] });
    let rest: unknown;
    expect(
      await collect(codec.decodeItems('getJobLogDetails', [answer], { onRest: (r) => void (rest = r) })),
    ).toEqual([...rows, ...rows]);
    expect(rest).toEqual({ jobLogArray: [log([]), log([])] });
    expect(await collect(codec.decodeItems('getJobLogDetails', [answer], { path: ['jobLogArray'] }))).toEqual(
      [log(rows), log(rows)],
    );
    const names = codec.encodeResponse('checkAssetNames', { inUseNameArray: ['a', 'b'] });
    expect(await collect(codec.decodeItems('checkAssetNames', [names]))).toEqual(['a', 'b']);
  });

  it('refuses a path that leads to no array', async () => {
    await expect(collect(codec.decodeItems('searchAssets', [xml], { path: ['totalRows'] }))).rejects.toThrow(
      'the response of searchAssets has no array at "totalRows"',
    );
    await expect(collect(codec.decodeItems('stopJob', [xml]))).rejects.toThrow(
      'the response of stopJob has no array',
    );
  });

  it('delivers items before an error, then the error', async () => {
    const items: unknown[] = [];
    const read = async () => {
      for await (const item of codec.decodeItems(
        'searchAssets',
        pieces(`${xml.slice(0, xml.length / 2)}<<<`, 100),
      ))
        items.push(item);
    };
    await expect(read()).rejects.toMatchObject({ name: 'WireError', code: 'malformed-xml' });
    expect(items.length).toBeGreaterThan(10);
  });

  it('throws a fault, a cut-off document, bytes that are not UTF-8, and a document of another kind', async () => {
    const read = (chunks: Iterable<string | Uint8Array>) =>
      collect(codec.decodeItems('searchAssets', chunks));
    await expect(read([codec.encodeFault({ kind: 'api', code: 30000, reason: 'x' })])).rejects.toBeInstanceOf(
      IpsFault,
    );
    await expect(read([xml.slice(0, -10)])).rejects.toMatchObject({ code: 'malformed-xml' });
    await expect(read([new Uint8Array([0x3c, 0x61, 0xff])])).rejects.toMatchObject({
      code: 'encoding',
      message: 'the bytes are not valid UTF-8',
    });
    await expect(read(['<html/>'])).rejects.toMatchObject({ code: 'no-message' });
    await expect(read([''])).rejects.toBeInstanceOf(WireError);
  });

  it('reports issues with the place of the item', async () => {
    const issues: DecodeIssue[] = [];
    const odd = xml.replaceAll('<type>Image</type>', '<type>Image</type><hue/>');
    await collect(codec.decodeItems('searchAssets', [odd], { onIssue: (issue) => issues.push(issue) }));
    expect(issues.map((i) => i.path).slice(0, 2)).toEqual([
      'searchAssetsReturn.assetArray[0]',
      'searchAssetsReturn.assetArray[1]',
    ]);
  });

  it('stops at a text, comment or tag that does not end', async () => {
    async function* endless(start: string, piece: string) {
      yield start;
      for (let i = 0; i < 1000; i += 1) yield piece.repeat(1000);
    }
    const limits = { maxText: 100_000 };
    for (const [start, piece] of [
      ['<a>', 'x'],
      ['<!-- ', 'x'],
      ['<a ', 'x'],
      ['<a b="', 'x'],
      ['<', 'x'],
    ] as const) {
      await expect(
        collect(codec.decodeItems('searchAssets', endless(start, piece), { limits })),
      ).rejects.toMatchObject({ code: 'limit' });
    }
  });

  it('reads 50 MB without keeping them', async () => {
    async function* big() {
      const [head, tail] = codec.encodeResponse('searchAssets', { assetArray: [] }).split('<assetArray/>');
      yield `${head}<assetArray>`;
      const item = codec
        .encodeResponse('searchAssets', { assetArray: Array.from({ length: 200 }, (_, i) => asset(i)) })
        .replace(/^.*<assetArray>|<\/assetArray>.*$/g, '');
      const rounds = Math.ceil(50_000_000 / item.length);
      for (let i = 0; i < rounds; i += 1) yield item;
      yield `</assetArray>${tail}`;
    }
    let count = 0;
    let peak = 0;
    const before = process.memoryUsage().heapUsed;
    for await (const _ of codec.decodeItems('searchAssets', big())) {
      count += 1;
      if (count % 20_000 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed - before);
    }
    expect(count).toBeGreaterThan(100_000);
    expect(peak).toBeLessThan(120_000_000);
  }, 60_000);
});
