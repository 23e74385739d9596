import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { readTiffDirectory } from './tiff-directory.js';

/** An image resource of Photoshop. */
export interface PhotoshopResource {
  readonly id: number;
  readonly name: Buffer;
  readonly data: Buffer;
}

/** The image resources in a file, and the size of the image that they belong to. */
export interface PhotoshopBlock {
  readonly resources: Buffer;
  /** Pixels, before the orientation in the file is applied. */
  readonly width: number;
  readonly height: number;
}

/** Maximum resources to look at. */
const MAX_RESOURCES = 10_000;

/** Maximum bytes of the resources of a file. */
const MAX_BLOCK = 64 * 2 ** 20;

/** Maximum segments of a JPEG to look at. */
const MAX_SEGMENTS = 10_000;

/** The tags of a TIFF. */
const WIDTH = 256;
const HEIGHT = 257;
const RESOURCES = 34377;

/** The beginning of the segments of a JPEG that contain resources. */
const APP13 = Buffer.from('Photoshop 3.0\0', 'latin1');

/** The resources in a block, in its order. What follows a damaged one is omitted. */
export function* photoshopResources(block: Buffer): Generator<PhotoshopResource> {
  for (let at = 0, count = 0; count < MAX_RESOURCES && at + 12 <= block.length; count += 1) {
    const id = block.readUInt16BE(at + 4);
    const nameEnd = at + 7 + block.readUInt8(at + 6);
    // The name with its length, and the data, have an even number of bytes each.
    const start = nameEnd + ((nameEnd - at) % 2);
    if (start + 4 > block.length) return;
    const length = block.readUInt32BE(start);
    const end = start + 4 + length;
    if (end > block.length) return;
    yield { id, name: block.subarray(at + 7, nameEnd), data: block.subarray(start + 4, end) };
    at = end + (length % 2);
  }
}

/** Reads the resources of a Photoshop file, a TIFF or a JPEG, by its content; `undefined` for a file without them. */
export async function readPhotoshopBlock(path: string): Promise<PhotoshopBlock | undefined> {
  const file = await open(path);
  try {
    const head = await readAt(file, 0, 30);
    const mark = head.toString('latin1', 0, 4);
    if (mark === '8BPS' && head.length === 30) return await ofPhotoshop(file, head);
    if (mark.startsWith('II') || mark.startsWith('MM')) return await ofTiff(file);
    if (head.length > 2 && head.readUInt16BE(0) === 0xffd8) return await ofJpeg(file);
    return undefined;
  } finally {
    await file.close();
  }
}

async function ofPhotoshop(file: FileHandle, head: Buffer): Promise<PhotoshopBlock | undefined> {
  // The colors, then the resources, each preceded by its length.
  const start = 30 + head.readUInt32BE(26);
  const sized = await readAt(file, start, 4);
  const length = sized.length < 4 ? 0 : sized.readUInt32BE(0);
  if (length > MAX_BLOCK) return undefined;
  const resources = await readAt(file, start + 4, length);
  return { resources, width: head.readUInt32BE(18), height: head.readUInt32BE(14) };
}

async function ofTiff(file: FileHandle): Promise<PhotoshopBlock | undefined> {
  const directory = await readTiffDirectory(file);
  const resources = await directory?.bytes(RESOURCES, MAX_BLOCK);
  const [width] = (await directory?.numbers(WIDTH)) ?? [];
  const [height] = (await directory?.numbers(HEIGHT)) ?? [];
  if (resources === undefined || width === undefined || height === undefined) return undefined;
  return { resources, width, height };
}

async function ofJpeg(file: FileHandle): Promise<PhotoshopBlock | undefined> {
  const parts: Buffer[] = [];
  let total = 0;
  let at = 2;
  for (let count = 0; count < MAX_SEGMENTS; count += 1) {
    const segment = await readAt(file, at, 9);
    if (segment.length < 9 || segment[0] !== 0xff) return undefined;
    const marker = segment.readUInt8(1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // Resources come before the frame, which has the size.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      if (total === 0) return undefined;
      return {
        resources: Buffer.concat(parts),
        height: segment.readUInt16BE(5),
        width: segment.readUInt16BE(7),
      };
    }
    if (marker === 0xda || marker === 0xd9) return undefined;
    const length = segment.readUInt16BE(2);
    if (marker === 0xed && length > APP13.length) {
      const content = await readAt(file, at + 4, length - 2);
      // Resources of more than 64 KiB continue in the next such segment.
      if (content.subarray(0, APP13.length).equals(APP13)) {
        total += content.length;
        if (total > MAX_BLOCK) return undefined;
        parts.push(content.subarray(APP13.length));
      }
    }
    at += 2 + length;
  }
  return undefined;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
