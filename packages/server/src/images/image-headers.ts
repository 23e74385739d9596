import { type FileHandle, open } from 'node:fs/promises';
import { readTiffHeader, unsupportedTiff } from './tiff-header.js';

/** Facts in the headers of a file that the image library ignores. */
export interface HeaderFindings {
  /** The reason why the library cannot read the image, or would read wrong pixels. */
  readonly unsupported?: string | undefined;
  /** The gamma of the samples, if the file contains it; sRGB has 1 / 2.2. */
  readonly gamma?: number | undefined;
  /** Whether the file has a color profile; `undefined` where the image library finds it whatever it contains. */
  readonly hasProfile?: boolean | undefined;
}

/** Reads the headers of an image by its content, regardless of its name. */
export async function imageHeaders(path: string): Promise<HeaderFindings> {
  // The library reports a missing file.
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return {};
  try {
    const head = await readAt(file, 0, 4);
    if (head.length < 4) return {};
    const mark = head.toString('latin1');
    if (mark.startsWith('II') || mark.startsWith('MM')) return await tiffFindings(file);
    if (head.readUInt32BE(0) === 0x89504e47) return await pngFindings(file);
    if (head.readUInt16BE(0) === 0xffd8) return { unsupported: await unsupportedJpeg(file) };
    return {};
  } finally {
    await file.close();
  }
}

async function tiffFindings(file: FileHandle): Promise<HeaderFindings> {
  const header = await readTiffHeader(file);
  if (header === undefined) return {};
  return { unsupported: unsupportedTiff(header) };
}

/** Maximum segments or chunks before the pixels. */
const MAX_PARTS = 10_000;

const CODINGS: Readonly<Record<number, string>> = {
  3: 'lossless coding',
  5: 'hierarchical coding',
  6: 'hierarchical coding',
  7: 'lossless coding',
  11: 'lossless coding',
  13: 'hierarchical coding',
  14: 'hierarchical coding',
  15: 'lossless coding',
};

/** The library accepts JPEGs of 8 bits with one, three or four components. */
async function unsupportedJpeg(file: FileHandle): Promise<string | undefined> {
  let at = 2;
  for (let count = 0; count < MAX_PARTS; count += 1) {
    const segment = await readAt(file, at, 10);
    if (segment.length < 10 || segment[0] !== 0xff) return undefined;
    const marker = segment.readUInt8(1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // Start of scan, or end of image.
    if (marker === 0xda || marker === 0xd9) return undefined;
    if (marker === 0xf7) return 'it is a JPEG-LS image, which is not supported';
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const coding = CODINGS[marker - 0xc0];
      if (coding !== undefined) return `it is a JPEG with ${coding}, which is not supported`;
      const bits = segment.readUInt8(4);
      if (bits !== 8) return `it is a JPEG with ${bits} bits per sample, which is not supported`;
      const components = (await readAt(file, at + 9, 1))[0] ?? 0;
      return [1, 3, 4].includes(components)
        ? undefined
        : `it is a JPEG with ${components} components, which is not supported`;
    }
    at += 2 + segment.readUInt16BE(2);
  }
  return undefined;
}

/** The gAMA chunk of a PNG, unless a chunk with more exact colors overrules it, and whether there is a profile. */
async function pngFindings(file: FileHandle): Promise<HeaderFindings> {
  let at = 8;
  let gamma: number | undefined;
  for (let count = 0; count < MAX_PARTS; count += 1) {
    const chunk = await readAt(file, at, 12);
    if (chunk.length < 12) return {};
    const type = chunk.toString('latin1', 4, 8);
    if (type === 'iCCP') return { hasProfile: true };
    if (type === 'sRGB' || type === 'cICP') return {};
    if (type === 'IDAT' || type === 'IEND') return { gamma };
    if (type === 'gAMA') gamma = chunk.readUInt32BE(8) / 100_000;
    at += 12 + chunk.readUInt32BE(0);
  }
  return { gamma };
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
