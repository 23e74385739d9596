import { examineFile } from '../assets/examine-file.js';
import type { FileContents, FileToExamine } from '../assets/file-contents.js';
import type { StoredFile } from '../files/file-store.js';
import type { FileType } from '../images/file-type.js';
import { typeOfStored } from '../images/stored-file-type.js';

/** A file in the store, with what was found in it. */
export interface ExaminedFile {
  readonly stored: StoredFile;
  readonly type: FileType;
  readonly contents: FileContents;
}

/**
 * Examines a file as an upload without options does.
 *
 * @returns `undefined` if its type is unknown.
 * @throws the errors of examineFile if its content cannot be used.
 */
export async function examinedFile(
  fileName: string,
  file: Pick<FileToExamine, 'files' | 'stored' | 'maxPixels' | 'ffmpeg'>,
): Promise<ExaminedFile | undefined> {
  const { files, stored } = file;
  const type = await typeOfStored(files, stored.hash, fileName);
  if (type === undefined) return undefined;
  const contents = await examineFile({
    ...file,
    type,
    processing: {},
    requested: new Set(),
    signal: undefined,
    progress: () => undefined,
  });
  return { stored, type, contents };
}
