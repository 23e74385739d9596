import type { Sharp } from 'sharp';
import { ImageError, imageWork, openImage } from './image-library.js';
import type { PhotoshopPath } from './photoshop-paths.js';
import { imageOfPixels, type Pixels, readPixels } from './pixels.js';
import { checkReadable } from './readable-image.js';
import { isVector, OWN_DENSITY, openVector } from './vector-picture.js';
import type { Area, Size } from './view.js';

/** Where an image comes from. */
export interface RenderSource {
  /** Path of a local file. A pyramid TIFF is read at the level that is just large enough. */
  readonly path: string;
  /** By its content; needed for a vector picture. */
  readonly mediaType?: string | undefined;
  readonly maxPixels: number;
  readonly signal?: AbortSignal | undefined;
  /** Its saved paths, in parts of its width and height. */
  readonly paths?: (() => Promise<readonly PhotoshopPath[]>) | undefined;
}

/** What is known of a source before rendering. */
export interface SourceFacts extends Size {
  readonly hasAlpha: boolean;
  /** Pixels per inch. */
  readonly density: number | undefined;
  /** `srgb`, `cmyk`, `b-w` and so on. */
  readonly space: string;
  readonly hasProfile: boolean;
}

/** A source of pixels: a file, or an image that was rendered before. */
export interface PixelSource extends SourceFacts {
  /**
   * A part of it, scaled.
   *
   * @param part - In its own pixels, within it.
   */
  read(part: Area, size: Size, kernel: Kernel): Promise<Pixels>;
  /** The same, before its pixels are read; `undefined` where a picture has to be drawn first. */
  pipeline?(part: Area, size: Size, kernel: Kernel): Sharp;
  /** Pixels to go over before it can be read, for one that has to be drawn. */
  work?(): number;
  /** Its saved paths, in parts of its width and height; `undefined` for one that has none. */
  readonly paths?: RenderSource['paths'];
  close(): Promise<void>;
}

/** How to interpolate. */
export type Kernel = 'linear' | 'cubic' | 'lanczos3';

/** What is known of every vector picture. */
const DRAWN = { hasAlpha: true, density: OWN_DENSITY, space: 'srgb', hasProfile: false };

/** Media types of the files that images are rendered from, besides vector pictures. */
const RENDERED: ReadonlySet<string> = new Set([
  'image/avif',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/tiff',
  'image/webp',
]);

/** Why no images are rendered from files of a media type. */
export function notDelivered(mediaType: string): string | undefined {
  if (RENDERED.has(mediaType) || isVector(mediaType)) return undefined;
  return mediaType.startsWith('image/')
    ? `this server did not decode the original, which is ${mediaType}`
    : `it is ${mediaType}, not an image`;
}

/** Facts of a file, with the levels of a pyramid, the largest first. */
interface FileFacts extends SourceFacts {
  readonly levels: readonly Size[];
}

/** Files whose facts are remembered. */
const REMEMBERED = 1000;

/** By path, least recently used first: the files of the store never change, and their paths name their contents. */
const known = new Map<string, FileFacts>();

/** Whether the file at a path was opened before. Such a file never changes, so nothing has to be asked about it again. */
export const wasOpened = (path: string): boolean => known.has(path);

async function factsOf(source: RenderSource): Promise<FileFacts> {
  const found = known.get(source.path);
  if (found !== undefined) {
    known.delete(source.path);
    known.set(source.path, found);
    return found;
  }
  const facts = await readFacts(source);
  // Only names that are hashes are of files that never change.
  if (/[0-9a-f]{64}$/.test(source.path)) {
    known.set(source.path, facts);
    for (const oldest of known.keys()) {
      if (known.size <= REMEMBERED) break;
      known.delete(oldest);
    }
  }
  return facts;
}

async function readFacts({ path, maxPixels, signal }: RenderSource): Promise<FileFacts> {
  await checkReadable(path);
  const metadata = (page?: number) =>
    imageWork(
      () => openImage(path, maxPixels, page === undefined ? {} : { page }).metadata(),
      signal,
      maxPixels,
    );
  const { autoOrient, hasAlpha, density, space, hasProfile, format, pages = 1 } = await metadata();
  const levels: Size[] = [autoOrient];
  while (format === 'tiff' && levels.length < pages) {
    const { width, height } = (await metadata(levels.length)).autoOrient;
    const above = levels.at(-1) ?? autoOrient;
    // A level has half the size of the one before it; pages of a document do not.
    if (Math.abs(width * 2 - above.width) > 2 || Math.abs(height * 2 - above.height) > 2) break;
    levels.push({ width, height });
  }
  return {
    width: autoOrient.width,
    height: autoOrient.height,
    hasAlpha,
    density,
    space,
    hasProfile,
    levels: levels.length === pages ? levels : [autoOrient],
  };
}

/** What is known of a source, without drawing it. */
export async function sourceFacts(source: RenderSource): Promise<SourceFacts> {
  if (!isDrawn(source)) return factsOf(source);
  const opened = await openSource(source);
  await opened.close();
  return opened;
}

const isDrawn = ({ mediaType }: RenderSource): boolean => mediaType !== undefined && isVector(mediaType);

/**
 * Opens a source of pixels. Close it after use.
 *
 * @throws ImageError when it cannot be read.
 */
export async function openSource(source: RenderSource): Promise<PixelSource> {
  const { path, mediaType, maxPixels, signal } = source;
  if (mediaType !== undefined && isVector(mediaType)) {
    const picture = await openVector(path, mediaType, signal);
    const { width, height } = picture;
    return {
      ...DRAWN,
      width,
      height,
      read: async (part, size, kernel) => {
        const drawn = await picture.draw(Math.max(size.width / part.width, size.height / part.height));
        return readPixels(
          partOf(() => imageOfPixels(drawn), drawn, { width, height }, part, size, kernel),
          {
            alpha: true,
            signal,
            maxPixels,
          },
        );
      },
      close: () => picture.close(),
    };
  }
  const facts = await factsOf(source);
  const pipeline = (part: Area, size: Size, kernel: Kernel): Sharp => {
    const page = levelFor(facts, part, size);
    const level = facts.levels[page] ?? facts;
    const open = (): Sharp => openImage(path, maxPixels, page === 0 ? {} : { page }).autoOrient();
    return partOf(open, level, facts, part, size, kernel);
  };
  const { levels: _, ...rest } = facts;
  return {
    ...rest,
    paths: source.paths,
    pipeline,
    read: (part, size, kernel) =>
      readPixels(pipeline(part, size, kernel), { alpha: facts.hasAlpha, signal, maxPixels }),
    close: async () => undefined,
  };
}

/** A source of pixels that are in memory. */
export function sourceOfPixels(
  pixels: Pixels,
  { maxPixels, signal }: Pick<RenderSource, 'maxPixels' | 'signal'>,
): PixelSource {
  const { width, height } = pixels;
  return {
    width,
    height,
    hasAlpha: pixels.channels === 4,
    density: undefined,
    space: 'srgb',
    hasProfile: false,
    read: (part, size, kernel) =>
      readPixels(
        partOf(() => imageOfPixels(pixels), pixels, pixels, part, size, kernel),
        {
          alpha: pixels.channels === 4,
          signal,
          maxPixels,
        },
      ),
    close: async () => undefined,
  };
}

/** Of a pyramid, the smallest level that is large enough. */
function levelFor({ levels, width, height }: FileFacts, part: Area, size: Size): number {
  const wanted = { width: (width * size.width) / part.width, height: (height * size.height) / part.height };
  let page = 0;
  for (const [index, level] of levels.entries()) {
    if (level.width + 1 < wanted.width || level.height + 1 < wanted.height) break;
    page = index;
  }
  return page;
}

/** A part of a source, from a level of it. */
function partOf(open: () => Sharp, level: Size, whole: Size, part: Area, size: Size, kernel: Kernel): Sharp {
  const across = level.width / whole.width;
  const down = level.height / whole.height;
  const left = Math.min(level.width - 1, Math.floor(part.left * across));
  const top = Math.min(level.height - 1, Math.floor(part.top * down));
  const width = Math.max(1, Math.min(level.width - left, Math.round(part.width * across)));
  const height = Math.max(1, Math.min(level.height - top, Math.round(part.height * down)));
  const all = left === 0 && top === 0 && width === level.width && height === level.height;
  const cut = all ? open() : open().extract({ left, top, width, height });
  if (width === size.width && height === size.height) return cut;
  return cut.resize({ width: size.width, height: size.height, fit: 'fill', kernel, fastShrinkOnLoad: true });
}

/** @throws ImageError when a file is not one that images are rendered from. */
export function checkDelivered(mediaType: string): void {
  const reason = notDelivered(mediaType);
  if (reason !== undefined) throw new ImageError(reason);
}
