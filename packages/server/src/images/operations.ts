import { type Color, type GivenValues, rgbOf } from '@ips-sdk/delivery';
import { Pause, type Pixels } from './pixels.js';

/** Operations that change each pixel by itself, in the order in which they are done. */
const POINT_OPERATIONS = [
  'op_brightness',
  'op_contrast',
  'op_colorbalance',
  'op_colorize',
  'op_hue',
  'op_saturation',
  'op_invert',
  'op_noise',
] as const;

/** The operations of a request that change each pixel by itself and have an effect. */
export function pointOperations(values: GivenValues): readonly (typeof POINT_OPERATIONS)[number][] {
  return POINT_OPERATIONS.filter((name) => {
    const value = values[name];
    if (value === undefined || value === 0 || value === false) return false;
    return typeof value !== 'object' || name === 'op_colorize' || value.some((part) => part !== 0);
  });
}

/** Red, green and blue as a change of one pixel; `at` is its number. */
type Change = (rgb: number[], at: number) => void;

const luma = ([red = 0, green = 0, blue = 0]: readonly number[]): number =>
  0.299 * red + 0.587 * green + 0.114 * blue;

/** Changes RGB or RGBA pixels in place. Alpha stays. */
export async function changePixels(pixels: Pixels, values: GivenValues, signal?: AbortSignal): Promise<void> {
  const changes = pointOperations(values).map((name) => changeOf(name, values, pixels));
  if (changes.length === 0) return;
  const { data, width, height, channels } = pixels;
  const rgb = [0, 0, 0];
  const pause = new Pause(signal);
  const gray = channels < 3;
  for (let y = 0; y < height; y += 1) {
    for (let pixel = y * width; pixel < (y + 1) * width; pixel += 1) {
      const at = pixel * channels;
      rgb[0] = data[at] ?? 0;
      rgb[1] = data[gray ? at : at + 1] ?? 0;
      rgb[2] = data[gray ? at : at + 2] ?? 0;
      for (const change of changes) change(rgb, pixel);
      data[at] = byte(rgb[0]);
      if (gray) continue;
      data[at + 1] = byte(rgb[1]);
      data[at + 2] = byte(rgb[2]);
    }
    if (pause.due) await pause.take();
  }
}

function byte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value);
}

function changeOf(name: (typeof POINT_OPERATIONS)[number], values: GivenValues, pixels: Pixels): Change {
  switch (name) {
    case 'op_brightness': {
      const added = ((values.op_brightness ?? 0) * 255) / 100;
      return each((value) => value + added);
    }
    case 'op_contrast': {
      const factor = 1 + (values.op_contrast ?? 0) / 100;
      return each((value) => (value - 127.5) * factor + 127.5);
    }
    case 'op_colorbalance': {
      const added = (values.op_colorbalance ?? [0, 0, 0]).map((part) => (part * 255) / 100);
      return each((value, index) => value + (added[index] ?? 0));
    }
    case 'op_colorize':
      return colorizing(values.op_colorize, pixels);
    case 'op_hue':
      return turning(values.op_hue ?? 0);
    case 'op_saturation': {
      const factor = 1 + (values.op_saturation ?? 0) / 100;
      return (rgb) => {
        const gray = luma(rgb);
        for (let index = 0; index < 3; index += 1) rgb[index] = gray + ((rgb[index] ?? 0) - gray) * factor;
      };
    }
    case 'op_invert':
      return each((value) => 255 - value);
    case 'op_noise':
      return noising(values.op_noise ?? [0]);
  }
}

/** A change of each component; components stay within their range from one operation to the next. */
function each(change: (value: number, index: number) => number): Change {
  return (rgb) => {
    for (let index = 0; index < 3; index += 1)
      rgb[index] = Math.min(255, Math.max(0, change(rgb[index] ?? 0, index)));
  };
}

/** From black by the color, at half of the brightness, to white. */
function colorizing(value: GivenValues['op_colorize'], pixels: Pixels): Change {
  if (value === undefined) return () => undefined;
  const [color, mode = 'norm', contrast = 0] = value;
  const middle = rgbOf(color satisfies Color);
  const median = mode === 'norm' ? medianOf(pixels) : 0.5;
  // The exponent that brings the median to one half.
  const exponent = median <= 0.01 || median >= 0.99 ? 1 : Math.log(0.5) / Math.log(median);
  const steepness = mode === 'norm' ? 1 + contrast / 25 : 1;
  const table = Array.from({ length: 256 }, (_, level) => {
    const even = (level / 255) ** exponent;
    const light = Math.min(1, Math.max(0, (even - 0.5) * steepness + 0.5));
    return middle.map((part) => (light <= 0.5 ? part * light * 2 : part + (255 - part) * (light - 0.5) * 2));
  });
  return (rgb) => {
    const to = table[byte(luma(rgb))] ?? rgb;
    for (let index = 0; index < 3; index += 1) rgb[index] = to[index] ?? 0;
  };
}

/** The median of the brightness, from 0 to 1. */
function medianOf({ data, width, height, channels }: Pixels): number {
  const counts = new Uint32Array(256);
  const pixels = width * height;
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const at = pixel * channels;
    const gray = channels < 3 ? (data[at] ?? 0) : luma([data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]);
    const level = byte(gray);
    counts[level] = (counts[level] ?? 0) + 1;
  }
  let seen = 0;
  for (let level = 0; level < 256; level += 1) {
    seen += counts[level] ?? 0;
    if (seen * 2 >= pixels) return level / 255;
  }
  return 0.5;
}

/** Turns the hue in HSL. */
function turning(degrees: number): Change {
  return (rgb) => {
    const [red = 0, green = 0, blue = 0] = rgb;
    const max = Math.max(red, green, blue);
    const min = Math.min(red, green, blue);
    const chroma = max - min;
    if (chroma === 0) return;
    const sector =
      max === red
        ? (green - blue) / chroma
        : max === green
          ? (blue - red) / chroma + 2
          : (red - green) / chroma + 4;
    const turned = (((sector * 60 + degrees) % 360) + 360) % 360;
    const part = (offset: number): number => {
      const at = (offset + turned / 60) % 6;
      return max - chroma * Math.max(0, Math.min(at, 4 - at, 1));
    };
    rgb[0] = part(5);
    rgb[1] = part(3);
    rgb[2] = part(1);
  };
}

/** Noise from the number of the pixel alone, so that the same request has the same picture. */
function noising([amount, kind = 'uniform', monochrome = false]: NonNullable<
  GivenValues['op_noise']
>): Change {
  const range = (amount * 255) / 100;
  const draw = (seed: number): number =>
    kind === 'uniform'
      ? (randomOf(seed) * 2 - 1) * range
      : // The sum of three is close to a bell; its deviation is one half.
        ((randomOf(seed) + randomOf(seed ^ 0x5bd1e995) + randomOf(seed ^ 0x1b873593)) * 2 - 3) * (range / 2);
  return (rgb, pixel) => {
    const first = draw(pixel * 3);
    for (let index = 0; index < 3; index += 1) {
      const noise = monochrome || index === 0 ? first : draw(pixel * 3 + index);
      rgb[index] = Math.min(255, Math.max(0, (rgb[index] ?? 0) + noise));
    }
  };
}

/** A number from 0 to 1 that looks random, from a whole number. */
function randomOf(seed: number): number {
  let state = (seed + 0x6d2b79f5) | 0;
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
}
