import sharp, { type Sharp } from 'sharp';
import { imageWork } from './image-library.js';
import { dotsOf, hasDot, LETTER, TEXT_SHARE } from './pixel-font.js';

/** A picture to draw. */
export interface PictureDescription {
  readonly width: number;
  readonly height: number;
  /** As `#rrggbb`. */
  readonly color: string;
  /** The second color of patterns, and that of the text. */
  readonly background: string;
  readonly pattern: 'plain' | 'checkers' | 'stripes' | 'gradient';
  readonly text: string;
  readonly format: 'png' | 'jpeg' | 'tiff' | 'gif';
}

/** Squares and stripes along the shorter side of a picture. */
const REPEATS = 8;

type Color = readonly [red: number, green: number, blue: number];

/** Draws a picture. The same description gives the same bytes with the same version of the image library. */
export async function drawPicture(picture: PictureDescription): Promise<Buffer> {
  const { width, height, format } = picture;
  const pixels = Buffer.alloc(width * height * 3);
  fill(pixels, picture);
  write(pixels, picture);
  const image = (): Sharp =>
    sharp(pixels, { raw: { width, height, channels: 3 } }).withMetadata({ density: 72 });
  return imageWork(() => encoded(image(), format).toBuffer(), undefined, width * height);
}

function encoded(image: Sharp, format: PictureDescription['format']): Sharp {
  switch (format) {
    case 'png':
      return image.png({ compressionLevel: 6 });
    case 'jpeg':
      return image.jpeg({ quality: 90 });
    case 'tiff':
      return image.tiff({ compression: 'lzw' });
    case 'gif':
      return image.gif({ effort: 1 });
  }
}

function fill(pixels: Buffer, { width, height, color, background, pattern }: PictureDescription): void {
  const first = colorOf(color);
  const second = colorOf(background);
  const side = Math.max(1, Math.ceil(Math.min(width, height) / REPEATS));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      switch (pattern) {
        case 'plain':
          put(pixels, y * width + x, first);
          break;
        case 'checkers':
          put(
            pixels,
            y * width + x,
            (Math.floor(x / side) + Math.floor(y / side)) % 2 === 0 ? first : second,
          );
          break;
        case 'stripes':
          put(pixels, y * width + x, Math.floor(y / side) % 2 === 0 ? first : second);
          break;
        case 'gradient':
          put(pixels, y * width + x, between(first, second, width === 1 ? 0 : x / (width - 1)));
          break;
      }
    }
  }
}

/** Writes the text in one line in the middle, as large as it may be. A text that does not fit is not written. */
function write(pixels: Buffer, { width, height, background, text }: PictureDescription): void {
  if (text === '') return;
  const letters = [...text];
  const dots = dotsOf(text);
  const scale = Math.floor(TEXT_SHARE * Math.min(width / dots, height / LETTER.height));
  if (scale < 1) return;
  const left = Math.floor((width - dots * scale) / 2);
  const top = Math.floor((height - LETTER.height * scale) / 2);
  const color = colorOf(background);
  for (let y = 0; y < LETTER.height * scale; y += 1) {
    for (let x = 0; x < dots * scale; x += 1) {
      const dot = Math.floor(x / scale);
      const letter = letters[Math.floor(dot / (LETTER.width + 1))] ?? ' ';
      if (hasDot(letter, dot % (LETTER.width + 1), Math.floor(y / scale)))
        put(pixels, (top + y) * width + left + x, color);
    }
  }
}

function put(pixels: Buffer, at: number, [red, green, blue]: Color): void {
  pixels[3 * at] = red;
  pixels[3 * at + 1] = green;
  pixels[3 * at + 2] = blue;
}

function between(first: Color, second: Color, share: number): Color {
  const mix = (at: 0 | 1 | 2): number => Math.round(first[at] + (second[at] - first[at]) * share);
  return [mix(0), mix(1), mix(2)];
}

function colorOf(hex: string): Color {
  const number = Number.parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
