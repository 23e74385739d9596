import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeDerivatives, makeThumb } from '../images/derivatives.js';
import { ImageError, imageWork, openImage } from '../images/image-library.js';
import { probeImage } from '../images/image-probe.js';
import { type ContainedPicture, containedPictures } from '../images/post-script.js';
import { withReadableImage } from '../images/readable-image.js';
import { examinePdf } from './examine-pdf.js';
import { type FileContents, type FileToExamine, plainContents } from './file-contents.js';

/** The warning about a PostScript file of which no image could be made. */
const NOT_RENDERED = 'this server does not render PostScript: no image was made';

/**
 * Makes images from what a PostScript file contains beside its program, which is not run: a PDF, or the preview of an EPS file.
 * Without options the file is stored unchanged.
 */
export async function examinePostScript(file: FileToExamine): Promise<FileContents> {
  const { files, stored, type, signal } = file;
  const plain = plainContents(type.type);
  if (file.processing.pages === undefined) return plain;
  const path = await files.path(stored.hash);
  const warnings: string[] = [];
  for (const picture of await containedPictures(path, stored.size)) {
    if (picture.format === 'wmf') {
      warnings.push('the preview in the file is a Windows metafile, which is not supported');
      continue;
    }
    const directory = await mkdtemp(join(tmpdir(), 'ips-post-script-'));
    try {
      const part = join(directory, `part.${picture.format}`);
      await extract(path, picture, part, signal);
      const contents =
        picture.format === 'pdf'
          ? await examinePdf(file, { path: part, size: picture.length })
          : await examinePreview(file, part);
      return { ...contents, warnings: [...warnings, ...contents.warnings, madeFrom(picture)] };
    } catch (error) {
      // The program may be in order, whatever is beside it.
      if (!(error instanceof ImageError)) throw error;
      const what = picture.format === 'pdf' ? 'PDF' : 'preview';
      warnings.push(`the ${what} in the file cannot be used: ${error.message}`);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  return { ...plain, warnings: [...warnings, NOT_RENDERED] };
}

const madeFrom = ({ format }: ContainedPicture): string =>
  format === 'pdf'
    ? 'this server does not render PostScript: the image was made from the PDF in the file'
    : 'this server does not render PostScript: the image was made from the preview in the file, which has fewer pixels';

const extract = (
  path: string,
  { start, length }: ContainedPicture,
  target: string,
  signal: AbortSignal | undefined,
): Promise<void> =>
  pipeline(createReadStream(path, { start, end: start + length - 1 }), createWriteStream(target), {
    ...(signal === undefined ? {} : { signal }),
  });

/** The preview of an EPS file as its one page. */
async function examinePreview(file: FileToExamine, path: string): Promise<FileContents> {
  const { files, type, processing, maxPixels, signal, progress } = file;
  const image = { path, mediaType: 'image/tiff', maxPixels, signal };
  return withReadableImage(image, async (readable) => {
    const picture = await imageWork(
      () => openImage(readable.path, maxPixels).autoOrient().png({ compressionLevel: 4 }).toBuffer(),
      signal,
      maxPixels,
    );
    const stored = await files.put(picture);
    const probe = await probeImage(picture, maxPixels, signal);
    const made = await makeDerivatives({ files, hash: stored.hash, probe, maxPixels, signal }, processing);
    progress(1, 'page 1 of 1');
    const contents = { ...plainContents('Image'), ...made, resolution: readable.probe.resolution };
    return {
      ...plainContents(type.type),
      thumbFile: await makeThumb(picture, files, maxPixels, signal),
      pages: [{ number: 1, stored, contents }],
      info: { pages: 1 },
      warnings: readable.warnings,
    };
  });
}
