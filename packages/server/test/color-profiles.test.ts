import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { profileProblem } from '../src/images/color-profile.js';
import { withProfile } from '../src/images/decoded-file.js';
import { withReadableImage } from '../src/images/readable-image.js';
import { jpegWithProfile, photoshopFile } from './support/image-files.js';
import { distance, look, painted, quarters } from './support/pictures.js';

let directory: string;
let rgb: Buffer;
let cmyk: Buffer;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ips-profiles-'));
  rgb = await profileOf('p3');
  cmyk = await profileOf('cmyk');
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function profileOf(name: 'p3' | 'cmyk'): Promise<Buffer> {
  const image = painted(1, 1, () => [1, 2, 3]).withIccProfile(name);
  const { icc } = await sharp(await image.jpeg().toBuffer()).metadata();
  if (icc === undefined) throw new Error(`${name}: no profile was written`);
  return icc;
}

/** A profile in which what one of its tags refers to is overwritten. */
function spoiled(profile: Buffer, tag: string): Buffer {
  const broken = Buffer.from(profile);
  for (let at = 132; at < 132 + 12 * broken.readUInt32BE(128); at += 12)
    if (broken.toString('latin1', at, at + 4) === tag) broken.fill(0, broken.readUInt32BE(at + 4));
  return broken;
}

async function read(name: string, mediaType: string, content: Uint8Array) {
  const path = join(directory, name);
  await writeFile(path, content);
  return withReadableImage({ path, mediaType, maxPixels: 1_000_000 }, async ({ path, probe, warnings }) => ({
    picture: await look(path),
    raw: await sharp(path).raw().toBuffer(),
    probe,
    warnings,
  }));
}

const plainPhoto = () => quarters(32, 32);

describe('a profile that cannot be used', () => {
  const UNUSED = 'the color profile in the file is not used: ';

  test.each([
    ['a JPEG', 'it is damaged', () => spoiled(rgb, 'rXYZ').subarray(0, 60)],
    ['a JPEG', 'it is damaged', () => Buffer.from('this is not a profile')],
    ['a JPEG', 'it is one for CMYK colors, and the image has RGB colors', () => cmyk],
  ])('is left out of %s, with a warning: %s', async (_, problem, profile) => {
    const plain = await plainPhoto().jpeg({ quality: 95 }).toBuffer();
    const found = await read('broken.jpg', 'image/jpeg', jpegWithProfile(plain, profile()));
    expect(found.warnings).toEqual([UNUSED + problem]);
    expect(found.probe).toMatchObject({ format: 'jpeg', hasProfile: false, width: 32, height: 32 });
    expect(found.raw.equals(await sharp(plain).raw().toBuffer())).toBe(true);
  });

  test('is left out of a PNG, where the image library does not mention it', async () => {
    const plain = await plainPhoto().png().toBuffer();
    const found = await read('broken.png', 'image/png', withProfile(plain, Buffer.alloc(400, 7)));
    expect(found.warnings).toEqual([`${UNUSED}it is damaged`]);
    expect(found.raw.equals(await sharp(plain).raw().toBuffer())).toBe(true);
  });

  test('does not prevent reading inks, for which the image library fails', async () => {
    const plain = await plainPhoto().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    const broken = jpegWithProfile(plain, spoiled(cmyk, 'A2B0'));
    await expect(sharp(broken).toColourspace('srgb').raw().toBuffer()).rejects.toThrow(/link the profiles/);
    const found = await read('inks.jpg', 'image/jpeg', broken);
    expect(found.warnings).toEqual([`${UNUSED}it is damaged`]);
    expect(found.probe.space).toBe('cmyk');
    const inks = await sharp(plain).pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer();
    const kept = await sharp(join(directory, 'inks.jpg'), { ignoreIcc: true })
      .pipelineColourspace('cmyk')
      .toColourspace('cmyk')
      .raw()
      .toBuffer();
    expect(kept.equals(inks)).toBe(true);
    for (const [x, y] of [
      [4, 4],
      [28, 4],
      [4, 28],
      [28, 28],
    ] as const)
      expect(distance(found.picture.at(x, y), (await look(plain)).at(x, y))).toBeLessThan(3);
  });

  test('is left out of a format with its own decoder', async () => {
    const picture = photoshopFile(4, 4, () => [10, 200, 30], spoiled(rgb, 'rXYZ').fill(0, 36, 40));
    const found = await read('broken.psd', 'image/vnd.adobe.photoshop', picture);
    expect(found.warnings).toEqual([`${UNUSED}it is damaged`]);
    expect(found.picture.at(1, 1)).toEqual([10, 200, 30, 255]);
  });
});

test('a profile is used where it can be', async () => {
  const shown = await sharp(
    withProfile(
      await painted(4, 4, () => [10, 200, 30])
        .png()
        .toBuffer(),
      rgb,
    ),
  )
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  const jpeg = jpegWithProfile(
    await painted(4, 4, () => [10, 200, 30])
      .jpeg()
      .toBuffer(),
    rgb,
  );
  for (const [name, type, content] of [
    ['used.psd', 'image/vnd.adobe.photoshop', photoshopFile(4, 4, () => [10, 200, 30], rgb)],
    ['used.jpg', 'image/jpeg', jpeg],
  ] as const) {
    const found = await read(name, type, content);
    expect(found.warnings).toEqual([]);
    expect(found.probe.hasProfile).toBe(true);
    expect(distance(found.picture.at(1, 1), [shown[0] ?? 0, shown[1] ?? 0, shown[2] ?? 0])).toBeLessThan(4);
    expect(distance(found.picture.at(1, 1), [10, 200, 30])).toBeGreaterThan(4);
  }
});

test('a profile of more than one segment is examined as a whole', async () => {
  expect(cmyk.length).toBeGreaterThan(2 * 65_519);
  expect(await profileProblem(cmyk, 'cmyk')).toBeUndefined();
  expect(await profileProblem(cmyk.subarray(0, 100_000), 'cmyk')).toBe('it is damaged');
  const short = Buffer.from(cmyk.subarray(0, 5000));
  short.writeUInt32BE(short.length);
  expect(await profileProblem(short, 'cmyk')).toBe('it is incomplete');
  expect(await profileProblem(rgb, 'rgb16')).toBeUndefined();
  expect(await profileProblem(rgb, 'grey16')).toBe('it is one for RGB colors, and the image has GRAY colors');
  // Where the library looks at no profile, none can be wrong.
  expect(await profileProblem(rgb, 'lab')).toBeUndefined();
});
