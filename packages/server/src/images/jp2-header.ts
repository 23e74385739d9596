import { profileSpace } from './color-profile.js';

/** What the headers of a JPEG 2000 file say. */
export interface Jp2Header {
  readonly width: number;
  readonly height: number;
  /** Tiles that it is cut into. */
  readonly tiles: number;
  readonly components: readonly {
    readonly bits: number;
    readonly signed: boolean;
    readonly subsampled: boolean;
  }[];
  /** Number of the color space; `undefined` if the file has none. */
  readonly colorSpace: number | undefined;
  readonly profile: Uint8Array | undefined;
  /** What the channels are, where the file says so: `color`, `alpha`, or something else. */
  readonly channels: readonly string[] | undefined;
  /** Whether the file ends before its pixels do. */
  readonly isCut: boolean;
}

type Extras = Pick<Jp2Header, 'colorSpace' | 'profile' | 'channels'>;

const SRGB = 16;
const GRAY = 17;
export const SYCC = 18;

/** Maximum boxes to look at, in the file and in its header. */
const MAX_BOXES = 1000;

/** Reads the headers of a JPEG 2000 file or codestream; `undefined` for anything else. */
export function readJp2Header(content: Buffer): Jp2Header | undefined {
  if (isCodestream(content, 0)) return codestreamHeader(content, 0);
  let extras: Extras = NO_EXTRAS;
  for (const box of boxes(content, 0, content.length)) {
    if (box.type === 'jp2h') extras = extrasOf(content, box.from, box.to);
    if (box.type !== 'jp2c') continue;
    const header = codestreamHeader(content, box.from);
    return header === undefined ? undefined : { ...header, ...extras };
  }
  return undefined;
}

const NO_EXTRAS: Extras = { colorSpace: undefined, profile: undefined, channels: undefined };

function extrasOf(content: Buffer, from: number, to: number): Extras {
  const found = [...boxes(content, from, to)];
  const bodyOf = (type: string): Buffer | undefined => {
    const box = found.find((each) => each.type === type);
    return box && content.subarray(box.from, box.to);
  };
  const [color, channels] = [bodyOf('colr'), bodyOf('cdef')];
  return {
    ...(color === undefined ? NO_EXTRAS : colorOf(color)),
    channels: channels && channelsOf(channels),
  };
}

/** What each channel is, by the number of the channel. Colors count in their usual order only. */
function channelsOf(box: Buffer): string[] {
  const count = box.length < 2 ? 0 : Math.min(box.readUInt16BE(0), Math.floor((box.length - 2) / 6));
  const channels: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = 2 + index * 6;
    const [channel, type, color] = [box.readUInt16BE(at), box.readUInt16BE(at + 2), box.readUInt16BE(at + 4)];
    channels[channel] =
      type === 0 && color === channel + 1
        ? 'color'
        : type === 1 && color === 0
          ? 'alpha'
          : `type ${type} of ${color}`;
  }
  return channels;
}

/** Whether the last channel is alpha: such files have a decoder of their own. */
export const hasJp2Alpha = ({ components, channels }: Jp2Header): boolean =>
  (components.length === 2 || components.length === 4) &&
  channels?.length === components.length &&
  channels.every((channel, index) => channel === (index === components.length - 1 ? 'alpha' : 'color'));

/** Why the decoders do not support a file. */
export function unsupportedJp2(header: Jp2Header): string | undefined {
  const { components, colorSpace, profile, channels, tiles } = header;
  const [first] = components;
  const alpha = hasJp2Alpha(header);
  if (first === undefined || (!alpha && components.length !== 1 && components.length !== 3))
    return channels === undefined
      ? `it has ${components.length} components in a pixel and does not say what they are, which is not supported`
      : `it has channels that are not supported: ${channels.join(', ')}`;
  if (!(tiles <= MAX_TILES)) return `it has ${tiles} tiles, and at most ${MAX_TILES} are supported`;
  if (components.some(({ subsampled }) => subsampled))
    return 'it has components of different sizes, which are not supported';
  if (
    first.bits > 16 ||
    components.some(({ bits, signed }) => bits !== first.bits || signed !== first.signed)
  )
    return `it has components of ${components.map(({ bits }) => bits).join(', ')} bits, which are not supported`;
  if (alpha && (first.signed || first.bits < 8))
    return `it has an alpha channel and ${first.signed ? 'signed ' : ''}samples of ${first.bits} bits, which are not supported`;
  if (colorSpace !== undefined && !(alpha ? [SRGB, GRAY] : [SRGB, GRAY, SYCC]).includes(colorSpace))
    return `it has colors of the space ${colorSpace}, which is not supported`;
  const space = profile === undefined ? undefined : profileSpace(profile);
  if (space !== undefined && space !== 'RGB ' && space !== 'GRAY')
    return `it has ${space.trim()} colors, which are not supported`;
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

function colorOf(box: Buffer): Omit<Extras, 'channels'> {
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
    tiles: across(number(4), number(28), number(20)) * across(number(8), number(32), number(24)),
    components: Array.from({ length: count }, (_, index) => {
      const at = size + 38 + index * 3;
      const depth = content.readUInt8(at);
      return {
        bits: (depth & 0x7f) + 1,
        signed: depth >= 0x80,
        subsampled: content.readUInt8(at + 1) !== 1 || content.readUInt8(at + 2) !== 1,
      };
    }),
    ...NO_EXTRAS,
    isCut: isCut(content, size + 38 + count * 3),
  };
}

/** How many tiles lie between the first one and the end of an image, in one direction. */
const across = (end: number, first: number, size: number): number => Math.ceil((end - first) / size);

/** As many tiles as the format can number. */
const MAX_TILES = 65_535;

const START_OF_TILE = 0xff90;
const END = 0xffd9;

/** Whether a codestream ends within a tile. The decoders fill up what is missing without a word. */
function isCut(content: Buffer, from: number): boolean {
  let at = from;
  while (at + 4 <= content.length) {
    const marker = content.readUInt16BE(at);
    if (marker === END) return false;
    if (marker !== START_OF_TILE) {
      at += 2 + content.readUInt16BE(at + 2);
      continue;
    }
    if (at + 12 > content.length) return true;
    const length = content.readUInt32BE(at + 6);
    // The last tile may last to the end, and need not be followed by a marker.
    if (length === 0 || at + length === content.length) return false;
    if (length < 14) return true;
    at += length;
  }
  return at + 2 > content.length || content.readUInt16BE(at) !== END;
}
