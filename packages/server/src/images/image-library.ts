import sharp, { type Sharp, type SharpInput, type SharpOptions } from 'sharp';
import { StorageError, storageProblem } from '../storage-problem.js';

/** An image cannot or must not be read. The message is meant for its sender. */
export class ImageError extends Error {
  override readonly name: string = 'ImageError';
}

/**
 * An image may be valid, but is of a kind that this server does not decode. Its file can be kept unchanged.
 */
export class UnsupportedImageError extends ImageError {
  override readonly name: string = 'UnsupportedImageError';
}

// The library's cache would be useless, because every file is read once, completely.
sharp.cache({ memory: 32, files: 0, items: 50 });

/** Opens an untrusted image, with limits. */
export function openImage(input: SharpInput, maxPixels: number, options: SharpOptions = {}): Sharp {
  return sharp(input, {
    // Without this, a truncated image would be filled with gray.
    failOn: 'error',
    limitInputPixels: maxPixels,
    sequentialRead: true,
    ...options,
  }).timeout({ seconds: 300 });
}

/** Milliseconds to wait for the library to be idle before a failed task is repeated alone. */
const QUIET_WAIT = 2000;

/**
 * The state of the library. It collects messages of all threads in one place, so a message belongs to a file
 * only if the library worked on nothing else at the time.
 */
const library = { running: 0, started: 0, idle: new Set<() => void>() };

/**
 * Does work of the image library, or waits until the signal aborts. The work itself cannot be interrupted;
 * its result is then discarded. Work that fails while other work is running is repeated alone, to get the
 * right message.
 *
 * @param work - Starts the work, which must have no other effect than its result, because it may be started
 * twice.
 * @throws ImageError for the library's errors; StorageError if it could not write; the signal's reason when aborted.
 */
export async function imageWork<T>(
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
  maxPixels: number,
): Promise<T> {
  signal?.throwIfAborted();
  let leave: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
  });
  aborted.catch(() => undefined);
  const attempt = attributed(work);
  attempt.catch(() => undefined);
  try {
    return await Promise.race([attempt, aborted]);
  } catch (error) {
    signal?.throwIfAborted();
    const problem = storageProblem(error);
    if (problem !== undefined) throw new StorageError(problem, { cause: error });
    throw error instanceof ImageError ? error : imageErrorOf(error, maxPixels);
  } finally {
    if (leave !== undefined) signal?.removeEventListener('abort', leave);
  }
}

/** Does work. A failure has a message only if it is certainly about this work. */
async function attributed<T>(work: () => Promise<T>): Promise<T> {
  const first = await alone(work);
  if ('value' in first) return first.value;
  // A full disk is one for all files.
  if (first.alone || storageProblem(first.error) !== undefined) throw first.error;
  await quiet();
  const second = await alone(work);
  if ('value' in second) return second.value;
  throw second.alone ? second.error : new Error('');
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown; readonly alone: boolean };

async function alone<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  const others = library.running;
  library.running += 1;
  library.started += 1;
  const mark = library.started;
  try {
    return { value: await work() };
  } catch (error) {
    return { error, alone: others === 0 && library.started === mark };
  } finally {
    library.running -= 1;
    if (library.running === 0) {
      for (const wake of library.idle) wake();
      library.idle.clear();
    }
  }
}

/** Resolves when the library is idle, or after {@link QUIET_WAIT}. */
async function quiet(): Promise<void> {
  if (library.running === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(wake, QUIET_WAIT);
    function wake(): void {
      clearTimeout(timer);
      library.idle.delete(wake);
      resolve();
    }
    library.idle.add(wake);
  });
}

function imageErrorOf(error: unknown, maxPixels: number): ImageError {
  const message = error instanceof Error ? error.message : String(error);
  if (/exceeds pixel limit/i.test(message))
    return new ImageError(`the image has more than ${maxPixels} pixels`);
  if (/unsupported image format/i.test(message))
    return new ImageError('the content is not an image that can be decoded');
  if (/timeout/i.test(message)) return new ImageError('the image takes too long to decode');
  // The library's message contains the path of the file, which means nothing to the user.
  const plain =
    message
      .replace(/^Input (?:file|buffer)[^:]*: /, '')
      .replaceAll(/(?:\b[A-Za-z]:)?[\\/]\S*[\\/][^\s:]+/g, 'the image')
      .split('\n')
      // Where it looked for the rest of a file that ends early.
      .find((line) => !/bad seek/.test(line))
      ?.trim() ?? '';
  if (NOT_BUILT_IN.test(plain)) return new UnsupportedImageError(`the image is not supported: ${plain}`);
  return new ImageError(`the image is damaged${plain === '' ? '' : `: ${plain}`}`);
}

/** Messages of the library's parts about files that may be valid but are not supported. */
const NOT_BUILT_IN =
  /not configured|not supported|unsupported|not implemented|no known route|samples out of range|not a whole number of bytes|too large for the format|exceeds.*dimension/i;
