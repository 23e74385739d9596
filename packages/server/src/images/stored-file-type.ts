import { open } from 'node:fs/promises';
import type { FileStore } from '../files/file-store.js';
import { type FileType, fileTypeOf, HEAD_BYTES } from './file-type.js';

/** The type of a stored file, by its first bytes and its name; `undefined` for an unknown type. */
export async function typeOfStored(
  files: FileStore,
  hash: string,
  fileName: string,
): Promise<FileType | undefined> {
  const handle = await open(await files.path(hash));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return fileTypeOf(buffer.subarray(0, bytesRead), fileName);
  } finally {
    await handle.close();
  }
}
