import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profileProblem, profileWarning } from './color-profile.js';
import { decodeForeign, FOREIGN_FORMATS } from './foreign-image.js';
import { type HeaderFindings, imageHeaders } from './image-headers.js';
import { imageWork, openImage, UnsupportedImageError } from './image-library.js';
import { type ImageProbe, plausibleResolution, probeImage } from './image-probe.js';

/** An image in a form that the image library reads correctly. */
export interface ReadableImage {
  /** A local file: that of the image itself, or a temporary one. */
  readonly path: string;
  readonly probe: ImageProbe;
  /** A warning about the image. */
  readonly warnings: readonly string[];
}

/** An untrusted image. */
export interface ImageFile {
  readonly path: string;
  /** By its content, such as `image/heic`. */
  readonly mediaType: string;
  readonly maxPixels: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Uses an image in a form that the image library reads. Temporary files are removed afterwards.
 *
 * @throws ImageError when the image cannot be read, UnsupportedImageError if it may be valid.
 */
export async function withReadableImage<T>(
  image: ImageFile,
  use: (readable: ReadableImage) => Promise<T>,
): Promise<T> {
  const { path, mediaType, maxPixels, signal } = image;
  const headers = await imageHeaders(path);
  checkHeaders(headers);
  const probe = await probeIfKnown(image);
  const problem = probe === undefined ? undefined : await embeddedProfileProblem(image, probe, headers);
  const warnings = problem === undefined ? [] : [profileWarning(problem)];
  const content =
    probe === undefined
      ? undefined
      : problem !== undefined && probe.hasProfile
        ? await withoutProfile(image, probe)
        : await corrected(path, probe, headers, maxPixels, signal);
  if (probe !== undefined && content === undefined) return use({ path, probe, warnings });
  const directory = await mkdtemp(join(tmpdir(), 'ips-image-'));
  try {
    const file = join(directory, 'image');
    if (probe !== undefined && content !== undefined) {
      await writeFile(file, content);
      return await use({
        path: file,
        probe: { ...probe, ...(await pictureOf(file, maxPixels, signal)) },
        warnings,
      });
    }
    const { size } = await stat(path);
    const embedded = mediaType === 'image/heic' ? await embeddedIn(image) : undefined;
    const decoded = await decodeForeign(path, size, mediaType, { maxPixels, signal }, embedded?.profile);
    await writeFile(file, decoded.content);
    const picture = await probeImage(file, maxPixels, signal);
    return await use({
      path: file,
      probe: {
        ...picture,
        resolution: plausibleResolution(decoded.resolution) ?? embedded?.probe.resolution,
        embedded: embedded?.probe.embedded ?? picture.embedded,
        lossless: mediaType !== 'image/heic' && picture.lossless,
      },
      warnings: decoded.warnings,
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Checks an image before it is read without conversion.
 *
 * @throws UnsupportedImageError if the image library would fail or read wrong pixels.
 */
export async function checkReadable(path: string): Promise<void> {
  checkHeaders(await imageHeaders(path));
}

function checkHeaders({ unsupported }: HeaderFindings): void {
  if (unsupported !== undefined)
    throw new UnsupportedImageError(`the image cannot be decoded: ${unsupported}`);
}

/**
 * The headers of an image that the library decodes; `undefined` for an image that needs a different decoder.
 */
async function probeIfKnown({
  path,
  mediaType,
  maxPixels,
  signal,
}: ImageFile): Promise<ImageProbe | undefined> {
  if (FOREIGN_FORMATS[mediaType] === undefined) return probeImage(path, maxPixels, signal);
  // Files of one kind can have different codings, of which the library supports one.
  if (mediaType !== 'image/heic') return undefined;
  const { compression } = await headerOf(path, maxPixels, signal);
  return compression === 'av1' ? probeImage(path, maxPixels, signal) : undefined;
}

const headerOf = (path: string, maxPixels: number, signal: AbortSignal | undefined) =>
  imageWork(() => openImage(path, maxPixels).metadata(), signal, maxPixels);

/** Why the profile in an image cannot be used; the image library fails with some of these, and passes over others without a word. */
async function embeddedProfileProblem(
  { path, maxPixels, signal }: ImageFile,
  { space, hasProfile }: ImageProbe,
  headers: HeaderFindings,
): Promise<string | undefined> {
  if (!hasProfile) return headers.hasProfile === true ? 'it is damaged' : undefined;
  const { icc } = await headerOf(path, maxPixels, signal);
  return icc === undefined ? undefined : profileProblem(icc, space);
}

/** The image without its profile. */
function withoutProfile({ path, maxPixels, signal }: ImageFile, { space }: ImageProbe): Promise<Buffer> {
  const wide = space === 'rgb16' || space === 'grey16';
  return imageWork(
    () => {
      const image = openImage(path, maxPixels, { ignoreIcc: true }).keepExif();
      if (space === 'cmyk')
        return image
          .pipelineColourspace('cmyk')
          .toColourspace('cmyk')
          .tiff({ compression: 'deflate', predictor: 'horizontal' })
          .toBuffer();
      return (wide ? image.toColourspace(space) : image).png({ compressionLevel: 1 }).toBuffer();
    },
    signal,
    maxPixels,
  );
}

/** What the library reads from the header of a file whose pixels it cannot decode. */
async function embeddedIn({
  path,
  maxPixels,
  signal,
}: ImageFile): Promise<{ readonly probe: ImageProbe; readonly profile: Uint8Array | undefined }> {
  const probe = await probeImage(path, maxPixels, signal);
  const { icc } = await headerOf(path, maxPixels, signal);
  return { probe, profile: icc };
}

/** The gamma of sRGB, for samples between 0 and 1. */
const STANDARD_GAMMA = 1 / 2.2;

/** Maximum invisible difference in gamma. */
const SAME_GAMMA = 0.03;

/** The image with corrected pixels if the library reads it differently from its headers. */
async function corrected(
  path: string,
  probe: ImageProbe,
  { gamma }: HeaderFindings,
  maxPixels: number,
  signal: AbortSignal | undefined,
): Promise<Buffer | undefined> {
  const exponent = gamma === undefined || gamma <= 0 ? 1 : STANDARD_GAMMA / gamma;
  const bent = Math.abs(exponent - 1) > SAME_GAMMA && !probe.hasProfile;
  if (!bent) return undefined;
  return imageWork(
    () => {
      // One number darkens, the other brightens; both are within 1 and 3.
      const within = (value: number): number => Math.min(3, Math.max(1, value));
      return openImage(path, maxPixels)
        .keepExif()
        .gamma(within(exponent), within(1 / exponent))
        .png({ compressionLevel: 1 })
        .toBuffer();
    },
    signal,
    maxPixels,
  );
}

/** The properties that change with the conversion of an image. */
async function pictureOf(
  path: string,
  maxPixels: number,
  signal: AbortSignal | undefined,
): Promise<Pick<ImageProbe, 'width' | 'height' | 'space' | 'channels' | 'hasAlpha' | 'hasProfile'>> {
  const { width, height, space, channels, hasAlpha, hasProfile } = await probeImage(path, maxPixels, signal);
  return { width, height, space, channels, hasAlpha, hasProfile };
}
