import { photoshopResources } from './photoshop-resources.js';
import { colorChannels, PSD_MODES } from './psd-planes.js';

/** The properties in the header, the resources and the list of layers of a Photoshop file. */
export interface PsdHeader {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly mode: number;
  /** Planes of the composite image. */
  readonly channels: number;
  /** Whether it is of the large format (PSB). */
  readonly large: boolean;
  /** Whether the file has a composite image; some are saved without one. */
  readonly hasComposite: boolean;
  /** Where the composite image starts. */
  readonly compositeAt: number;
  /** Whether the composite image is truncated. */
  readonly isCut: boolean;
  /** Whether the plane after the colors is the transparency, and with white mixed into the colors. */
  readonly alpha: 'none' | 'plain' | 'matted';
  readonly hasSpotColors: boolean;
  /** 256 shades of red, of green, of blue. */
  readonly palette: Uint8Array | undefined;
  /** The color of the palette that is clear. */
  readonly clearIndex: number | undefined;
  readonly profile: Uint8Array | undefined;
  /** Pixels per inch. */
  readonly resolution: number | undefined;
}

const MODES = ['Bitmap', 'Grayscale', 'Indexed', 'RGB', 'CMYK', '', '', 'Multichannel', 'Duotone', 'Lab'];

/** Bits per channel by mode. Samples of 32 bits are light without an upper limit, which only Photoshop maps to a screen. */
const SUPPORTED: Readonly<Record<number, readonly number[]>> = {
  [PSD_MODES.bitmap]: [1],
  [PSD_MODES.gray]: [8, 16],
  [PSD_MODES.indexed]: [8],
  [PSD_MODES.rgb]: [8, 16],
  [PSD_MODES.cmyk]: [8, 16],
  [PSD_MODES.duotone]: [8, 16],
  [PSD_MODES.lab]: [8, 16],
};

const RESOLUTION_INFO = 1005;
const CHANNEL_NAMES = [1006, 1045] as const;
const DISPLAY_INFO = [
  { id: 1007, start: 0, size: 14 },
  { id: 1077, start: 4, size: 13 },
] as const;
const ICC_PROFILE = 1039;
const CLEAR_INDEX = 1047;
const VERSION_INFO = 1057;

/** The kind of a channel that is an ink of its own. */
const SPOT = 2;

/** Maximum blocks or channels to look at. */
const MAX_PARTS = 10_000;

/** Most channels that the format has. */
const MAX_CHANNELS = 56;

/** Reads the header of a Photoshop file; `undefined` for anything else. */
export function readPsdHeader(content: Buffer): PsdHeader | undefined {
  if (content.length < 34 || content.toString('latin1', 0, 4) !== '8BPS') return undefined;
  const channels = content.readUInt16BE(12);
  const mode = content.readUInt16BE(24);
  const large = content.readUInt16BE(4) === 2;
  const resources = resourcesOf(content);
  const profile = resources.get(ICC_PROFILE);
  const version = resources.get(VERSION_INFO);
  const density = resources.get(RESOLUTION_INFO);
  const clear = resources.get(CLEAR_INDEX);
  const colors = content.readUInt32BE(26);
  const layers = layersOf(content, large);
  const isNamed = CHANNEL_NAMES.some((id) => (resources.get(id)?.length ?? 0) > 0);
  const header = {
    height: content.readUInt32BE(14),
    width: content.readUInt32BE(18),
    bits: content.readUInt16BE(22),
    mode,
    channels,
    large,
    hasComposite: version === undefined || version.length < 5 || version[4] !== 0,
    compositeAt: layers.end,
    alpha: alphaOf(channels - colorChannels(mode), layers, isNamed),
    hasSpotColors: channels > colorChannels(mode) && hasSpotColors(resources),
    palette:
      colors >= 768 && 30 + 768 <= content.length ? Uint8Array.from(content.subarray(30, 798)) : undefined,
    clearIndex: clear === undefined || clear.length < 2 ? undefined : clear.readUInt16BE(0),
    profile: profile === undefined || profile.length < 128 ? undefined : Uint8Array.from(profile),
    resolution: density === undefined || density.length < 4 ? undefined : density.readUInt32BE(0) / 65536,
  };
  return { ...header, isCut: isCut(content, header) };
}

/** The reason why the decoder does not support a file. */
export function unsupportedPsd({ mode, bits, channels }: PsdHeader): string | undefined {
  const name = MODES[mode] || `number ${mode}`;
  const depths = SUPPORTED[mode];
  if (depths === undefined) return `its color mode, ${name}, is not supported`;
  if (!depths.includes(bits))
    return `it has ${bits} bits per channel in the mode ${name}, which is not supported`;
  if (channels < colorChannels(mode) || channels > MAX_CHANNELS)
    return `it has ${channels} channels in the mode ${name}, which is not supported`;
  return undefined;
}

/** Warnings about what the composite image does not show. */
export function psdWarnings({ mode, hasComposite, hasSpotColors }: PsdHeader): readonly string[] {
  return [
    ...(hasComposite
      ? []
      : ['the file was saved without a composite image of its layers, so the image may be blank']),
    ...(mode === PSD_MODES.duotone ? ['the inks of the duotone are ignored: the image is gray'] : []),
    ...(hasSpotColors ? ['the spot colors in the file are ignored'] : []),
  ];
}

/** The decoder needs all data. */
function isCut(
  content: Buffer,
  header: Pick<PsdHeader, 'width' | 'height' | 'bits' | 'channels' | 'large' | 'compositeAt'>,
): boolean {
  const { width, height, bits, channels, large, compositeAt } = header;
  if (compositeAt + 2 > content.length) return true;
  const compression = content.readUInt16BE(compositeAt);
  let at = compositeAt + 2;
  if (compression === 0) return at + Math.ceil((width * bits) / 8) * height * channels > content.length;
  if (compression !== 1) return false;
  const size = large ? 4 : 2;
  const rows = at + height * channels * size;
  if (rows > content.length) return true;
  let end = rows;
  for (; at < rows; at += size) end += content.readUIntBE(at, size);
  return end > content.length;
}

/** What the section of the layers says about the composite image. */
interface LayerSection {
  /** Where it ends; beyond the file if the file ends early. */
  readonly end: number;
  /** Whether there are layers. */
  readonly hasLayers: boolean;
  /** Whether the composite image is transparent where no layer is. */
  readonly isClear: boolean;
}

/** Blocks whose presence says that the composite image is transparent. */
const CLEAR_BLOCKS: ReadonlySet<string> = new Set(['Mtrn', 'Mt16', 'Mt32']);

/** Blocks with the layers of images with more than 8 bits. */
const LAYER_BLOCKS: ReadonlySet<string> = new Set(['Layr', 'Lr16', 'Lr32']);

/** Blocks with longer lengths in the large format. */
const LONG_BLOCKS: ReadonlySet<string> = new Set([
  ...['LMsk', 'Alph', 'FMsk', 'lnk2', 'FEid', 'FXid', 'PxSD'],
  ...CLEAR_BLOCKS,
  ...LAYER_BLOCKS,
]);

function layersOf(content: Buffer, large: boolean): LayerSection {
  const size = large ? 8 : 4;
  const lengthAt = (at: number): number =>
    at + size > content.length
      ? Number.POSITIVE_INFINITY
      : large
        ? Number(content.readBigUInt64BE(at))
        : content.readUInt32BE(at);
  // Colors and resources, each preceded by its length.
  let at = 26;
  for (const _part of ['colors', 'resources']) {
    if (at + 4 > content.length) return { end: Number.POSITIVE_INFINITY, hasLayers: false, isClear: false };
    at += 4 + content.readUInt32BE(at);
  }
  const length = lengthAt(at);
  const end = at + size + length;
  const inside = Math.min(end, content.length);
  const info = at + size;
  if (length < size || info + size + 2 > inside) return { end, hasLayers: false, isClear: false };
  const infoLength = lengthAt(info);
  let count = infoLength < 2 ? 0 : content.readInt16BE(info + size);
  let isClear = count < 0;
  at = info + size + infoLength;
  if (at + 4 > inside) return { end, hasLayers: count !== 0, isClear };
  at += 4 + content.readUInt32BE(at);
  for (let part = 0; part < MAX_PARTS && at + 12 <= inside; part += 1) {
    if (content[at] === 0) {
      at += 1;
      continue;
    }
    const [mark, key] = [content.toString('latin1', at, at + 4), content.toString('latin1', at + 4, at + 8)];
    if (mark !== '8BIM' && mark !== '8B64') break;
    const long = mark === '8B64' || (large && LONG_BLOCKS.has(key));
    const start = at + 8 + (long ? 8 : 4);
    if (start > inside) break;
    const bytes = long ? Number(content.readBigUInt64BE(at + 8)) : content.readUInt32BE(at + 8);
    if (CLEAR_BLOCKS.has(key)) isClear = true;
    if (LAYER_BLOCKS.has(key) && bytes >= 2 && start + 2 <= inside) {
      count ||= content.readInt16BE(start);
      if (count < 0) isClear = true;
    }
    at = start + bytes;
  }
  return { end, hasLayers: count !== 0, isClear };
}

/**
 * Whether the first of further channels is the transparency. Photoshop says so in the list of layers, and names saved selections, which
 * are no transparency. Other programs write a file without layers and names.
 */
function alphaOf(
  further: number,
  { hasLayers, isClear }: LayerSection,
  isNamed: boolean,
): PsdHeader['alpha'] {
  if (further < 1) return 'none';
  if (isClear) return 'matted';
  return hasLayers || isNamed ? 'none' : 'plain';
}

function hasSpotColors(resources: ReadonlyMap<number, Buffer>): boolean {
  return DISPLAY_INFO.some(({ id, start, size }) => {
    const data = resources.get(id);
    if (data === undefined) return false;
    for (let at = start + 12; at < data.length && at < MAX_PARTS; at += size)
      if (data[at] === SPOT) return true;
    return false;
  });
}

/** The resources by number; of several with one number the first. */
function resourcesOf(content: Buffer): Map<number, Buffer> {
  const start = 30 + content.readUInt32BE(26);
  if (start + 4 > content.length) return new Map();
  const block = content.subarray(start + 4, start + 4 + content.readUInt32BE(start));
  return new Map([...photoshopResources(block)].reverse().map(({ id, data }) => [id, data]));
}
