import { type FileHandle, open } from 'node:fs/promises';

/** A picture that a PostScript file contains beside its program: a part of the file. */
export interface ContainedPicture {
  readonly format: 'pdf' | 'tiff' | 'wmf';
  readonly start: number;
  readonly length: number;
}

/** Bytes of the header in front of an EPS file with a preview. */
const HEADER = 30;
const HEADER_MARK = 0xc5d0d3c6;

/** Most bytes of a PostScript file to search. */
const MAX_BYTES = 512 * 2 ** 20;

/** Bytes that are searched at a time. */
const BLOCK = 2 ** 20;

const PDF_START = Buffer.from('%PDF-');
const PDF_END = Buffer.from('%%EOF');

/**
 * The pictures in a PostScript or EPS file, best first: a whole PDF, or the preview that the header of an EPS file refers to.
 *
 * @param size - Bytes of the file.
 */
export async function containedPictures(path: string, size: number): Promise<ContainedPicture[]> {
  if (size > MAX_BYTES) return [];
  const file = await open(path);
  try {
    const pdf = await findPdf(file, size);
    const previews = await previewsOf(file, size);
    return pdf === undefined ? previews : [pdf, ...previews];
  } finally {
    await file.close();
  }
}

async function previewsOf(file: FileHandle, size: number): Promise<ContainedPicture[]> {
  const { buffer: header, bytesRead } = await file.read(Buffer.alloc(HEADER), 0, HEADER, 0);
  if (bytesRead < HEADER || header.readUInt32BE(0) !== HEADER_MARK) return [];
  return (['tiff', 'wmf'] as const).flatMap((format) => {
    const at = format === 'tiff' ? 20 : 12;
    const [start, length] = [header.readUInt32LE(at), header.readUInt32LE(at + 4)];
    return length > 0 && start >= HEADER && start + length <= size ? [{ format, start, length }] : [];
  });
}

async function findPdf(file: FileHandle, size: number): Promise<ContainedPicture | undefined> {
  let start: number | undefined;
  let end: number | undefined;
  const overlap = PDF_START.length - 1;
  const buffer = Buffer.alloc(BLOCK + overlap);
  for (let at = 0; at < size; at += BLOCK) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    const block = buffer.subarray(0, bytesRead);
    if (start === undefined) {
      const found = block.indexOf(PDF_START);
      if (found >= 0) start = at + found;
    }
    const found = block.lastIndexOf(PDF_END);
    if (found >= 0) end = at + found + PDF_END.length;
    if (bytesRead < buffer.length) break;
  }
  if (start === undefined || end === undefined || end <= start) return undefined;
  return { format: 'pdf', start, length: end - start };
}
