import { makeDerivatives, makeThumb } from '../images/derivatives.js';
import { imageWork } from '../images/image-library.js';
import { probeImage } from '../images/image-probe.js';
import { type DrawnPage, PdfPages } from '../images/pdf-pages.js';
import { imageOfPixels } from '../images/pixels.js';
import type { PreparedPage } from './file-contents.js';
import { type FileContents, type FileToExamine, plainContents } from './file-contents.js';
import type { PageOptions } from './page-options.js';

/** Maximum characters of a page to keep for searches. */
const MAX_WORDS = 100_000;

/**
 * Renders the pages of a document according to its options. Without options, the document is kept unchanged.
 *
 * @param local - A local file with the document, if that is not the file itself.
 * @throws ImageError when it cannot be rendered.
 */
export async function examinePdf(
  file: FileToExamine,
  local?: { readonly path: string; readonly size: number },
): Promise<FileContents> {
  const { files, stored, type, signal, progress } = file;
  const options = file.processing.pages;
  if (options === undefined) return plainContents(type.type);
  const document = await PdfPages.open(
    local?.path ?? (await files.path(stored.hash)),
    local?.size ?? stored.size,
    signal,
  );
  try {
    const last = options.process === 'Thumbnail' ? 1 : document.count;
    const pages: PreparedPage[] = [];
    const words: string[] = [];
    let thumbFile: string | undefined;
    for (let number = 1; number <= last; number += 1) {
      signal?.throwIfAborted();
      const drawn = await document.draw(number, {
        resolution: options.process === 'Thumbnail' ? 72 : options.resolution,
        gray: options.colorspace === 'Gray',
        transparent: options.alpha,
        maxPixels: file.maxPixels,
        text: options.extractSearchWords,
        signal,
      });
      const picture = await pictureOf(drawn, options, file);
      if (options.extractSearchWords) words.push(drawn.text.slice(0, MAX_WORDS));
      if (options.process === 'Thumbnail') {
        thumbFile = await makeThumb(picture, files, file.maxPixels, signal);
      } else {
        const page = await preparePage(number, picture, file);
        thumbFile ??= page.contents.thumbFile;
        pages.push(page);
      }
      progress(number / last, `page ${number} of ${last}`);
    }
    return {
      ...plainContents(type.type),
      thumbFile,
      pages,
      info: { pages: document.count, ...(options.extractSearchWords ? { searchStrings: words } : {}) },
    };
  } finally {
    await document.close();
  }
}

/** A page as a PNG. */
function pictureOf(
  drawn: DrawnPage,
  options: PageOptions,
  { maxPixels, signal }: FileToExamine,
): Promise<Buffer> {
  const image = imageOfPixels(drawn);
  return imageWork(
    () =>
      (options.alpha ? image : image.removeAlpha())
        .withMetadata({ density: Math.round(drawn.resolution) })
        .png({ compressionLevel: 4 })
        .toBuffer(),
    signal,
    maxPixels,
  );
}

async function preparePage(number: number, picture: Buffer, file: FileToExamine): Promise<PreparedPage> {
  const { files, processing, maxPixels, signal } = file;
  const stored = await files.put(picture);
  const probe = await probeImage(picture, maxPixels, signal);
  const made = await makeDerivatives({ files, hash: stored.hash, probe, maxPixels, signal }, processing);
  return { number, stored, contents: { ...plainContents('Image'), ...made, resolution: probe.resolution } };
}
