import type { StoredFile } from '../files/file-store.js';
import type { FileType } from '../images/file-type.js';
import type { FileContents } from './file-contents.js';
import type { FileProcessing } from './ingest-options.js';

/** The columns derived from the content of a file. */
export function columnsOf(
  contents: FileContents,
  stored: StoredFile,
  type: FileType,
  processing: FileProcessing,
) {
  return {
    type: contents.type,
    originalFile: stored.hash,
    optimizedFile: contents.optimizedFile ?? null,
    thumbFile: contents.thumbFile ?? null,
    maskFile: contents.maskFile ?? null,
    fileSize: stored.size,
    mediaType: type.mediaType,
    width: contents.width ?? null,
    height: contents.height ?? null,
    resolution: contents.resolution ?? null,
    processing: {
      asked: processing,
      ...(contents.crop === undefined ? {} : { crop: contents.crop }),
    } as Record<string, unknown>,
  };
}
