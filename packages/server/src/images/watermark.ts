import type { ImageRequest } from '@ips-sdk/delivery';
import { blend } from './canvas.js';
import type { Kernel, PixelSource } from './image-source.js';
import type { Factor } from './layer-pixels.js';
import type { Scene, SceneBuilder } from './scene.js';

/** What is laid over a composite: an image, or layers. */
export interface Watermark {
  readonly source: PixelSource | undefined;
  readonly image: ImageRequest;
}

/**
 * A scene with a watermark over its composite, before it is scaled to the view. `sizeN` of the watermark is the largest size with its own
 * ratio, in fractions of the composite; without it, it has its own size. `align` places it.
 */
export async function watermarked(
  builder: SceneBuilder,
  scene: Scene,
  { source, image }: Watermark,
  kernel: Kernel,
): Promise<Scene> {
  const mark = await builder.scene(image, kernel, source);
  const first = image.layers[0]?.values ?? {};
  const [across, down] = image.composite.sizeN ?? first.sizeN ?? [0, 0];
  const factors = [
    ...(across > 0 ? [(across * scene.size.width) / mark.size.width] : []),
    ...(down > 0 ? [(down * scene.size.height) / mark.size.height] : []),
  ];
  const scale = factors.length === 0 ? 1 : Math.min(...factors);
  const scaled = ({ x, y }: Factor): Factor => ({ x: x * scale, y: y * scale });
  const mode = image.composite.blendMode ?? first.blendMode ?? 'norm';
  const [alignX, alignY] = image.values.align ?? [0, 0];
  return {
    ...scene,
    isPlain: false,
    work: (factor) => scene.work(factor) + mark.work(scaled(factor)),
    draw: async (factor) => {
      const base = await scene.draw(factor);
      const pixels = await mark.draw(scaled(factor));
      const left = Math.round(((base.width - pixels.width) * (alignX + 1)) / 2);
      const top = Math.round(((base.height - pixels.height) * (alignY + 1)) / 2);
      await blend(base, [{ pixels, left, top, blend: mode }]);
      return base;
    },
  };
}
