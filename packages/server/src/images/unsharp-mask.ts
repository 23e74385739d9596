import { imageWork } from './image-library.js';
import { imageOfPixels, MAX_WORKED_PIXELS, Pause, type Pixels } from './pixels.js';

/** How to sharpen. */
export interface UnsharpMask {
  /** 0 to 5: how much of the difference from the blurred image to add. */
  readonly amount: number;
  /** 0 to 250: radius of the blur, in pixels. */
  readonly radius: number;
  /** 0 to 255: smaller differences are not changed. */
  readonly threshold: number;
  /** Whether to sharpen only the brightness. */
  readonly monochrome: boolean;
}

/** Whether sharpening with these options changes anything. */
export const sharpens = ({ amount, radius }: UnsharpMask): boolean => amount > 0 && radius > 0;

/**
 * Sharpens gray, RGB or RGBA pixels in place by increasing differences between neighboring pixels. Alpha is
 * not changed.
 */
export async function unsharpMask(pixels: Pixels, options: UnsharpMask, signal?: AbortSignal): Promise<void> {
  const { data, width, height, channels } = pixels;
  // The library blurs from 0.3 upwards; anything less would be invisible.
  const blurred = await imageWork(
    () =>
      imageOfPixels(pixels).blur(Math.max(0.3, options.radius)).raw().toBuffer({ resolveWithObject: true }),
    signal,
    MAX_WORKED_PIXELS,
  );
  const soft = blurred.data;
  const { channels: softChannels } = blurred.info;
  const colors = channels >= 3 ? 3 : 1;
  const { amount, threshold } = options;
  const together = options.monochrome && colors === 3;
  const pause = new Pause(signal);
  for (let y = 0; y < height; y += 1) {
    for (let pixel = y * width; pixel < (y + 1) * width; pixel += 1) {
      const at = pixel * channels;
      const from = pixel * softChannels;
      if (together) {
        const difference = luma(data, at) - luma(soft, from);
        if (Math.abs(difference) <= threshold) continue;
        for (let color = 0; color < 3; color += 1)
          data[at + color] = clamped((data[at + color] ?? 0) + amount * difference);
        continue;
      }
      for (let color = 0; color < colors; color += 1) {
        const value = data[at + color] ?? 0;
        const difference = value - (soft[from + color] ?? 0);
        if (Math.abs(difference) > threshold) data[at + color] = clamped(value + amount * difference);
      }
    }
    if (pause.due) await pause.take();
  }
}

const luma = (data: Uint8Array, at: number): number =>
  0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);

const clamped = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));
