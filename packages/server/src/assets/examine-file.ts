import type { FileStore, StoredFile } from '../files/file-store.js';
import { makeDerivatives, makeSvgThumb } from '../images/derivatives.js';
import type { FileType } from '../images/file-type.js';
import { ImageError } from '../images/image-library.js';
import { probeImage } from '../images/image-probe.js';
import type { ImageProcessing, Margins } from '../images/processing.js';
import type { PageOptions } from './ingest-options.js';
import type { PreparedPage } from './page-assets.js';

/** A file to look into. */
export interface FileToExamine {
  readonly files: FileStore;
  readonly stored: StoredFile;
  readonly type: FileType;
  readonly processing: ImageProcessing;
  readonly pages: PageOptions | undefined;
  readonly maxPixels: number;
  readonly signal: AbortSignal | undefined;
  readonly progress: (fraction: number, message?: string) => void;
}

/** What a file has in it, and what was made of it. */
export interface FileContents {
  /** An asset type, which may be more exact than what the first bytes tell. */
  readonly type: string;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly resolution?: number | undefined;
  readonly optimizedFile?: string | undefined;
  readonly thumbFile?: string | undefined;
  readonly maskFile?: string | undefined;
  readonly crop?: Margins | undefined;
  readonly info: Readonly<Record<string, unknown>>;
  readonly xmp: Readonly<Record<string, string | string[]>>;
  readonly packet?: string | undefined;
  readonly pages: readonly PreparedPage[];
  readonly warnings: readonly string[];
}

/** Formats of images that the image library does not decode: they are kept, and nothing is made of them. */
const UNDECODED: Readonly<Record<string, string>> = {
  'image/heic': 'HEIC images cannot be decoded by this server: no derivatives were made',
  'image/jp2': 'JPEG 2000 images cannot be decoded by this server: no derivatives were made',
  'image/bmp': 'BMP images cannot be decoded by this server: no derivatives were made',
  'image/vnd.adobe.photoshop': 'Photoshop files cannot be decoded by this server: no derivatives were made',
};

/**
 * Looks into a file and makes what is made of files of its type.
 *
 * @throws ImageError for a damaged image.
 */
export async function examineFile(file: FileToExamine): Promise<FileContents> {
  const { type } = file;
  switch (type.type) {
    case 'Image':
      return examineImage(file);
    case 'Svg':
      return examineSvg(file);
    default:
      return { type: type.type, info: {}, xmp: {}, pages: [], warnings: [] };
  }
}

async function examineImage(file: FileToExamine): Promise<FileContents> {
  const { files, stored, type, processing, maxPixels, signal, progress } = file;
  const undecoded = UNDECODED[type.mediaType];
  if (undecoded !== undefined) return { type: 'Image', info: {}, xmp: {}, pages: [], warnings: [undecoded] };
  const probe = await probeImage(await files.path(stored.hash), maxPixels, signal);
  progress(0.2, 'decoding');
  const animated = probe.pages > 1 && (probe.format === 'gif' || probe.format === 'webp');
  const made = await makeDerivatives({ files, hash: stored.hash, probe, maxPixels, signal }, processing);
  progress(0.9, 'decoded');
  return {
    type: animated && probe.format === 'gif' ? 'AnimatedGif' : 'Image',
    ...made,
    resolution: probe.resolution,
    info: {},
    xmp: probe.embedded.properties,
    packet: probe.embedded.packet,
    pages: [],
    warnings:
      probe.pages > 1 && !animated ? [`the file has ${probe.pages} images; the first one is taken`] : [],
  };
}

/** A drawing is kept as it is; what cannot be drawn here is a drawing all the same. */
async function examineSvg({ files, stored, maxPixels, signal }: FileToExamine): Promise<FileContents> {
  const base = { type: 'Svg', info: {}, xmp: {}, pages: [] };
  try {
    return {
      ...base,
      ...(await makeSvgThumb({ files, hash: stored.hash, maxPixels, signal })),
      warnings: [],
    };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return { ...base, warnings: [`no thumbnail was made: ${error.message}`] };
  }
}
