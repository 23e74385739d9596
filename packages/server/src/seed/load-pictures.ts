import { examineFile } from '../assets/examine-file.js';
import type { FileContents } from '../assets/file-contents.js';
import type { FileStore, StoredFile } from '../files/file-store.js';
import type { FileType } from '../images/file-type.js';
import { typeOfStored } from '../images/stored-file-type.js';

/** How many different pictures there are. */
const PICTURES = 64;
const SIDE = 48;

/** A generated picture in the file store. */
export interface LoadPicture {
  readonly stored: StoredFile;
  readonly type: FileType;
  readonly contents: FileContents;
}

/** Stores small pictures of different colors with the derivatives that an upload makes. The same ones every time. */
export async function loadPictures(files: FileStore): Promise<readonly LoadPicture[]> {
  const { default: sharp } = await import('sharp');
  const made: LoadPicture[] = [];
  for (let each = 0; each < PICTURES; each += 1) {
    const background = { r: (each * 37) % 256, g: (each * 91) % 256, b: (each * 151) % 256 };
    const picture = sharp({ create: { width: SIDE, height: SIDE, channels: 3, background } });
    const stored = await files.put(await picture.png().toBuffer());
    const type = await typeOfStored(files, stored.hash, 'load.png');
    if (type === undefined) throw new Error('a generated picture has no type');
    const contents = await examineFile({
      files,
      stored,
      type,
      processing: {},
      requested: new Set(),
      maxPixels: SIDE * SIDE,
      signal: undefined,
      progress: () => undefined,
    });
    made.push({ stored, type, contents });
  }
  return made;
}
