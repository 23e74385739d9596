import { deflateSync } from 'node:zlib';
import type { Size } from './view.js';

/** Kinds of pixels. */
export type PixelType = 'rgb' | 'gray' | 'cmyk';

/** The pixels of an image for a document. */
export interface DocumentImage extends Size {
  readonly type: PixelType;
  /** A byte for each component, or a JPEG. */
  readonly data: Buffer;
  readonly isJpeg: boolean;
  /** Pixels per inch. */
  readonly density: number;
  readonly profile?: Buffer | undefined;
}

const SPACES = { rgb: 'DeviceRGB', gray: 'DeviceGray', cmyk: 'DeviceCMYK' } as const;
const COMPONENTS = { rgb: 3, gray: 1, cmyk: 4 } as const;

/** A length in points. */
const points = (pixels: number, density: number): number => Math.round((pixels * 72_000) / density) / 1000;

/** A PDF of one page, which is one image. No library in use writes one of pixels in CMYK. */
export function pdfOf(image: DocumentImage, deflated: boolean): Buffer {
  const { width, height, type, data, isJpeg, density, profile } = image;
  const [wide, high] = [points(width, density), points(height, density)];
  const stream = deflated ? deflateSync(data) : data;
  const filter = isJpeg ? ' /Filter /DCTDecode' : deflated ? ' /Filter /FlateDecode' : '';
  // JPEGs of four components have them inverted.
  const decode = isJpeg && type === 'cmyk' ? ' /Decode [1 0 1 0 1 0 1 0]' : '';
  const space = profile === undefined ? `/${SPACES[type]}` : '[/ICCBased 6 0 R]';
  const content = Buffer.from(`q ${wide} 0 0 ${high} 0 0 cm /Im0 Do Q`);
  const objects: Buffer[] = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    Buffer.from(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${wide} ${high}] /Resources << /XObject << /Im0 5 0 R >> >> /Contents 4 0 R >>`,
    ),
    streamOf('', content),
    streamOf(
      ` /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /BitsPerComponent 8 /ColorSpace ${space}${filter}${decode}`,
      stream,
    ),
    ...(profile === undefined
      ? []
      : [streamOf(` /N ${COMPONENTS[type]} /Alternate /${SPACES[type]}`, profile)]),
  ];
  // The second line has bytes above 127, so that nothing takes the file for text.
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    offsets.push(length);
    const whole = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    parts.push(whole);
    length += whole.length;
  }
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

const streamOf = (entries: string, data: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`<< /Length ${data.length}${entries} >>\nstream\n`),
    data,
    Buffer.from('\nendstream'),
  ]);

/** Characters in a line of PostScript. */
const LINE = 128;

/** An encapsulated PostScript file, whose pixels are in hexadecimal. */
export function epsOf({ width, height, type, data, density }: DocumentImage): Buffer {
  const [wide, high] = [points(width, density), points(height, density)];
  const head = [
    '%!PS-Adobe-3.0 EPSF-3.0',
    `%%BoundingBox: 0 0 ${Math.ceil(wide)} ${Math.ceil(high)}`,
    `%%HiResBoundingBox: 0 0 ${wide} ${high}`,
    '%%LanguageLevel: 2',
    '%%Pages: 1',
    '%%EndComments',
    '%%Page: 1 1',
    'gsave',
    `${wide} ${high} scale`,
    `/${SPACES[type]} setcolorspace`,
    `<< /ImageType 1 /Width ${width} /Height ${height} /BitsPerComponent 8 /Decode [${Array.from({ length: COMPONENTS[type] }, () => '0 1').join(' ')}] /ImageMatrix [${width} 0 0 ${-height} 0 ${height}] /DataSource currentfile /ASCIIHexDecode filter >> image`,
    '',
  ].join('\n');
  const hex = data.toString('hex');
  const lines: string[] = [];
  for (let at = 0; at < hex.length; at += LINE) lines.push(hex.slice(at, at + LINE));
  return Buffer.concat([
    Buffer.from(head),
    Buffer.from(lines.join('\n')),
    Buffer.from('>\ngrestore\nshowpage\n%%EOF\n'),
  ]);
}
