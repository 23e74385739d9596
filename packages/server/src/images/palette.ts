import { CLEAR, type Rgba } from './canvas.js';
import { Pause, type Pixels } from './pixels.js';

/** The steps of components in the palette of the web. */
const WEB_STEPS = [0, 51, 102, 153, 204, 255];

/** Steps of the ramps of the palette of old Macs, whose others are those of the web. */
const MAC_RAMP = [0xee, 0xdd, 0xbb, 0xaa, 0x88, 0x77, 0x55, 0x44, 0x22, 0x11];

const cube: readonly Rgba[] = WEB_STEPS.flatMap((red) =>
  WEB_STEPS.flatMap((green) => WEB_STEPS.map((blue): Rgba => [red, green, blue, 255])),
);

/** Palettes that do not depend on the image. */
export const FIXED_PALETTES: Readonly<Record<'web' | 'mac', readonly Rgba[]>> = {
  web: cube,
  mac: [
    ...cube,
    ...MAC_RAMP.flatMap((step): Rgba[] => [
      [step, 0, 0, 255],
      [0, step, 0, 255],
      [0, 0, step, 255],
      [step, step, step, 255],
    ]),
  ],
};

/** A color of six hexadecimal digits. */
export function rgbaOfHex(hex: string): Rgba {
  const part = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(0), part(2), part(4), 255];
}

/** A color of an image with the number of its pixels. */
interface Counted {
  readonly color: readonly number[];
  readonly count: number;
  /** Whether it is kept unchanged. */
  readonly isGiven?: boolean;
}

/**
 * At most so many colors for an image: some that are given, and others that are close to its own. Colors that are close to each other
 * become one, those of few pixels first.
 *
 * @param pixels - RGBA, of at most some hundred colors.
 */
export function adaptedPalette(pixels: Pixels, given: readonly Rgba[], most: number): readonly Rgba[] {
  const all = [...given.map((color) => ({ color, count: 0, isGiven: true })), ...countedColors(pixels)];
  return fewest(all, most).map(
    ({ color: [red = 0, green = 0, blue = 0, alpha = 0] }): Rgba => [red, green, blue, alpha],
  );
}

/** A color with the one that it costs least to join. */
interface Joinable extends Counted {
  partner: Joinable | undefined;
  cost: number;
}

/** Joins colors until only so many are left. */
function fewest(colors: readonly Counted[], most: number): readonly Counted[] {
  const rest = new Set<Joinable>();
  const pair = (one: Joinable): void => {
    one.partner = undefined;
    one.cost = Number.POSITIVE_INFINITY;
    for (const other of rest) {
      if (other === one) continue;
      const cost = costOfJoining(one, other);
      if (cost < one.cost) [one.partner, one.cost] = [other, cost];
    }
  };
  const start = (color: Counted): Joinable => ({
    ...color,
    partner: undefined,
    cost: Number.POSITIVE_INFINITY,
  });
  for (const color of colors) rest.add(start(color));
  for (const one of rest) pair(one);
  while (rest.size > most) {
    let [first] = rest;
    for (const one of rest) if (first === undefined || one.cost < first.cost) first = one;
    const second = first?.partner;
    if (first === undefined || second === undefined) break;
    rest.delete(first);
    rest.delete(second);
    const together = start(joined(first, second));
    rest.add(together);
    pair(together);
    for (const one of rest) {
      if (one.partner === first || one.partner === second) pair(one);
      else if (one !== together) {
        const cost = costOfJoining(one, together);
        if (cost < one.cost) [one.partner, one.cost] = [together, cost];
      }
    }
  }
  return [...rest];
}

function countedColors({ data }: Pixels): Counted[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += 4) {
    const key = data[at + 3] === 0 ? 0 : keyOf(data[at], data[at + 1], data[at + 2], data[at + 3]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => ({
    color: [key >>> 24, (key >>> 16) & 255, (key >>> 8) & 255, key & 255],
    count,
  }));
}

const keyOf = (red = 0, green = 0, blue = 0, alpha = 255): number =>
  ((red << 24) | (green << 16) | (blue << 8) | alpha) >>> 0;

/** How much the pixels of two colors change together if they become one. */
function costOfJoining(one: Counted, other: Counted): number {
  if (one.isGiven === true && other.isGiven === true) return Number.POSITIVE_INFINITY;
  const apart = distance(one.color, other.color);
  if (one.isGiven === true) return apart * other.count;
  if (other.isGiven === true) return apart * one.count;
  return (apart * one.count * other.count) / (one.count + other.count);
}

function joined(one: Counted, other: Counted): Counted {
  const count = one.count + other.count;
  if (one.isGiven === true || other.isGiven === true)
    return { color: (one.isGiven === true ? one : other).color, count, isGiven: true };
  const color = one.color.map((part, index) =>
    Math.round((part * one.count + (other.color[index] ?? 0) * other.count) / count),
  );
  return { color, count };
}

function distance(one: readonly number[], other: readonly number[]): number {
  let sum = 0;
  for (let part = 0; part < 4; part += 1) sum += ((one[part] ?? 0) - (other[part] ?? 0)) ** 2;
  return sum;
}

/** Bits of a component by which the nearest color is looked up. */
const BITS = 6;

/**
 * Replaces each color of RGBA pixels by the nearest one of a palette, in place. Clear pixels stay clear.
 *
 * @param diffuse - Whether the difference is passed on to the pixels that follow.
 */
export async function applyPalette(
  { data, width, height }: Pixels,
  palette: readonly Rgba[],
  diffuse: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const nearest = finderIn(palette);
  const pause = new Pause(signal);
  // Differences of this row and of the next one, with a pixel on either side.
  let row = new Float32Array((width + 2) * 3);
  let next = new Float32Array((width + 2) * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const here = (x + 1) * 3;
      if (data[at + 3] === 0) {
        data.set(CLEAR, at);
        continue;
      }
      const wanted = [0, 1, 2].map((part) => (data[at + part] ?? 0) + (row[here + part] ?? 0));
      const chosen = nearest(wanted, data[at + 3] ?? 0);
      data.set(chosen, at);
      if (!diffuse) continue;
      for (let part = 0; part < 3; part += 1) {
        const error = (wanted[part] ?? 0) - (chosen[part] ?? 0);
        add(row, here + 3 + part, (error * 7) / 16);
        add(next, here - 3 + part, (error * 3) / 16);
        add(next, here + part, (error * 5) / 16);
        add(next, here + 3 + part, error / 16);
      }
    }
    [row, next] = [next, row];
    next.fill(0);
    if (pause.due) await pause.take();
  }
}

function add(row: Float32Array, at: number, value: number): void {
  row[at] = (row[at] ?? 0) + value;
}

/** Finds the nearest color, and remembers those of opaque pixels: by their value for colors of the palette, by the first bits for others. */
function finderIn(palette: readonly Rgba[]): (rgb: readonly number[], alpha: number) => Rgba {
  const own = new Map(palette.map((color) => [keyOf(...color), color]));
  const known = new Int16Array(2 ** (3 * BITS)).fill(-1);
  const search = (color: readonly number[]): number => {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (const [index, each] of palette.entries()) {
      const apart = distance(each, color);
      if (apart < least) [best, least] = [index, apart];
    }
    return best;
  };
  const byte = (value = 0): number => Math.max(0, Math.min(255, Math.round(value)));
  return (rgb, alpha) => {
    const [red, green, blue] = [byte(rgb[0]), byte(rgb[1]), byte(rgb[2])];
    const same = own.get(keyOf(red, green, blue, alpha));
    if (same !== undefined) return same;
    const color = [red, green, blue, alpha];
    if (alpha !== 255) return palette[search(color)] ?? CLEAR;
    const shift = 8 - BITS;
    const cell = ((red >> shift) << (2 * BITS)) | ((green >> shift) << BITS) | (blue >> shift);
    const found = known[cell] ?? -1;
    const index = found < 0 ? search(color) : found;
    known[cell] = index;
    return palette[index] ?? CLEAR;
  };
}
