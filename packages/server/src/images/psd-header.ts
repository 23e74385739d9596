import { photoshopResources } from './photoshop-resources.js';

/** The properties in the header and the resources of a Photoshop file. */
export interface PsdHeader {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly mode: number;
  /** Whether the file has a composite image; some are saved without one. */
  readonly hasComposite: boolean;
  /** Whether the composite image is truncated. */
  readonly isCut: boolean;
  readonly profile: Uint8Array | undefined;
  /** Pixels per inch. */
  readonly resolution: number | undefined;
}

const MODES = ['Bitmap', 'Grayscale', 'Indexed', 'RGB', 'CMYK', '', '', 'Multichannel', 'Duotone', 'Lab'];
const SUPPORTED_MODES: ReadonlySet<number> = new Set([0, 1, 2, 3]);

/** The lowest resolution that the image library accepts, in pixels per inch. */
const LEAST_RESOLUTION = 0.0254;

const RESOLUTION_INFO = 1005;
const ICC_PROFILE = 1039;
const VERSION_INFO = 1057;

/** Reads the header of a Photoshop file; `undefined` for anything else. */
export function readPsdHeader(content: Buffer): PsdHeader | undefined {
  if (content.length < 34 || content.toString('latin1', 0, 4) !== '8BPS') return undefined;
  const resources = resourcesOf(content);
  const profile = resources.get(ICC_PROFILE);
  const version = resources.get(VERSION_INFO);
  const density = resources.get(RESOLUTION_INFO);
  return {
    height: content.readUInt32BE(14),
    width: content.readUInt32BE(18),
    bits: content.readUInt16BE(22),
    mode: content.readUInt16BE(24),
    hasComposite: version === undefined || version.length < 5 || version[4] !== 0,
    isCut: isCut(content),
    profile: profile === undefined || profile.length < 128 ? undefined : Uint8Array.from(profile),
    resolution: resolutionOf(density),
  };
}

/** Some files have none, or zero. */
function resolutionOf(density: Buffer | undefined): number | undefined {
  const found = density === undefined || density.length < 4 ? 0 : density.readUInt32BE(0) / 65536;
  return found < LEAST_RESOLUTION ? undefined : found;
}

/** The reason why the decoder does not support a file. */
export function unsupportedPsd({ mode, bits }: PsdHeader): string | undefined {
  const name = MODES[mode] || `number ${mode}`;
  if (!SUPPORTED_MODES.has(mode)) return `its color mode, ${name}, is not supported`;
  if (bits !== (mode === 0 ? 1 : 8))
    return `it has ${bits} bits per channel in the mode ${name}, which is not supported`;
  return undefined;
}

/** The decoder silently fills in missing data. */
function isCut(content: Buffer): boolean {
  const large = content.readUInt16BE(4) === 2;
  let at = 26;
  // Colors, resources and layers, each preceded by its length.
  for (const size of [4, 4, large ? 8 : 4]) {
    if (at + size > content.length) return true;
    at += size + (size === 8 ? Number(content.readBigUInt64BE(at)) : content.readUInt32BE(at));
  }
  if (at + 2 > content.length) return true;
  const compression = content.readUInt16BE(at);
  at += 2;
  const channels = content.readUInt16BE(12);
  const height = content.readUInt32BE(14);
  const width = content.readUInt32BE(18);
  const bytes = Math.ceil((width * content.readUInt16BE(22)) / 8);
  if (compression === 0) return at + bytes * height * channels > content.length;
  if (compression !== 1) return false;
  const size = large ? 4 : 2;
  const rows = at + height * channels * size;
  if (rows > content.length) return true;
  let end = rows;
  for (; at < rows; at += size) end += content.readUIntBE(at, size);
  return end > content.length;
}

/** The resources by number; of several with one number the first. */
function resourcesOf(content: Buffer): Map<number, Buffer> {
  const start = 30 + content.readUInt32BE(26);
  if (start + 4 > content.length) return new Map();
  const block = content.subarray(start + 4, start + 4 + content.readUInt32BE(start));
  return new Map([...photoshopResources(block)].reverse().map(({ id, data }) => [id, data]));
}
