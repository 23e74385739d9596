// Photoshop files of every mode, written plane by plane.

/** What to write. Values in planes are as the file stores them. */
export interface PsdToWrite {
  readonly width: number;
  readonly height: number;
  readonly mode: number;
  readonly bits: 1 | 8 | 16 | 32;
  /** The planes of the composite image. For 1 bit, a value is 0 or 1. */
  readonly planes: readonly (readonly number[])[];
  readonly compression?: 0 | 1;
  readonly large?: boolean;
  readonly colorData?: Uint8Array;
  readonly resources?: readonly { readonly id: number; readonly data: Uint8Array }[];
  /** The section of the layers without its length. */
  readonly layers?: Uint8Array;
}

/** A section of layers that has none, and says that the composite image is transparent or not. */
export function emptyLayers(isClear: boolean, large = false): Buffer {
  const block = Buffer.concat([Buffer.from('8BIMMt16', 'latin1'), Buffer.alloc(large ? 8 : 4)]);
  return Buffer.concat([Buffer.alloc((large ? 8 : 4) + 4), ...(isClear ? [block] : [])]);
}

/** Writes a Photoshop file. */
export function psdFile(psd: PsdToWrite): Buffer {
  const { width, height, mode, bits, planes, compression = 0, large = false } = psd;
  const head = Buffer.alloc(26);
  head.write('8BPS', 'latin1');
  head.writeUInt16BE(large ? 2 : 1, 4);
  head.writeUInt16BE(planes.length, 12);
  head.writeUInt32BE(height, 14);
  head.writeUInt32BE(width, 18);
  head.writeUInt16BE(bits, 22);
  head.writeUInt16BE(mode, 24);
  const resources = (psd.resources ?? []).map(({ id, data }) => {
    const start = Buffer.from('8BIM\0\0\0\0', 'latin1');
    start.writeUInt16BE(id, 4);
    return Buffer.concat([start, long(data.length), data, Buffer.alloc(data.length % 2)]);
  });
  const layers = psd.layers ?? new Uint8Array();
  const rows = planes.map((plane) => rowsOf(plane, width, height, bits));
  const counts = Buffer.alloc(compression === 1 ? planes.length * height * (large ? 4 : 2) : 0);
  const packed = compression === 1 ? rows.map((all) => all.map(literal)) : rows;
  for (const [index, row] of packed.flat().entries())
    if (compression === 1) counts.writeUIntBE(row.length, index * (large ? 4 : 2), large ? 4 : 2);
  return Buffer.concat([
    head,
    long(psd.colorData?.length ?? 0),
    psd.colorData ?? new Uint8Array(),
    long(resources.reduce((sum, { length }) => sum + length, 0)),
    ...resources,
    large ? Buffer.concat([long(0), long(layers.length)]) : long(layers.length),
    layers,
    Buffer.of(0, compression),
    counts,
    ...packed.flat(),
  ]);
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function rowsOf(plane: readonly number[], width: number, height: number, bits: number): Buffer[] {
  return Array.from({ length: height }, (_, y) => {
    const row = Buffer.alloc(Math.ceil((width * bits) / 8));
    for (let x = 0; x < width; x += 1) {
      const value = plane[y * width + x] ?? 0;
      if (bits === 1) row[x >> 3] = (row[x >> 3] ?? 0) | (value << (7 - (x & 7)));
      else if (bits === 32) row.writeFloatBE(value, x * 4);
      else row.writeUIntBE(value, x * (bits / 8), bits / 8);
    }
    return row;
  });
}

/** A row by the algorithm PackBits, without a run; with a byte of no meaning in front. */
function literal(row: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.of(128)];
  for (let at = 0; at < row.length; at += 128) {
    const part = row.subarray(at, at + 128);
    parts.push(Buffer.of(part.length - 1), part);
  }
  return Buffer.concat(parts);
}
