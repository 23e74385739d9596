import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withReadableImage } from '../src/images/readable-image.js';
import { withIccProfile, withRotation } from './support/heic-files.js';
import { hasImageMagick } from './support/image-corpus.js';
import { BLUE, distance, GREEN, look, type Picture, quarters, RED, WHITE } from './support/pictures.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ips-heic-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function written(...options: readonly string[]): Promise<Buffer> {
  const [from, to] = [join(directory, 'source.png'), join(directory, 'written.heic')];
  await quarters(64, 64).png().toFile(from);
  execFileSync('convert', [from, ...options, '-quality', '95', to]);
  return readFileSync(to);
}

async function read(
  content: Uint8Array,
): Promise<{ readonly picture: Picture; readonly hasProfile: boolean }> {
  const path = join(directory, 'image.heic');
  writeFileSync(path, content);
  return withReadableImage({ path, mediaType: 'image/heic', maxPixels: 100_000 }, async (image) => ({
    picture: await look(image.path),
    hasProfile: image.probe.hasProfile,
  }));
}

describe.skipIf(!hasImageMagick)('a HEIC file', () => {
  test.each([
    [0, [RED, GREEN, BLUE, WHITE]],
    [1, [GREEN, WHITE, RED, BLUE]],
    [2, [WHITE, BLUE, GREEN, RED]],
    [3, [BLUE, RED, WHITE, GREEN]],
  ] as const)('is turned as its properties say: %s quarters', async (quarter, colors) => {
    const { picture } = await read(withRotation(await written(), quarter));
    expect([picture.width, picture.height]).toEqual([64, 64]);
    for (const [index, color] of colors.entries()) {
      const pixel = picture.at(index % 2 === 0 ? 16 : 48, index < 2 ? 16 : 48);
      expect(distance(pixel, color), `quarter ${index}`).toBeLessThan(12);
    }
  });

  test('is shown by its profile', async () => {
    const { icc } = await sharp(await quarters(1, 1).withIccProfile('p3').png().toBuffer()).metadata();
    const gray = await written('-modulate', '60,50');
    const [plain, wide] = [await read(gray), await read(withIccProfile(gray, icc ?? Buffer.alloc(0)))];
    expect([plain.hasProfile, wide.hasProfile]).toEqual([false, true]);
    // The same numbers are more vivid colors there.
    const [r, g, b] = plain.picture.at(16, 16);
    expect(distance(wide.picture.at(16, 16), [r, g, b])).toBeGreaterThan(5);
  });
});

test('a decoder that is not installed is named', async () => {
  const worker = join(directory, 'decoder-worker.ts');
  copyFileSync(new URL('../src/images/decoder-worker.ts', import.meta.url), worker);
  const thread = new Worker(worker, {
    workerData: { format: 'heic', content: new Uint8Array(10), maxPixels: 100 },
    execArgv: [],
  });
  try {
    const answer = await new Promise((resolve, reject) =>
      thread.once('message', resolve).once('error', reject),
    );
    expect(answer).toEqual({
      error: 'the package libheif-js, which decodes such images, is not installed',
      reason: 'missing',
    });
  } finally {
    await thread.terminate();
  }
});
