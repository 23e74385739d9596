import sharp, { type Sharp, type SharpInput, type SharpOptions } from 'sharp';

/** An image that cannot be read, or may not be; the message says why in words for the user who sent it. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

// Pixels in the library's own cache would only be held twice: every content is read once, as a whole.
sharp.cache({ memory: 32, files: 0, items: 50 });

/** Opens an image with bounds for what comes from outside. */
export function openImage(input: SharpInput, maxPixels: number, options: SharpOptions = {}): Sharp {
  return sharp(input, {
    // A truncated image would otherwise end in gray.
    failOn: 'error',
    limitInputPixels: maxPixels,
    sequentialRead: true,
    ...options,
  }).timeout({ seconds: 300 });
}

/**
 * Waits for work of the image library, but no longer than until the signal: such work cannot be broken off, its result is not
 * used then.
 *
 * @throws ImageError for what the library says of the image; the signal's reason when it is aborted.
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
  if (/unsupported image format/i.test(message)) return 'the content is no image that can be decoded';
  if (/timeout/i.test(message)) return 'the image takes too long to decode';
  // The library names the file of the store, which says nothing to the user.
  const plain = message
    .replace(/^Input (?:file|buffer)[^:]*: /, '')
    .replaceAll(/\S*[\\/][0-9a-f]{2}[\\/]\S+/g, 'the image');
  return `the image is damaged: ${plain.split('\n')[0]?.trim() ?? ''}`;
}
