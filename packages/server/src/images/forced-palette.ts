import type { Pixels } from './pixels.js';

/**
 * Replaces each color of RGBA pixels by the nearest of some, in place. Clear pixels stay clear.
 *
 * @param diffuse - Whether the difference is passed on to the pixels that follow.
 */
export function forceColors({ data, width, height }: Pixels, hex: readonly string[], diffuse: boolean): void {
  const colors = hex.map((text) => [0, 2, 4].map((at) => Number.parseInt(text.slice(at, at + 2), 16)));
  // Differences of this row and of the next one, with a pixel on either side.
  let row = new Float32Array((width + 2) * 3);
  let next = new Float32Array((width + 2) * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const here = (x + 1) * 3;
      const wanted = [0, 1, 2].map((part) => (data[at + part] ?? 0) + (row[here + part] ?? 0));
      const chosen = nearest(colors, wanted);
      for (let part = 0; part < 3; part += 1) {
        data[at + part] = chosen[part] ?? 0;
        if (!diffuse) continue;
        const error = (wanted[part] ?? 0) - (chosen[part] ?? 0);
        add(row, here + 3 + part, (error * 7) / 16);
        add(next, here - 3 + part, (error * 3) / 16);
        add(next, here + part, (error * 5) / 16);
        add(next, here + 3 + part, error / 16);
      }
    }
    [row, next] = [next, row];
    next.fill(0);
  }
}

function add(row: Float32Array, at: number, value: number): void {
  row[at] = (row[at] ?? 0) + value;
}

function nearest(colors: readonly (readonly number[])[], wanted: readonly number[]): readonly number[] {
  let best = colors[0] ?? [0, 0, 0];
  let least = Number.POSITIVE_INFINITY;
  for (const color of colors) {
    let distance = 0;
    for (let part = 0; part < 3; part += 1) distance += ((color[part] ?? 0) - (wanted[part] ?? 0)) ** 2;
    if (distance < least) {
      least = distance;
      best = color;
    }
  }
  return best;
}
