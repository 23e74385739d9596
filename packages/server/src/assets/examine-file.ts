import { makeDerivatives, makeSvgThumb } from '../images/derivatives.js';
import { ImageError, UnsupportedImageError } from '../images/image-library.js';
import { withReadableImage } from '../images/readable-image.js';
import { examineLayers } from './examine-layers.js';
import { examinePdf } from './examine-pdf.js';
import { examinePostScript } from './examine-post-script.js';
import { examineVideo } from './examine-video.js';
import { type FileContents, type FileToExamine, plainContents } from './file-contents.js';
import type { UnsupportedFeature } from './ingest-options.js';

/** The media type of Illustrator files that contain PDF. */
const ILLUSTRATOR_PDF = 'application/pdf';

/** Warnings in the log, by requested feature. */
const UNSUPPORTED_MESSAGES: Readonly<Record<UnsupportedFeature, string>> = {
  videoEncoding: 'this server does not encode videos: the file is kept unchanged',
  pdfLinks: 'this server does not read the links of documents: no image maps were made',
  inDesignImage: 'this server does not render InDesign files: no image was made',
};

const unsupportedMessages = (file: FileToExamine, ...requested: readonly UnsupportedFeature[]): string[] =>
  requested.filter((feature) => file.requested.has(feature)).map((feature) => UNSUPPORTED_MESSAGES[feature]);

/**
 * Examines a file and creates the derivatives of its type.
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
    case 'Pdf':
      return withWarnings(await examinePdf(file), unsupportedMessages(file, 'pdfLinks'));
    case 'PostScript':
      return examinePostScript(file);
    case 'InDesign':
      return { ...plainContents('InDesign'), warnings: unsupportedMessages(file, 'inDesignImage') };
    case 'Illustrator':
      // Illustrator writes PDF; older files are PostScript.
      return type.mediaType === ILLUSTRATOR_PDF ? examinePdf(file) : examinePostScript(file);
    case 'Video':
      return withWarnings(await examineVideo(file), unsupportedMessages(file, 'videoEncoding'));
    default:
      return plainContents(type.type);
  }
}

const withWarnings = (contents: FileContents, warnings: readonly string[]): FileContents => ({
  ...contents,
  warnings: [...contents.warnings, ...warnings],
});

async function examineImage(file: FileToExamine): Promise<FileContents> {
  const { files, stored, type, processing, maxPixels, signal, progress } = file;
  const options = processing.layers;
  const found = options === undefined ? undefined : await examineLayers(file, options);
  const layerWarnings = found?.warnings ?? [];
  const image = { path: await files.path(stored.hash), mediaType: type.mediaType, maxPixels, signal };
  try {
    return await withReadableImage(image, async ({ path, probe, warnings }) => {
      progress(0.2, 'decoding');
      const animated = probe.pages > 1 && (probe.format === 'gif' || probe.format === 'webp');
      const source = { files, hash: stored.hash, path, probe, maxPixels, signal };
      const made = await makeDerivatives(source, processing);
      progress(0.9, 'decoded');
      const more =
        probe.pages > 1 && !animated
          ? [`the file contains ${probe.pages} images; only the first is used`]
          : [];
      return {
        type: animated && probe.format === 'gif' ? 'AnimatedGif' : 'Image',
        ...made,
        resolution: probe.resolution,
        info: {},
        xmp: probe.embedded.properties,
        packet: probe.embedded.packet,
        pages: [],
        layers: found?.layers,
        // The file and its layers have the same profile.
        warnings: [...new Set([...warnings, ...layerWarnings, ...more])],
      };
    });
  } catch (error) {
    // The file may be valid, and is kept unchanged.
    if (!(error instanceof UnsupportedImageError)) throw error;
    return {
      ...plainContents('Image'),
      warnings: [`${error.message}: no derivatives were made`, ...layerWarnings],
    };
  }
}

/** A drawing is kept unchanged, even if its thumbnail cannot be created. */
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
