import sharp, { type Sharp, type SharpInput, type SharpOptions } from 'sharp';

/** An image cannot or may not be read. The message is for the user who sent it. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

// The library's cache would be of no use: every file is read once, as a whole.
sharp.cache({ memory: 32, files: 0, items: 50 });

/** Opens an image, with limits because it comes from outside. */
export function openImage(input: SharpInput, maxPixels: number, options: SharpOptions = {}): Sharp {
  return sharp(input, {
    // Without this, a truncated image would be filled with gray.
    failOn: 'error',
    limitInputPixels: maxPixels,
    sequentialRead: true,
    ...options,
  }).timeout({ seconds: 300 });
}

/**
 * Waits for work of the image library, or until the signal aborts. The work itself cannot be interrupted; its result is then
 * discarded.
 *
 * @throws ImageError for the library's errors; the signal's reason when aborted.
 */
export async function imageWork<T>(
  work: Promise<T>,
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
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted]);
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof ImageError ? error : new ImageError(wordsOf(error, maxPixels));
  } finally {
    if (leave !== undefined) signal?.removeEventListener('abort', leave);
  }
}

function wordsOf(error: unknown, maxPixels: number): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/exceeds pixel limit/i.test(message)) return `the image has more than ${maxPixels} pixels`;
  if (/unsupported image format/i.test(message)) return 'the content is not an image that can be decoded';
  if (/timeout/i.test(message)) return 'the image takes too long to decode';
  // The library's message contains the path in the store, which means nothing to the user.
  const plain = message
    .replace(/^Input (?:file|buffer)[^:]*: /, '')
    .replaceAll(/\S*[\\/][0-9a-f]{2}[\\/]\S+/g, 'the image');
  return `the image is damaged: ${plain.split('\n')[0]?.trim() ?? ''}`;
}
