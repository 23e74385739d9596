// Reads BMP files of every kind that Windows and OS/2 wrote. No package on the registry reads all of them:
// each misreads some, or fails. Imports nothing, so that the decoder's thread can load it without a build.

/** The pixels of a BMP: RGB, or RGBA where the file has an alpha mask. */
export interface BmpPixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** An embedded ICC profile. */
  readonly profile: Uint8Array | undefined;
}

/** The file seems valid, but is of an unsupported kind. */
export class UnsupportedBmpError extends Error {
  override readonly name = 'UnsupportedBmpError';
}

const RGB = 0;
const RLE8 = 1;
const RLE4 = 2;
const BITFIELDS = 3;
const ALPHA_BITFIELDS = 6;

/** Sizes of headers: OS/2 1, OS/2 2 shortened and whole, Windows 3, its unofficial extensions, Windows 4 and 5. */
const OS2 = 12;
const HEADER_SIZES: ReadonlySet<number> = new Set([OS2, 16, 40, 52, 56, 64, 108, 124]);

interface Header {
  readonly size: number;
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly colors: number;
  readonly start: number;
}

/**
 * Decodes a BMP.
 *
 * @param maxPixels - Checked before anything is decoded.
 * @throws UnsupportedBmpError, or Error for a damaged file.
 */
export function bmpPixels(content: Uint8Array, maxPixels: number): BmpPixels {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const header = headerOf(view);
  const { width, height } = header;
  if (width < 1 || height < 1) throw new Error(`a size of ${width} × ${height} pixels is impossible`);
  if (width * height > maxPixels)
    throw new UnsupportedBmpError(`it has ${width} × ${height} pixels, more than the allowed ${maxPixels}`);
  const profile = profileOf(view, header);
  if (header.compression === RLE8 || header.compression === RLE4) {
    const palette = paletteOf(view, header);
    return { ...fromIndexes(header, palette, runLengths(view, header)), profile };
  }
  if (header.bits <= 8)
    return { ...fromIndexes(header, paletteOf(view, header), packed(view, header)), profile };
  return { ...direct(view, header), profile };
}

function headerOf(view: DataView): Header {
  if (view.byteLength < 14 + OS2) throw new Error('the header is truncated');
  const start = view.getUint32(10, true);
  const size = view.getUint32(14, true);
  if (!HEADER_SIZES.has(size))
    throw new UnsupportedBmpError(`it has a header of ${size} bytes, which is not supported`);
  if (view.byteLength < 14 + size) throw new Error('the header is truncated');
  if (size === OS2) {
    const [width, height, bits] = [
      view.getUint16(18, true),
      view.getUint16(20, true),
      view.getUint16(24, true),
    ];
    checkDepth(bits, RGB, size);
    return { size, width, height, topDown: false, bits, compression: RGB, colors: 0, start };
  }
  const height = view.getInt32(22, true);
  const bits = view.getUint16(28, true);
  const compression = size >= 40 ? view.getUint32(30, true) : RGB;
  checkDepth(bits, compression, size);
  return {
    size,
    width: view.getInt32(18, true),
    height: Math.abs(height),
    topDown: height < 0,
    bits,
    compression,
    colors: size >= 40 ? view.getUint32(46, true) : 0,
    start,
  };
}

function checkDepth(bits: number, compression: number, size: number): void {
  const depths =
    size === 64 && (compression === BITFIELDS || compression === 4)
      ? [] // Huffman and 24-bit run lengths of OS/2.
      : ({
          [RGB]: [1, 2, 4, 8, 16, 24, 32],
          [RLE8]: [8],
          [RLE4]: [4],
          [BITFIELDS]: [16, 32],
          [ALPHA_BITFIELDS]: [16, 32],
        }[compression] ?? []);
  if (!depths.includes(bits))
    throw new UnsupportedBmpError(
      `it has ${bits} bits per pixel with compression ${compression}, which is not supported`,
    );
}

/** The colors of the palette, three bytes each; missing ones are black. */
function paletteOf(view: DataView, { size, bits, colors, start }: Header): Uint8Array {
  const entry = size === OS2 ? 3 : 4;
  const from = 14 + size;
  const room = Math.max(0, Math.floor((Math.min(start, view.byteLength) - from) / entry));
  const count = Math.min(2 ** bits, colors > 0 ? colors : 2 ** bits, room);
  const palette = new Uint8Array(256 * 3);
  for (let index = 0; index < count; index += 1) {
    const at = from + index * entry;
    palette[index * 3] = view.getUint8(at + 2);
    palette[index * 3 + 1] = view.getUint8(at + 1);
    palette[index * 3 + 2] = view.getUint8(at);
  }
  return palette;
}

/** Checks that all rows are present, and returns the bytes of one. */
function strideOf(view: DataView, { width, height, bits, start }: Header): number {
  const stride = Math.ceil((width * bits) / 32) * 4;
  // The last row may lack its padding.
  const needed = start + stride * (height - 1) + Math.ceil((width * bits) / 8);
  if (needed > view.byteLength) throw new Error('the pixel data is truncated');
  return stride;
}

const rowOf = ({ topDown, height }: Header, y: number): number => (topDown ? y : height - 1 - y);

function packed(view: DataView, header: Header): Uint8Array {
  const { width, height, bits, start } = header;
  const stride = strideOf(view, header);
  const indexes = new Uint8Array(width * height);
  const mask = 2 ** bits - 1;
  for (let y = 0; y < height; y += 1) {
    const row = start + stride * y;
    let to = rowOf(header, y) * width;
    for (let x = 0; x < width; x += 1, to += 1) {
      const bit = x * bits;
      indexes[to] = (view.getUint8(row + (bit >> 3)) >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return indexes;
}

/**
 * Pixels that the runs omit have the first color. Runs beyond the end of a row or of the file are truncated.
 */
function runLengths(view: DataView, header: Header): Uint8Array {
  const { width, height, bits, start } = header;
  const indexes = new Uint8Array(width * height);
  const end = view.byteLength;
  let at = start;
  let x = 0;
  let y = 0;
  const put = (index: number): void => {
    if (x < width && y < height) indexes[rowOf(header, y) * width + x] = index;
    x += 1;
  };
  const pixel = (from: number, index: number): number => {
    if (bits === 8) return view.getUint8(from + index);
    const byte = view.getUint8(from + (index >> 1));
    return index % 2 === 0 ? byte >> 4 : byte & 15;
  };
  while (at + 1 < end && y < height) {
    const count = view.getUint8(at);
    const value = view.getUint8(at + 1);
    at += 2;
    if (count > 0) {
      const [even, odd] = bits === 8 ? [value, value] : [value >> 4, value & 15];
      for (let index = 0; index < count; index += 1) put(index % 2 === 0 ? even : odd);
    } else if (value === 0) {
      x = 0;
      y += 1;
    } else if (value === 1) return indexes;
    else if (value === 2) {
      if (at + 1 >= end) throw new Error('the pixel data is truncated');
      x += view.getUint8(at);
      y += view.getUint8(at + 1);
      at += 2;
    } else {
      const bytes = bits === 8 ? value : Math.ceil(value / 2);
      if (at + bytes > end) throw new Error('the pixel data is truncated');
      for (let index = 0; index < value; index += 1) put(pixel(at, index));
      // Literal pixels are padded to an even number of bytes.
      at += bytes + (bytes % 2);
    }
  }
  if (y < height - 1) throw new Error('the pixel data is truncated');
  return indexes;
}

function fromIndexes(
  { width, height }: Header,
  palette: Uint8Array,
  indexes: Uint8Array,
): Omit<BmpPixels, 'profile'> {
  const data = new Uint8Array(width * height * 3);
  for (let index = 0; index < indexes.length; index += 1) {
    const color = (indexes[index] ?? 0) * 3;
    data[index * 3] = palette[color] ?? 0;
    data[index * 3 + 1] = palette[color + 1] ?? 0;
    data[index * 3 + 2] = palette[color + 2] ?? 0;
  }
  return { data, width, height, channels: 3 };
}

/** A component of a pixel: its offset from the lowest bit, and its maximum; 0 for a missing component. */
interface Part {
  readonly shift: number;
  readonly max: number;
}

function partsOf(view: DataView, { size, bits, compression }: Header): Part[] {
  const masked = compression === BITFIELDS || compression === ALPHA_BITFIELDS;
  const standard = bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0x00ff00, 0x0000ff, 0];
  const withAlpha = size >= 56 || compression === ALPHA_BITFIELDS;
  const present = withAlpha ? 4 : 3;
  if (masked && view.byteLength < 54 + present * 4) throw new Error('the header is truncated');
  return standard.map((mask, index) => {
    const bitMask = masked ? (index < present ? view.getUint32(54 + index * 4, true) : 0) : mask;
    if (bitMask === 0) return { shift: 0, max: 0 };
    const shift = Math.log2(bitMask & -bitMask) || 31 - Math.clz32(bitMask & -bitMask);
    const max = bitMask >>> shift;
    if ((max & (max + 1)) !== 0) throw new Error('a color mask has gaps');
    return { shift, max };
  });
}

function direct(view: DataView, header: Header): Omit<BmpPixels, 'profile'> {
  const { width, height, bits, start } = header;
  const stride = strideOf(view, header);
  const parts = partsOf(view, header);
  const channels = parts[3]?.max === 0 ? 3 : 4;
  const used = parts.slice(0, channels);
  const data = new Uint8Array(width * height * channels);
  const bytes = bits / 8;
  for (let y = 0; y < height; y += 1) {
    let to = rowOf(header, y) * width * channels;
    for (let x = 0; x < width; x += 1) {
      const at = start + stride * y + x * bytes;
      const low = view.getUint16(at, true);
      const pixel =
        bits === 16 ? low : bits === 24 ? low | (view.getUint8(at + 2) << 16) : view.getUint32(at, true);
      for (const { shift, max } of used) {
        data[to] = max === 0 ? 0 : Math.round((((pixel >>> shift) & max) * 255) / max);
        to += 1;
      }
    }
  }
  return { data, width, height, channels };
}

function profileOf(view: DataView, { size }: Header): Uint8Array | undefined {
  const embedded = 0x4d424544;
  if (size < 124 || view.getUint32(14 + 56, true) !== embedded) return undefined;
  const from = 14 + view.getUint32(14 + 112, true);
  const length = view.getUint32(14 + 116, true);
  if (length < 128 || from + length > view.byteLength) return undefined;
  return new Uint8Array(view.buffer.slice(view.byteOffset + from, view.byteOffset + from + length));
}
