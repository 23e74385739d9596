import type { GivenValues } from '@ips-sdk/delivery';
import { onCanvas } from './canvas.js';
import type { Factor } from './layer-pixels.js';
import { isSharpened, sharpened } from './neighborhood.js';
import type { Pixels } from './pixels.js';
import type { View } from './view.js';

/** What can be drawn at a factor of its size. */
interface Drawable {
  draw(factor: Factor): Promise<Pixels>;
}

/** What a view shows of a scene, as RGBA pixels that are clear where nothing is. */
export async function viewPixels(scene: Drawable, view: View): Promise<Pixels> {
  const all = await scene.draw(view.factor);
  return onCanvas(
    all,
    { left: view.composite.left - view.reply.left, top: view.composite.top - view.reply.top },
    view.reply,
  );
}

/** The pixels of a nested request. Its composite is sharpened at the size of its view, as any. */
export async function innerPixels(
  scene: Drawable & { readonly composite: GivenValues },
  view: View,
  signal: AbortSignal | undefined,
): Promise<Pixels> {
  const pixels = await viewPixels(scene, view);
  if (!isSharpened(scene.composite)) return pixels;
  return sharpened(pixels, scene.composite, (view.factor.x + view.factor.y) / 2, signal);
}
