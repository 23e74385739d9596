/** The properties in the headers of a JPEG 2000 file. */
export interface Jp2Header {
  readonly width: number;
  readonly height: number;
  readonly components: readonly {
    readonly bits: number;
    readonly signed: boolean;
    readonly subsampled: boolean;
  }[];
  /** Number of the color space; `undefined` if the file has none. */
  readonly colorSpace: number | undefined;
  readonly profile: Uint8Array | undefined;
}

const SRGB = 16;
const GRAY = 17;
export const SYCC = 18;

/** Maximum boxes to look at, in the file and in its header. */
const MAX_BOXES = 1000;

/** Reads the headers of a JPEG 2000 file or codestream; `undefined` for anything else. */
export function readJp2Header(content: Buffer): Jp2Header | undefined {
  if (isCodestream(content, 0)) return codestreamHeader(content, 0);
  let color: Pick<Jp2Header, 'colorSpace' | 'profile'> = { colorSpace: undefined, profile: undefined };
  for (const box of boxes(content, 0, content.length)) {
    if (box.type === 'jp2h') {
      const colr = [...boxes(content, box.from, box.to)].find(({ type }) => type === 'colr');
      if (colr !== undefined) color = colorOf(content.subarray(colr.from, colr.to));
    }
    if (box.type !== 'jp2c') continue;
    const header = codestreamHeader(content, box.from);
    return header === undefined ? undefined : { ...header, ...color };
  }
  return undefined;
}

/** The reason why the decoder does not support a file. */
export function unsupportedJp2({ components, colorSpace }: Jp2Header): string | undefined {
  const [first] = components;
  if (first === undefined || (components.length !== 1 && components.length !== 3))
    return `it has ${components.length} components per pixel; only 1 or 3 are supported`;
  if (components.some(({ subsampled }) => subsampled))
    return 'it has components of different sizes, which are not supported';
  if (
    first.bits > 16 ||
    components.some(({ bits, signed }) => bits !== first.bits || signed !== first.signed)
  )
    return `it has components of ${components.map(({ bits }) => bits).join(', ')} bits, which are not supported`;
  if (colorSpace !== undefined && ![SRGB, GRAY, SYCC].includes(colorSpace))
    return `it has the color space ${colorSpace}, which is not supported`;
  return undefined;
}

function* boxes(
  content: Buffer,
  start: number,
  end: number,
): Generator<{ readonly type: string; readonly from: number; readonly to: number }> {
  let at = start;
  for (let count = 0; count < MAX_BOXES && at + 8 <= end; count += 1) {
    const short = content.readUInt32BE(at);
    const type = content.toString('latin1', at + 4, at + 8);
    const long = short === 1;
    if (long && at + 16 > end) return;
    const length = long ? Number(content.readBigUInt64BE(at + 8)) : short === 0 ? end - at : short;
    const from = at + (long ? 16 : 8);
    if (length < from - at) return;
    const to = Math.min(end, at + length);
    yield { type, from, to };
    at = to;
  }
}

function colorOf(box: Buffer): Pick<Jp2Header, 'colorSpace' | 'profile'> {
  const method = box[0];
  if (method === 1 && box.length >= 7) return { colorSpace: box.readUInt32BE(3), profile: undefined };
  if (method === 2 && box.length > 3 + 128)
    return { colorSpace: undefined, profile: Uint8Array.from(box.subarray(3)) };
  return { colorSpace: undefined, profile: undefined };
}

const isCodestream = (content: Buffer, at: number): boolean =>
  content.length >= at + 42 && content.readUInt32BE(at) === 0xff4fff51;

function codestreamHeader(content: Buffer, start: number): Jp2Header | undefined {
  if (!isCodestream(content, start)) return undefined;
  const size = start + 4;
  const number = (at: number): number => content.readUInt32BE(size + at);
  const count = content.readUInt16BE(size + 36);
  if (content.length < size + 38 + count * 3) return undefined;
  return {
    width: number(4) - number(12),
    height: number(8) - number(16),
    components: Array.from({ length: count }, (_, index) => {
      const at = size + 38 + index * 3;
      const depth = content.readUInt8(at);
      return {
        bits: (depth & 0x7f) + 1,
        signed: depth >= 0x80,
        subsampled: content.readUInt8(at + 1) !== 1 || content.readUInt8(at + 2) !== 1,
      };
    }),
    colorSpace: undefined,
    profile: undefined,
  };
}
