import { makeDerivatives, makeThumb } from '../images/derivatives.js';
import { imageWork } from '../images/image-library.js';
import { probeImage } from '../images/image-probe.js';
import { type DrawnPage, PdfPages, type ReadPage } from '../images/pdf-pages.js';
import { imageOfPixels } from '../images/pixels.js';
import {
  type FileContents,
  type FileToExamine,
  type PageText,
  type PreparedPage,
  plainContents,
} from './file-contents.js';
import { pageLines } from './page-lines.js';
import type { PageOptions } from './page-options.js';

/** Maximum number of words of a document, and of each of its pages, to keep with their places. */
const MAX_WORDS = 200_000;
const MAX_PAGE_WORDS = 20_000;

/** Pixels per inch of the page that becomes a thumbnail. */
const THUMB_RESOLUTION = 72;

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
    const isThumb = options.process === 'Thumbnail';
    const rendered = options.process === 'Rasterize' ? document.count : isThumb ? 1 : 0;
    const last = options.extractSearchWords ? document.count : rendered;
    const texts = new PageTexts();
    const { maxPixels } = file;
    const pages: PreparedPage[] = [];
    let thumbFile: string | undefined;
    for (let number = 1; number <= last; number += 1) {
      signal?.throwIfAborted();
      if (number <= rendered) {
        const drawn = await document.draw(number, {
          resolution: isThumb ? THUMB_RESOLUTION : options.resolution,
          gray: options.colorspace === 'Gray',
          transparent: options.alpha,
          maxPixels,
          text: options.extractSearchWords && !isThumb,
          signal,
        });
        const picture = await pictureOf(drawn, options, file);
        if (isThumb) {
          thumbFile = await makeThumb(picture, files, maxPixels, signal);
        } else {
          const page = await preparePage(number, picture, file);
          thumbFile ??= page.contents.thumbFile;
          pages.push(page);
          texts.add(drawn, page.stored.hash);
        }
      }
      // Without pictures, the places are those in the pictures that would be made.
      if (options.extractSearchWords && options.process !== 'Rasterize')
        texts.add(await document.read(number, { resolution: options.resolution, maxPixels, signal }), null);
      progress(number / last, `page ${number} of ${last}`);
    }
    return {
      ...plainContents(type.type),
      thumbFile,
      pages,
      info: { pages: document.count },
      ...(options.extractSearchWords ? { texts: texts.pages, warnings: texts.warnings } : {}),
    };
  } finally {
    await document.close();
  }
}

/** The texts of a document while its pages are read. */
class PageTexts {
  readonly pages: PageText[] = [];
  readonly warnings: string[] = [];
  #words = 0;

  add({ number, characters }: ReadPage, picture: string | null): void {
    if (characters === undefined) return;
    const { lines, words, hasMore } = pageLines(
      characters,
      Math.min(MAX_PAGE_WORDS, MAX_WORDS - this.#words),
    );
    this.#words += words;
    this.pages.push({ page: number, picture, lines });
    if (hasMore && this.warnings.length === 0) {
      this.warnings.push(
        `page ${number} has more text than is kept for searches: at most ${MAX_PAGE_WORDS} words of a page, and ${MAX_WORDS} of a document`,
      );
    }
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
