import { IpsFault } from '@ips-sdk/wire';

/** A mistake in a seed. The message names the place: `companies[0].folders[2].assets[1].file: …`. */
export class SeedError extends Error {
  override readonly name = 'SeedError';

  constructor(path: string, message: string, cause?: unknown) {
    super(path === '' ? message : `${path}: ${message}`, { cause });
  }
}

/**
 * Does a part of the work of a seed.
 *
 * @throws SeedError with the place instead of a fault, whose own place is that in a request.
 */
export async function at<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withPlace(path, error);
  }
}

/** As {@link at}, for work that is done at once. */
export function placed<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw withPlace(path, error);
  }
}

const withPlace = (path: string, error: unknown): unknown =>
  error instanceof IpsFault ? new SeedError(path, error.reason, error) : error;
