import type { GivenValues } from '@ips-sdk/delivery';
import sharp from 'sharp';
import { ImageError } from './image-library.js';
import { MAX_WORKED_PIXELS, type Pixels, readPixels } from './pixels.js';
import { RenderRequestError } from './render-request.js';
import { pangoOf } from './rich-text.js';
import type { Size } from './view.js';

/** Most characters of a text, without its markup. */
const MAX_TEXT = 5000;

/** Largest side of a text, in pixels. */
const MAX_TEXT_SIDE = 8000;

/** Points of text without a size of its own. */
const POINTS = 12;

/** A text, and how to set it. */
export interface TextPicture extends Size {
  /** Draws it at a factor of its size. */
  draw(factor: number): Promise<Pixels>;
}

/**
 * Sets a text in a box.
 *
 * @param width - Of the box, in pixels; 0 for as wide as the text.
 * @throws RenderRequestError when it is too long or too large.
 */
export async function textPicture(
  text: string,
  attributes: GivenValues['textAttr'],
  width: number,
  signal?: AbortSignal,
): Promise<TextPicture> {
  const { markup, length, align } = pangoOf(text);
  if (length > MAX_TEXT)
    throw new RenderRequestError(`text: found ${length} characters, expected at most ${MAX_TEXT}`);
  if (width > MAX_TEXT_SIDE)
    throw new RenderRequestError(
      `size: found a text ${width} pixels wide, expected at most ${MAX_TEXT_SIDE}`,
    );
  const [dpi = 72, , , wrap = 'wrap'] = attributes ?? [];
  if (length === 0) return { width: Math.max(1, width), height: 1, draw: async () => blank };
  const draw = async (factor: number): Promise<Pixels> => {
    const box = Math.round(width * factor);
    return readPixels(
      sharp({
        text: {
          text: markup,
          font: `DejaVu Sans ${POINTS}`,
          rgba: true,
          align,
          dpi: Math.max(1, Math.min(20_000, Math.round(dpi * factor))),
          ...(box > 0 && wrap === 'wrap' ? { width: box, wrap: 'word-char' } : {}),
        },
      }),
      { alpha: true, signal, maxPixels: MAX_WORKED_PIXELS },
    );
  };
  // An estimate that no font exceeds by far, so that nothing large is drawn only to be measured.
  const side = (dpi / 72) * POINTS * 2;
  if (width === 0 && side * length > MAX_TEXT_SIDE * 20)
    throw new RenderRequestError(`text: ${length} characters at ${dpi} dots per inch are too large`);
  const { width: wide, height: high } = await draw(1).catch((error: unknown) => {
    // Characters that no font of this machine shows have no size.
    if (!(error instanceof ImageError)) throw error;
    throw new RenderRequestError(`text: found '${text.slice(0, 100)}', which cannot be drawn`);
  });
  if (Math.max(wide, high) > MAX_TEXT_SIDE)
    throw new RenderRequestError(
      `text: it is ${wide} × ${high} pixels large, expected at most ${MAX_TEXT_SIDE} a side`,
    );
  return { width: Math.max(wide, width), height: high, draw };
}

const blank: Pixels = { data: new Uint8Array(4), width: 1, height: 1, channels: 4 };
