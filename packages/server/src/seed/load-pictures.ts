import type { FileStore } from '../files/file-store.js';
import { type ExaminedFile, examinedFile } from './examined-file.js';

/** How many different pictures there are. */
const PICTURES = 64;
const SIDE = 48;

/** Stores small pictures of different colors with the derivatives that an upload makes. The same ones every time. */
export async function loadPictures(files: FileStore): Promise<readonly ExaminedFile[]> {
  const { default: sharp } = await import('sharp');
  const made: ExaminedFile[] = [];
  for (let each = 0; each < PICTURES; each += 1) {
    const background = { r: (each * 37) % 256, g: (each * 91) % 256, b: (each * 151) % 256 };
    const picture = sharp({ create: { width: SIDE, height: SIDE, channels: 3, background } });
    const stored = await files.put(await picture.png().toBuffer());
    const examined = await examinedFile('load.png', {
      files,
      stored,
      ffmpeg: undefined,
      maxPixels: SIDE * SIDE,
    });
    if (examined === undefined) throw new Error('a generated picture has no type');
    made.push(examined);
  }
  return made;
}
