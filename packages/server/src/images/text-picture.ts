import type { GivenValues } from '@ips-sdk/delivery';
import sharp from 'sharp';
import { onCanvas, rotatedPixels } from './canvas.js';
import { ImageError } from './image-library.js';
import { MAX_WORKED_PIXELS, type Pixels, readPixels } from './pixels.js';
import { RenderRequestError } from './render-request.js';
import { pangoOf, type RichText } from './rich-text.js';
import type { Size } from './view.js';

/** Most characters of a text, without its markup. */
const MAX_TEXT = 5000;

/** Largest side of a text, in pixels. */
const MAX_TEXT_SIDE = 8000;

/** Points of text without a size of its own. */
const POINTS = 12;

/** Tries to find a resolution at which a text fills its box. */
const TRIES = 9;

/** The resolution that a try starts from at most. */
const MAX_DPI = 3000;

/** A text, and how to set it. */
export interface TextPicture extends Size {
  /** The point at which it is placed without another one, for text of Photoshop that has no box. */
  readonly origin: readonly [x: number, y: number] | undefined;
  /** Draws it at a factor of its size. */
  draw(factor: number): Promise<Pixels>;
}

/** How to set a text. */
export interface TextRequest {
  /** Plain, or in RTF. */
  readonly text: string;
  /** Whether it is set as in Photoshop: `textPs`. */
  readonly isPhotoshop: boolean;
  readonly attributes: GivenValues['textAttr'];
  /** Of its box in pixels; 0 for as large as the text. */
  readonly box: Size;
  /** Degrees, clockwise. */
  readonly angle: number;
}

/**
 * Sets a text in a box.
 *
 * @throws RenderRequestError when it is too long or too large.
 */
export async function textPicture(request: TextRequest, signal?: AbortSignal): Promise<TextPicture> {
  const { text, isPhotoshop, attributes, angle } = request;
  const rich = pangoOf(text);
  const command = isPhotoshop ? 'textPs' : 'text';
  const { box } = request;
  check(command, rich, request);
  if (rich.length === 0) {
    const size = { width: Math.max(1, box.width), height: Math.max(1, box.height) };
    return { ...size, origin: undefined, draw: async () => blank };
  }
  const [dpi = 72, , mode = 'fixedRes'] = attributes ?? [];
  const quarter = ((Math.round(angle / 90) % 4) + 4) % 4;
  const isTurned = angle % 90 === 0 && quarter % 2 === 1;
  // Text that runs down has the height of its box as the length of its lines.
  const inner: Size = isTurned ? { width: box.height, height: box.width } : box;
  const setter = new TextSetter(rich, request, inner, signal);
  const fits = mode !== 'fixedRes' && !isPhotoshop && box.width > 0 && box.height > 0;
  const used = fits ? await setter.fittingDpi(mode === 'maxRes' ? dpi : MAX_DPI, inner) : dpi;
  // An estimate that no font exceeds by far, so that nothing large is drawn only to be measured.
  const side = (used / 72) * POINTS * 2;
  if (inner.width === 0 && side * rich.length > MAX_TEXT_SIDE * 20)
    throw new RenderRequestError(
      `${command}: ${rich.length} characters at ${used} dots per inch are too large`,
    );
  const measured = await setter.draw(used, 1).catch((error: unknown) => {
    // Characters that no font of this machine shows have no size.
    if (!(error instanceof ImageError)) throw error;
    throw new RenderRequestError(`${command}: found '${text.slice(0, 100)}', which cannot be drawn`);
  });
  if (Math.max(measured.width, measured.height) > MAX_TEXT_SIDE)
    throw new RenderRequestError(
      `${command}: it is ${measured.width} × ${measured.height} pixels large, expected at most ${MAX_TEXT_SIDE} a side`,
    );
  const set: Size = {
    width: inner.width > 0 ? inner.width : measured.width,
    height: inner.height > 0 ? inner.height : measured.height,
  };
  const turned = angle === 0 ? set : turnedSize(set, angle);
  const size = {
    width: box.width > 0 ? box.width : turned.width,
    height: box.height > 0 ? box.height : turned.height,
  };
  const isPoint = isPhotoshop && box.width === 0 && angle === 0;
  return {
    ...size,
    origin: isPoint ? await setter.pointOf(used, set) : undefined,
    draw: async (factor) => {
      const drawn = await setter.inBox(used, factor, scaledSize(set, factor));
      if (angle === 0) return drawn;
      const all = await rotatedPixels(drawn, ((angle % 360) + 360) % 360, scaledSize(turned, factor), signal);
      const whole = scaledSize(size, factor);
      const place = {
        left: Math.round((whole.width - all.width) / 2),
        top: Math.round((whole.height - all.height) / 2),
      };
      return onCanvas(all, place, whole);
    },
  };
}

function check(command: string, rich: RichText, { box, isPhotoshop }: TextRequest): void {
  if (rich.length > MAX_TEXT)
    throw new RenderRequestError(`${command}: found ${rich.length} characters, expected at most ${MAX_TEXT}`);
  if (box.width > MAX_TEXT_SIDE || box.height > MAX_TEXT_SIDE)
    throw new RenderRequestError(
      `size: found a text ${box.width} × ${box.height} pixels large, expected at most ${MAX_TEXT_SIDE} a side`,
    );
  if (!isPhotoshop && box.width === 0 && rich.alignments.size > 1)
    throw new RenderRequestError(
      `text: found paragraphs that are ${[...rich.alignments].join(' and ')}, expected one alignment in a text without a width`,
    );
}

/** Draws one text at different sizes. */
class TextSetter {
  readonly #rich: RichText;
  readonly #request: TextRequest;
  readonly #box: Size;
  readonly #signal: AbortSignal | undefined;

  /** @param box - Before the text is turned. */
  constructor(rich: RichText, request: TextRequest, box: Size, signal: AbortSignal | undefined) {
    this.#rich = rich;
    this.#request = request;
    this.#box = box;
    this.#signal = signal;
  }

  /** Draws the text as large as it is. */
  async draw(dpi: number, factor: number, markup: string = this.#rich.markup): Promise<Pixels> {
    const { isPhotoshop, attributes } = this.#request;
    const { align } = this.#rich;
    const [, antialias = 'norm', , given = 'wrap'] = attributes ?? [];
    const wrap = isPhotoshop ? 'wrap' : given;
    const width = Math.round(this.#box.width * factor);
    const pixels = await readPixels(
      sharp({
        text: {
          text: markup,
          font: `DejaVu Sans ${POINTS}`,
          rgba: true,
          align: align === 'justified' ? 'left' : align,
          justify: align === 'justified' && width > 0,
          dpi: Math.max(1, Math.min(20_000, Math.round(dpi * factor))),
          ...(width > 0 && wrap !== 'noWrap'
            ? { width, wrap: wrap === 'nbWrap' ? 'word' : 'word-char' }
            : {}),
        },
      }),
      { alpha: true, signal: this.#signal, maxPixels: MAX_WORKED_PIXELS },
    );
    if (antialias === 'off') harden(pixels);
    return pixels;
  }

  /** Draws the text at its place in a box. */
  async inBox(dpi: number, factor: number, box: Size): Promise<Pixels> {
    const drawn = await this.draw(dpi, factor);
    const { align, vertical } = this.#rich;
    const { isPhotoshop } = this.#request;
    if (isPhotoshop && drawn.height > box.height) keepWholeLines(drawn, box.height);
    const across = { left: 0, justified: 0, center: 0.5, right: 1 }[align];
    const down = this.#box.height > 0 ? { top: 0, center: 0.5, bottom: 1 }[vertical] : 0;
    return onCanvas(
      drawn,
      {
        left: Math.round(Math.max(0, box.width - drawn.width) * across),
        top: Math.round(Math.max(0, box.height - drawn.height) * down),
      },
      box,
    );
  }

  /** The greatest resolution at which the text is within a box; at least 1. */
  async fittingDpi(most: number, box: Size): Promise<number> {
    let [low, high] = [1, most + 1];
    for (let index = 0; index < TRIES && high - low > 1; index += 1) {
      const middle = index === 0 && most < MAX_DPI ? most : Math.floor(Math.sqrt(low * high));
      // Many characters at a high resolution need not be drawn to see that they are too large.
      const height = (middle / 72) * POINTS;
      const isHuge =
        height > box.height * 2 || (height * height * this.#rich.length) / 8 > box.width * box.height * 4;
      const { width, height: high_ } = isHuge ? { width: Infinity, height: 0 } : await this.draw(middle, 1);
      if (width <= box.width && high_ <= box.height) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Where text without a box is placed: at the end of its first line's side, immediately below that line. */
  async pointOf(dpi: number, { width }: Size): Promise<readonly [number, number]> {
    const { firstLine, align } = this.#rich;
    const x = { left: 0, justified: 0, center: width / 2, right: width }[align];
    const first = firstLine.trim() === '' ? { height: 0 } : await this.draw(dpi, 1, firstLine);
    return [Math.round(x), first.height];
  }
}

const scaledSize = ({ width, height }: Size, factor: number): Size => ({
  width: Math.max(1, Math.round(width * factor)),
  height: Math.max(1, Math.round(height * factor)),
});

/** The box around a turned rectangle. */
function turnedSize({ width, height }: Size, angle: number): Size {
  const radians = (angle * Math.PI) / 180;
  const [sin, cos] = [Math.abs(Math.sin(radians)), Math.abs(Math.cos(radians))];
  return {
    width: Math.max(1, Math.round(width * cos + height * sin)),
    height: Math.max(1, Math.round(width * sin + height * cos)),
  };
}

/** Makes each pixel opaque or clear. */
function harden({ data }: Pixels): void {
  for (let at = 3; at < data.length; at += 4) data[at] = (data[at] ?? 0) < 128 ? 0 : 255;
}

/** Clears a line that a height cuts, and those below it. */
function keepWholeLines({ data, width, height: all }: Pixels, height: number): void {
  const isClear = (y: number): boolean => {
    for (let x = 0; x < width; x += 1) if (data[(y * width + x) * 4 + 3] !== 0) return false;
    return true;
  };
  let end = Math.min(all, height);
  while (end > 0 && !isClear(end - 1)) end -= 1;
  data.fill(0, end * width * 4);
}

const blank: Pixels = { data: new Uint8Array(4), width: 1, height: 1, channels: 4 };
