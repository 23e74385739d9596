import { readFile } from 'node:fs/promises';
import type { Worker } from 'node:worker_threads';
import { profileProblem, profileWarning } from './color-profile.js';
import { fileOfPixels, spaceOf } from './decoded-file.js';
import { MAX_BYTES } from './foreign-image.js';
import { ImageError, UnsupportedImageError } from './image-library.js';
import { answerOf, startThread, threadFile } from './image-thread.js';
import { MAX_WORKED_PIXELS } from './pixels.js';
import { type PsdHeader, readPsdHeader, unsupportedPsd } from './psd-header.js';
import type { PsdLayerList } from './psd-layers.js';
import { PSD_MODES } from './psd-planes.js';
import type { PsdLayer } from './psd-structure.js';
import type { LayerAnswer, LayerFile, LayerRequest } from './psd-worker.js';

/** Most layers of a file that become images. */
export const MAX_LAYERS = 100;

/** Milliseconds to open the file, and for each layer. */
const TIMEOUT = 60_000;

const WORDS = { what: 'layers', verb: 'read', participle: 'read' };

/** A layer as a file that the image library reads. */
export interface LayerPicture {
  readonly content: Buffer;
  readonly mediaType: 'image/png' | 'image/tiff';
}

/** How layers are read. */
export interface LayerLimits {
  readonly maxPixels: number;
  readonly signal?: AbortSignal | undefined;
  /** Whether pictures have the size of the file, and show layers at their places. */
  readonly isExtended: boolean;
}

/** The layers of an open Photoshop file. Close it after use. */
export class PhotoshopLayers {
  readonly #worker: Worker;
  readonly #header: PsdHeader;
  readonly #profile: Uint8Array | undefined;
  readonly #limits: LayerLimits;
  readonly list: PsdLayerList;
  /** A warning about the file. */
  readonly warning: string | undefined;

  private constructor(
    worker: Worker,
    header: PsdHeader,
    list: PsdLayerList,
    limits: LayerLimits,
    profile: { readonly usable?: Uint8Array | undefined; readonly warning?: string | undefined },
  ) {
    this.#worker = worker;
    this.#header = header;
    this.#limits = limits;
    this.list = list;
    this.#profile = profile.usable;
    this.warning = profile.warning;
  }

  /**
   * Opens a file. Layers are counted and measured, and not decoded.
   *
   * @throws ImageError when it is damaged, UnsupportedImageError if its layers cannot be read or are too many or too large.
   */
  static async open(path: string, size: number, limits: LayerLimits): Promise<PhotoshopLayers> {
    const { maxPixels, signal, isExtended } = limits;
    if (size > MAX_BYTES)
      throw new UnsupportedImageError(
        `a file of ${size} bytes is too large to read its layers; at most ${MAX_BYTES}`,
      );
    const content = await readFile(path);
    const found = readPsdHeader(content);
    if (found === undefined) throw new ImageError('its header cannot be read');
    const reason = unsupportedPsd(found);
    if (reason !== undefined) throw new UnsupportedImageError(reason);
    const { profile, ...rest } = found;
    const header = { ...rest, profile: undefined };
    const bytes = new Uint8Array(content);
    const worker = startThread(threadFile('psd-worker'), { content: bytes, header } satisfies LayerFile, [
      bytes.buffer,
    ]);
    try {
      const answer = await soundAnswer(worker, signal);
      if (!('list' in answer)) throw new ImageError('its layers cannot be read');
      checkList(
        answer.list.layers.map((layer) => (isExtended ? header : layer)),
        Math.min(maxPixels, MAX_WORKED_PIXELS),
      );
      const usable = header.mode === PSD_MODES.lab ? undefined : profile;
      const space = header.mode === PSD_MODES.cmyk ? 'cmyk' : header.mode === PSD_MODES.rgb ? 'srgb' : 'b-w';
      const problem = usable === undefined ? undefined : await profileProblem(usable, space);
      return new PhotoshopLayers(
        worker,
        header,
        answer.list,
        limits,
        problem === undefined ? { usable } : { warning: profileWarning(problem) },
      );
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  /**
   * The picture of a layer.
   *
   * @throws ImageError when its pixels are damaged.
   */
  async draw({ number }: PsdLayer): Promise<LayerPicture> {
    const { isExtended, signal } = this.#limits;
    const answer = soundAnswer(this.#worker, signal);
    this.#worker.postMessage({ number, isExtended } satisfies LayerRequest);
    const drawn = await answer;
    if (!('data' in drawn)) throw new ImageError(`layer ${number} cannot be read`);
    return {
      content: await fileOfPixels(drawn, this.#profile, this.#limits),
      mediaType: spaceOf(drawn) === 'cmyk' ? 'image/tiff' : 'image/png',
    };
  }

  /** Pixels of the whole file. */
  get size(): { readonly width: number; readonly height: number } {
    const { width, height } = this.#header;
    return { width, height };
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Layers may have other sizes than the file, and overlap. */
function checkList(
  layers: readonly { readonly width: number; readonly height: number }[],
  maxPixels: number,
): void {
  if (layers.length > MAX_LAYERS)
    throw new UnsupportedImageError(
      `the file has ${layers.length} layers with pixels; at most ${MAX_LAYERS} become images`,
    );
  const pixels = layers.reduce((sum, { width, height }) => sum + width * height, 0);
  if (pixels > maxPixels)
    throw new UnsupportedImageError(
      `its layers have ${pixels} pixels together, more than the allowed ${maxPixels}`,
    );
}

/** The next result of the thread. Throws errors. */
async function soundAnswer(
  worker: Worker,
  signal: AbortSignal | undefined,
): Promise<Exclude<LayerAnswer, { readonly error: string }>> {
  const answer = await answerOf<LayerAnswer>(worker, WORDS, TIMEOUT, signal);
  if ('error' in answer) throw new ImageError(`its layers are damaged: ${answer.error}`);
  return answer;
}
