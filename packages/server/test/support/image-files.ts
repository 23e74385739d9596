// Image files that the image library does not write.
import { writePsdBuffer } from 'ag-psd';
import type { Color } from './pictures.js';

/** The header of an empty Photoshop file of 2 by 2 pixels in a color mode: 3 is RGB, 7 several inks. */
export function photoshopHeader(mode: number): Buffer {
  const header = Buffer.alloc(40);
  header.write('8BPS\0\x01', 'latin1');
  header.writeUInt16BE(4, 12);
  header.writeUInt32BE(2, 14);
  header.writeUInt32BE(2, 18);
  header.writeUInt16BE(8, 22);
  header.writeUInt16BE(mode, 24);
  return header;
}

type ColorAt = (x: number, y: number) => Color;

/** A Photoshop file of RGB without layers. */
export function photoshopFile(width: number, height: number, colorAt: ColorAt, profile?: Uint8Array): Buffer {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at += 1) {
    const [r, g, b] = colorAt(at % width, Math.floor(at / width));
    data.set([r, g, b, 255], at * 4);
  }
  const file = writePsdBuffer({ width, height, imageData: { width, height, data } });
  return profile === undefined ? file : withResource(file, 1039, profile);
}

/** A Photoshop file with one more resource. */
function withResource(file: Buffer, id: number, data: Uint8Array): Buffer {
  const at = 30 + file.readUInt32BE(26);
  const head = Buffer.from('8BIM\0\0\0\0\0\0\0\0', 'latin1');
  head.writeUInt16BE(id, 4);
  head.writeUInt32BE(data.length, 8);
  const resource = Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(file.readUInt32BE(at) + resource.length);
  return Buffer.concat([file.subarray(0, at), length, resource, file.subarray(at + 4)]);
}

/** A JPEG with an ICC profile, in as many segments as it needs. */
export function jpegWithProfile(jpeg: Buffer, profile: Uint8Array): Buffer {
  const most = 65_000;
  const count = Math.ceil(profile.length / most);
  const segments = Array.from({ length: count }, (_, index) => {
    const part = profile.subarray(index * most, (index + 1) * most);
    const head = Buffer.from(`\xff\xe2\0\0ICC_PROFILE\0${String.fromCharCode(index + 1, count)}`, 'latin1');
    head.writeUInt16BE(16 + part.length, 2);
    return Buffer.concat([head, part]);
  });
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

/** A BMP with 24 bits per pixel, from the bottom up. */
export function bitmapFile(width: number, height: number, colorAt: ColorAt): Buffer {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + stride * height);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const [r, g, b] = colorAt(x, y);
      file.set([b, g, r], 54 + (height - 1 - y) * stride + x * 3);
    }
  return file;
}

/** Entries of a TIFF directory with one number each. */
export type TiffEntries = Readonly<Record<number, number>>;

/** An uncompressed TIFF of one sample per pixel, whose directory says what the entries say. */
export function tiffFile(width: number, height: number, samples: Uint8Array, entries: TiffEntries): Buffer {
  const all: TiffEntries = {
    256: width,
    257: height,
    258: 8,
    259: 1,
    262: 1,
    273: 8,
    277: 1,
    278: height,
    279: samples.length,
    ...entries,
  };
  const tags = Object.entries(all).sort(([a], [b]) => Number(a) - Number(b));
  const start = 8 + samples.length + (samples.length % 2);
  const file = Buffer.alloc(start + 2 + tags.length * 12 + 4);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(start, 4);
  file.set(samples, 8);
  file.writeUInt16LE(tags.length, start);
  for (const [index, [tag, value]] of tags.entries()) {
    const at = start + 2 + index * 12;
    file.writeUInt16LE(Number(tag), at);
    file.writeUInt16LE(4, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(value, at + 8);
  }
  return file;
}

/** A document of one page, of a size in points, with the lower left quarter in red. */
export function documentFile(width: number, height: number): Buffer {
  const drawing = `1 0 0 rg 0 0 ${width / 2} ${height / 2} re f`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents 4 0 R >>`,
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const xref = `xref\n0 5\n0000000000 65535 f \n${table}`;
  return Buffer.from(`${text}${xref}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`);
}
