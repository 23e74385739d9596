import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { DirectoryFileStore } from '../src/files/file-store.js';
import { unpackArchive } from '../src/files/unpack-archive.js';

const LIMITS = { maxEntries: 20, maxBytes: 200_000_000, maxFileBytes: 150_000_000 };

let directory: string;
let files: DirectoryFileStore;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ips-archive-'));
  files = new DirectoryFileStore(join(directory, 'files'));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function unpack(archive: Uint8Array, mediaType: string, limits = LIMITS, signal?: AbortSignal) {
  const path = join(directory, 'archive');
  await writeFile(path, archive);
  return unpackArchive({ path, size: archive.length, mediaType }, files, limits, signal);
}

async function zip(entries: Readonly<Record<string, Uint8Array | string>>, mode?: number): Promise<Buffer> {
  const archive = new ZipFile();
  for (const [name, content] of Object.entries(entries)) {
    // The library refuses harmful names; they are put in where it does not look.
    archive.addBuffer(
      Buffer.from(content),
      name.replaceAll('..', 'UP').replace(/^\//, 'ROOT'),
      mode === undefined ? {} : { mode },
    );
  }
  archive.end();
  const made = await buffer(archive.outputStream);
  for (const [from, to] of [
    ['UP', '..'],
    ['ROOT', '/etc'],
  ] as const) {
    for (let at = made.indexOf(from); at >= 0; at = made.indexOf(from, at + 1)) made.write(to, at);
  }
  return made;
}

async function tar(
  entries: readonly {
    name: string;
    content?: string;
    type?: 'file' | 'symlink' | 'directory';
    linkname?: string;
  }[],
): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of entries) archive.entry(header, content ?? '');
  archive.finalize();
  return buffer(archive);
}

const contentsOf = async (unpacked: Awaited<ReturnType<typeof unpack>>) =>
  Object.fromEntries(
    await Promise.all(
      unpacked.map(async ({ path, stored }) => [path, await readFile(await files.path(stored.hash), 'utf8')]),
    ),
  );

describe('an archive', () => {
  test('of ZIP is unpacked with its folders', async () => {
    const archive = await zip({
      'a.txt': 'one',
      'b/c.txt': 'two',
      '__MACOSX/b/._c.txt': 'x',
      '.DS_Store': 'x',
    });
    expect(await contentsOf(await unpack(archive, 'application/zip'))).toEqual({
      'a.txt': 'one',
      'b/c.txt': 'two',
    });
  });

  test.each([
    ['application/x-tar', (content: Buffer) => content],
    ['application/gzip', gzipSync],
  ] as const)('of %s is unpacked with its folders', async (mediaType, wrap) => {
    const archive = await tar([
      { name: 'b', type: 'directory' },
      { name: 'a.txt', content: 'one' },
      { name: './b/c.txt', content: 'two' },
    ]);
    expect(await contentsOf(await unpack(wrap(archive), mediaType))).toEqual({
      'a.txt': 'one',
      'b/c.txt': 'two',
    });
  });

  test('that is empty unpacks to nothing', async () => {
    expect(await unpack(await zip({}), 'application/zip')).toEqual([]);
  });
});

describe('an archive that would do harm', () => {
  test.each(['../evil.txt', 'a/../../evil.txt', '/ROOT/passwd'])(
    'with the path %s in a ZIP is refused as a whole',
    async (name) => {
      await expect(unpack(await zip({ 'good.txt': 'x', [name]: 'x' }), 'application/zip')).rejects.toThrow(
        /relative path|absolute path|points outside the archive/,
      );
    },
  );

  test.each(['../evil.txt', 'a/../../evil.txt', '/etc/passwd', 'C:/evil.txt', '..\\evil.txt'])(
    'with the path %s in a tar is refused as a whole',
    async (name) => {
      await expect(
        unpack(
          await tar([
            { name: 'good.txt', content: 'x' },
            { name, content: 'x' },
          ]),
          'application/x-tar',
        ),
      ).rejects.toThrow('which points outside the archive');
    },
  );

  test('by symbolic links is unpacked without them', async () => {
    expect(
      await unpack(
        await tar([{ name: 'link', type: 'symlink', linkname: '/etc/passwd' }]),
        'application/x-tar',
      ),
    ).toEqual([]);
    expect(await unpack(await zip({ link: '/etc/passwd' }, 0o120777), 'application/zip')).toEqual([]);
  });

  test.each([
    ['a ZIP', 'application/zip', async () => zip({ 'zeros.bin': Buffer.alloc(100_000_000) })],
    [
      'a tar',
      'application/gzip',
      async () => gzipSync(await tar([{ name: 'zeros.bin', content: '\0'.repeat(100_000_000) }])),
    ],
  ])('by unpacking to hundreds of times its size is refused: %s', async (_what, mediaType, make) => {
    await expect(unpack(await make(), mediaType)).rejects.toThrow(
      'the archive unpacks to more than 200 times its size',
    );
  });

  test('by many bytes in all is refused', async () => {
    const archive = await zip({ a: 'x'.repeat(600), b: 'y'.repeat(600) });
    await expect(unpack(archive, 'application/zip', { ...LIMITS, maxBytes: 1000 })).rejects.toThrow(
      'the archive unpacks to more than 1000 bytes',
    );
  });

  test('by one large file is refused', async () => {
    const archive = await zip({ a: 'x'.repeat(600) });
    await expect(unpack(archive, 'application/zip', { ...LIMITS, maxFileBytes: 500 })).rejects.toThrow(
      'a file in the archive has more than 500 bytes',
    );
  });

  test('by many entries is refused', async () => {
    const entries = Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`f${at}`, 'x']));
    await expect(unpack(await zip(entries), 'application/zip')).rejects.toThrow(
      'the archive has more than 20 entries',
    );
  });

  test('by a false size is refused', async () => {
    const archive = await zip({ a: 'x'.repeat(5000) });
    const directoryAt = archive.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
    archive.writeUInt32LE(10, directoryAt + 24);
    await expect(unpack(archive, 'application/zip')).rejects.toThrow('the archive is damaged');
  });

  test.each([
    ['application/zip', () => Buffer.from('PK\x03\x04 and nothing more')],
    ['application/x-tar', () => Buffer.alloc(1000, 'x')],
    ['application/gzip', () => Buffer.from('\x1f\x8b and nothing more', 'latin1')],
  ])('by being no sound %s is refused', async (mediaType, make) => {
    await expect(unpack(make(), mediaType)).rejects.toThrow('the archive is damaged');
  });

  test('that breaks off is refused', async () => {
    const archive = gzipSync(await tar([{ name: 'a', content: 'x'.repeat(10_000) }]));
    await expect(unpack(archive.subarray(0, archive.length - 20), 'application/gzip')).rejects.toThrow(
      'the archive is damaged',
    );
  });
});

test('unpacking ends when it is aborted', async () => {
  const stop = AbortSignal.abort(new Error('told to stop'));
  await expect(unpack(await zip({ a: 'x' }), 'application/zip', LIMITS, stop)).rejects.toThrow(
    'told to stop',
  );
});
