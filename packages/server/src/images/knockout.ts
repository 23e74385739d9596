import { type Corner, cornerOf, Pause, type Pixels } from './pixels.js';

/** How to find the background. */
export interface Knockout {
  readonly corner: Corner;
  /** 0 to 1: how far a color may differ from the corner's, in any component. */
  readonly tolerance: number;
  /** `FloodFill` takes the area connected to the corner, `MatchPixel` every pixel of the color. */
  readonly fillMethod: string;
}

/** Makes the background of RGBA pixels transparent, in place. */
export async function knockOut(pixels: Pixels, options: Knockout, signal?: AbortSignal): Promise<void> {
  const { data, width, height } = pixels;
  const start = cornerOf(options.corner, width, height);
  const at = (start.y * width + start.x) * 4;
  const [red, green, blue, alpha] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0, data[at + 3] ?? 0];
  const tolerance = Math.round(options.tolerance * 255);
  const isBackground = (pixel: number): boolean => {
    const offset = pixel * 4;
    return (
      Math.abs((data[offset] ?? 0) - red) <= tolerance &&
      Math.abs((data[offset + 1] ?? 0) - green) <= tolerance &&
      Math.abs((data[offset + 2] ?? 0) - blue) <= tolerance &&
      Math.abs((data[offset + 3] ?? 0) - alpha) <= tolerance
    );
  };
  const pause = new Pause(signal);
  if (options.fillMethod === 'MatchPixel') {
    for (let y = 0; y < height; y += 1) {
      for (let pixel = y * width; pixel < (y + 1) * width; pixel += 1) {
        if (isBackground(pixel)) data[pixel * 4 + 3] = 0;
      }
      if (pause.due) await pause.take();
    }
    return;
  }
  const filled = new Uint8Array(width * height);
  const seeds = [start.y * width + start.x];
  // A whole run of a row at a time, which adds seeds in the rows above and below.
  for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
    if (filled[seed] === 1) continue;
    const row = seed - (seed % width);
    let left = seed;
    while (left > row && filled[left - 1] === 0 && isBackground(left - 1)) left -= 1;
    let right = seed;
    while (right < row + width - 1 && filled[right + 1] === 0 && isBackground(right + 1)) right += 1;
    filled.fill(1, left, right + 1);
    for (const shift of [-width, width]) {
      const other = row + shift;
      if (other < 0 || other >= width * height) continue;
      let open = false;
      for (let pixel = left + shift; pixel <= right + shift; pixel += 1) {
        const fits = filled[pixel] === 0 && isBackground(pixel);
        if (fits && !open) seeds.push(pixel);
        open = fits;
      }
    }
    if (pause.due) await pause.take();
  }
  // Only now: the comparison above includes alpha.
  for (let pixel = 0; pixel < filled.length; pixel += 1) if (filled[pixel] === 1) data[pixel * 4 + 3] = 0;
}
