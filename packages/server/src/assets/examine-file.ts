import { makeDerivatives, makeSvgThumb } from '../images/derivatives.js';
import { ImageError } from '../images/image-library.js';
import { probeImage } from '../images/image-probe.js';
import { examinePdf } from './examine-pdf.js';
import { type FileContents, type FileToExamine, plainContents } from './file-contents.js';
import type { UnsupportedFeature } from './ingest-options.js';

/** Formats of images that the image library does not decode: they are kept, and nothing is made of them. */
const UNDECODED: Readonly<Record<string, string>> = {
  'image/heic': 'HEIC images cannot be decoded by this server: no derivatives were made',
  'image/jp2': 'JPEG 2000 images cannot be decoded by this server: no derivatives were made',
  'image/bmp': 'BMP images cannot be decoded by this server: no derivatives were made',
  'image/vnd.adobe.photoshop': 'Photoshop files cannot be decoded by this server: no derivatives were made',
};

/** The media type of Illustrator files that are PDF inside. */
const ILLUSTRATOR_PDF = 'application/pdf';

/** What the log says when one was requested. */
const UNSUPPORTED_MESSAGES: Readonly<Record<UnsupportedFeature, string>> = {
  videoThumbnail: 'videos are not decoded by this server: no thumbnail was made',
  videoEncoding: 'videos are not encoded by this server: the file is kept as it is',
  postScriptImage: 'PostScript is not drawn by this server: no image was made',
  photoshopLayers: 'layers of Photoshop files are not taken apart by this server',
  pdfLinks: 'links of documents are not read by this server: no image maps were made',
  inDesignImage: 'InDesign files are not drawn by this server: no image was made',
};

const unsupportedMessages = (file: FileToExamine, ...requested: readonly UnsupportedFeature[]): string[] =>
  requested.filter((feature) => file.requested.has(feature)).map((feature) => UNSUPPORTED_MESSAGES[feature]);

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
    case 'Pdf': {
      const contents = await examinePdf(file);
      return { ...contents, warnings: [...contents.warnings, ...unsupportedMessages(file, 'pdfLinks')] };
    }
    case 'PostScript':
      return { ...plainContents('PostScript'), warnings: unsupportedMessages(file, 'postScriptImage') };
    case 'InDesign':
      return { ...plainContents('InDesign'), warnings: unsupportedMessages(file, 'inDesignImage') };
    case 'Illustrator':
      if (type.mediaType !== ILLUSTRATOR_PDF)
        return {
          ...plainContents('Illustrator'),
          warnings: file.processing.pages === undefined ? [] : [UNSUPPORTED_MESSAGES.postScriptImage],
        };
      // Illustrator writes PDF; older files are PostScript, which is not drawn.
      return examinePdf(file);
    case 'Video':
      return {
        ...plainContents('Video'),
        warnings: unsupportedMessages(file, 'videoThumbnail', 'videoEncoding'),
      };
    default:
      return plainContents(type.type);
  }
}

async function examineImage(file: FileToExamine): Promise<FileContents> {
  const { files, stored, type, processing, maxPixels, signal, progress } = file;
  const undecoded = UNDECODED[type.mediaType];
  if (undecoded !== undefined)
    return {
      ...plainContents('Image'),
      warnings: [undecoded, ...unsupportedMessages(file, 'photoshopLayers')],
    };
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
