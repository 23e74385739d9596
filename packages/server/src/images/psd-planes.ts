// Decodes the planes of Photoshop files, and turns them into pixels. The package that reads the structure of these files fills planes
// that it cannot decode with other data: further channels overwrite the next pixel, and 16-bit rows are read as 8-bit ones. Imports
// nothing of this folder, so that the decoder's threads can load it without a build.
import { inflateSync } from 'node:zlib';

/** Numbers of color modes. */
export const PSD_MODES = {
  bitmap: 0,
  gray: 1,
  indexed: 2,
  rgb: 3,
  cmyk: 4,
  multichannel: 7,
  duotone: 8,
  lab: 9,
} as const;

/** Samples of one plane, 0 to 255 or 0 to 65535. */
export type Plane = Uint8Array | Uint16Array;

/** How the samples of a plane are stored. */
export interface PlaneLayout {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** 0 for raw, 1 for runs, 2 for deflate, 3 for deflate of differences. */
  readonly compression: number;
  /** Whether the file is of the large format (PSB), which has longer counts. */
  readonly large: boolean;
}

/** Pixels of a picture: gray, RGB or CMYK, with or without alpha. */
export interface PsdPicture {
  readonly data: Uint8Array | Uint16Array;
  readonly channels: 1 | 2 | 3 | 4 | 5;
  readonly space: 'gray' | 'rgb' | 'cmyk';
}

/** Color channels of a mode, without alpha. */
export const colorChannels = (mode: number): number =>
  mode === PSD_MODES.rgb || mode === PSD_MODES.lab ? 3 : mode === PSD_MODES.cmyk ? 4 : 1;

const bytesOfRow = (width: number, bits: number): number => Math.ceil((width * bits) / 8);

/**
 * Decodes one plane.
 *
 * @throws Error if the data ends early or contradicts its layout.
 */
export function decodePlane(data: Uint8Array, layout: PlaneLayout): Plane {
  const { width, height, bits, compression, large } = layout;
  const row = bytesOfRow(width, bits);
  if (compression === 0) return samplesOf(exactly(data, row * height), layout);
  if (compression === 1) {
    const counts = height * (large ? 4 : 2);
    const rows = unpackRows(data, 0, counts, height, row, large);
    return samplesOf(rows.bytes, layout);
  }
  if (compression !== 2 && compression !== 3) throw new Error(`compression ${compression} is not supported`);
  const bytes = exactly(inflateSync(data, { maxOutputLength: Math.max(1, row * height) }), row * height);
  if (compression === 3) addDifferences(bytes, width, height, bits);
  return samplesOf(bytes, layout);
}

/**
 * Decodes the first planes of a composite image, which share one table of counts.
 *
 * @param data - From its compression to the end of the file.
 * @param channels - Planes to decode.
 * @param all - Planes that the composite image has.
 */
export function decodeComposite(
  data: Uint8Array,
  layout: Omit<PlaneLayout, 'compression'>,
  channels: number,
  all: number,
): Plane[] {
  const { width, height, bits, large } = layout;
  if (data.length < 2) throw new Error('it ends early');
  const compression = ((data[0] ?? 0) << 8) | (data[1] ?? 0);
  const body = data.subarray(2);
  const row = bytesOfRow(width, bits);
  const planes: Plane[] = [];
  if (compression > 1) throw new Error(`a composite image with compression ${compression} is not supported`);
  const size = large ? 4 : 2;
  let at = compression === 1 ? all * height * size : 0;
  for (let index = 0; index < channels; index += 1) {
    if (compression === 0) {
      planes.push(samplesOf(exactly(body.subarray(at), row * height), { ...layout, compression }));
      at += row * height;
      continue;
    }
    const rows = unpackRows(body, index * height * size, at, height, row, large);
    planes.push(samplesOf(rows.bytes, { ...layout, compression }));
    at = rows.end;
  }
  return planes;
}

function exactly(data: Uint8Array, length: number): Uint8Array {
  if (data.length < length) throw new Error('it ends early');
  return data.slice(0, length);
}

/** Rows of runs, each of which has its number of bytes in a table. */
function unpackRows(
  data: Uint8Array,
  table: number,
  start: number,
  height: number,
  row: number,
  large: boolean,
): { readonly bytes: Uint8Array; readonly end: number } {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const bytes = new Uint8Array(row * height);
  let at = start;
  for (let y = 0; y < height; y += 1) {
    const length = large ? view.getUint32(table + y * 4) : view.getUint16(table + y * 2);
    const end = at + length;
    if (end > data.length) throw new Error('it ends early');
    unpackRow(data, at, end, bytes.subarray(y * row, (y + 1) * row));
    at = end;
  }
  return { bytes, end: at };
}

/** A row by the algorithm PackBits. */
function unpackRow(data: Uint8Array, from: number, end: number, row: Uint8Array): void {
  let at = from;
  let to = 0;
  while (to < row.length) {
    if (at >= end) throw new Error('a row has too few pixels');
    const head = data[at] ?? 0;
    at += 1;
    if (head === 128) continue;
    if (head < 128) {
      const count = Math.min(head + 1, row.length - to);
      if (at + count > end) throw new Error('a row ends within a run');
      row.set(data.subarray(at, at + count), to);
      at += head + 1;
      to += count;
    } else {
      if (at >= end) throw new Error('a row ends within a run');
      const count = Math.min(257 - head, row.length - to);
      row.fill(data[at] ?? 0, to, to + count);
      at += 1;
      to += count;
    }
  }
}

/** Undoes the prediction of each sample from the one before it. */
function addDifferences(bytes: Uint8Array, width: number, height: number, bits: number): void {
  const row = bytesOfRow(width, bits);
  const size = bits === 16 ? 2 : 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let y = 0; y < height; y += 1)
    for (let at = y * row + size; at < (y + 1) * row; at += size)
      if (size === 2) view.setUint16(at, view.getUint16(at) + view.getUint16(at - 2));
      else bytes[at] = (bytes[at] ?? 0) + (bytes[at - 1] ?? 0);
}

function samplesOf(bytes: Uint8Array, { width, height, bits }: PlaneLayout): Plane {
  if (bits === 8) return bytes;
  if (bits === 16) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const samples = new Uint16Array(width * height);
    for (let at = 0; at < samples.length; at += 1) samples[at] = view.getUint16(at * 2);
    return samples;
  }
  // A bit that is set is black.
  const row = bytesOfRow(width, 1);
  const samples = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      samples[y * width + x] = ((bytes[y * row + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1 ? 0 : 255;
  return samples;
}

/** What planes mean. */
export interface PlaneMeaning {
  readonly mode: number;
  /** Of an indexed image: 256 shades of red, of green, of blue. */
  readonly palette?: Uint8Array | undefined;
  /** Of an indexed image: the color that is clear. */
  readonly clearIndex?: number | undefined;
  /** Whether white is mixed into the colors of half clear pixels, as in composite images. */
  readonly matted: boolean;
}

/**
 * The pixels of planes.
 *
 * @param alpha - The plane of the transparency.
 */
export function pictureOfPlanes(
  colors: readonly Plane[],
  alpha: Plane | undefined,
  meaning: PlaneMeaning,
): PsdPicture {
  const { mode, matted } = meaning;
  const [first] = colors;
  if (first === undefined || colors.length < colorChannels(mode)) throw new Error('it lacks channels');
  if (mode === PSD_MODES.indexed) return indexed(first, alpha, meaning);
  const planes = matted && alpha !== undefined ? withoutWhite(colors, alpha, mode) : colors;
  if (mode === PSD_MODES.lab) return fromLab(planes, alpha);
  if (mode === PSD_MODES.cmyk) return inks(planes, alpha);
  const all = alpha === undefined ? planes : [...planes, alpha];
  // By its count above, and at most one more.
  return {
    data: woven(all),
    channels: all.length as 1 | 2 | 3 | 4,
    space: planes.length === 1 ? 'gray' : 'rgb',
  };
}

function woven(planes: readonly Plane[]): Uint8Array | Uint16Array {
  const [first = new Uint8Array()] = planes;
  const step = planes.length;
  const data =
    first instanceof Uint16Array ? new Uint16Array(first.length * step) : new Uint8Array(first.length * step);
  for (const [index, plane] of planes.entries())
    for (let from = 0, to = index; from < plane.length; from += 1, to += step) data[to] = plane[from] ?? 0;
  return data;
}

function indexed(
  indexes: Plane,
  alpha: Plane | undefined,
  { palette, clearIndex }: PlaneMeaning,
): PsdPicture {
  if (palette === undefined || palette.length < 768) throw new Error('it has no palette');
  const clear = alpha !== undefined || clearIndex !== undefined;
  const channels = clear ? 4 : 3;
  const data = new Uint8Array(indexes.length * channels);
  for (let from = 0, to = 0; from < indexes.length; from += 1, to += channels) {
    const index = indexes[from] ?? 0;
    for (let part = 0; part < 3; part += 1) data[to + part] = palette[part * 256 + index] ?? 0;
    if (clear) data[to + 3] = index === clearIndex ? 0 : (alpha?.[from] ?? 255);
  }
  return { data, channels, space: 'rgb' };
}

/** Photoshop stores the amount of paper that shows, and other formats that of the ink. */
function inks(planes: readonly Plane[], alpha: Plane | undefined): PsdPicture {
  const channels = alpha === undefined ? 4 : 5;
  const [first = new Uint8Array()] = planes;
  const data = new Uint8Array(first.length * channels);
  const shift = first instanceof Uint16Array ? 257 : 1;
  for (let index = 0; index < 4; index += 1) {
    const plane = planes[index] ?? first;
    for (let from = 0, to = index; from < plane.length; from += 1, to += channels)
      data[to] = 255 - Math.round((plane[from] ?? 0) / shift);
  }
  if (alpha !== undefined)
    for (let from = 0, to = 4; from < alpha.length; from += 1, to += channels)
      data[to] = Math.round((alpha[from] ?? 0) / shift);
  return { data, channels, space: 'cmyk' };
}

/** Removes the white that a composite image mixes into the colors of half clear pixels. */
function withoutWhite(planes: readonly Plane[], alpha: Plane, mode: number): Plane[] {
  const full = alpha instanceof Uint16Array ? 0xffff : 0xff;
  return planes.map((plane, index) => {
    const white = mode === PSD_MODES.lab && index > 0 ? (full + 1) / 2 : full;
    return plane.map((value, at) => {
      const share = (alpha[at] ?? full) / full;
      return share === 0 ? value : Math.max(0, Math.min(full, Math.round((value - white) / share + white)));
    });
  });
}

/** The white of L*a*b* in Photoshop, D50. */
const WHITE = [0.9642, 1, 0.8249] as const;

/** From D50 to linear sRGB, whose white is D65, by the method of Bradford. */
const TO_SRGB = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;

function fromLab(
  [lights = new Uint8Array(), as = lights, bs = lights]: readonly Plane[],
  alpha?: Plane,
): PsdPicture {
  const channels = alpha === undefined ? 3 : 4;
  const data = new Uint16Array(lights.length * channels);
  const wide = lights instanceof Uint16Array;
  const full = wide ? 0xffff : 0xff;
  const [middle, unit] = wide ? [0x8000, 256] : [0x80, 1];
  for (let from = 0, to = 0; from < lights.length; from += 1, to += channels) {
    const y = ((lights[from] ?? 0) / full) * 100;
    const fy = (y + 16) / 116;
    const fx = fy + ((as[from] ?? 0) - middle) / unit / 500;
    const fz = fy - ((bs[from] ?? 0) - middle) / unit / 200;
    const xyz = [cubed(fx) * WHITE[0], cubed(fy) * WHITE[1], cubed(fz) * WHITE[2]];
    for (const [part, row] of TO_SRGB.entries())
      data[to + part] = Math.round(
        0xffff * bent(row[0] * (xyz[0] ?? 0) + row[1] * (xyz[1] ?? 0) + row[2] * (xyz[2] ?? 0)),
      );
    if (alpha !== undefined) data[to + 3] = Math.round(((alpha[from] ?? 0) * 0xffff) / full);
  }
  return { data, channels, space: 'rgb' };
}

const cubed = (value: number): number => (value > 6 / 29 ? value ** 3 : 3 * (6 / 29) ** 2 * (value - 4 / 29));

/** The curve of sRGB. */
function bent(linear: number): number {
  const within = Math.max(0, Math.min(1, linear));
  return within <= 0.0031308 ? within * 12.92 : 1.055 * within ** (1 / 2.4) - 0.055;
}
