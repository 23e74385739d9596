import { type FileHandle, open } from 'node:fs/promises';

/** Bytes that are read at once. */
const CHUNK = 256 * 1024;

/** Most buffers to keep for further files. */
const KEPT = 16;

/**
 * Buffers that no file uses. With a new one for each chunk, the garbage collector would examine everything that the server keeps in memory
 * after a few images: it counts what buffers take.
 */
const free: Buffer[] = [];

/**
 * The content of a file in chunks. Each chunk is overwritten by the next one.
 *
 * @throws the signal's reason if it is aborted, and the errors of the file system.
 */
export async function* fileChunks(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    yield* handleChunks(file, signal);
  } finally {
    await file.close();
  }
}

/** The content of an open file from its beginning, as `fileChunks`. */
export async function* handleChunks(file: FileHandle, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const buffer = free.pop() ?? Buffer.allocUnsafeSlow(CHUNK);
  try {
    for (let position = 0; ; ) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, CHUNK, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    if (free.length < KEPT) free.push(buffer);
  }
}
