import type { GivenValues } from '@ips-sdk/delivery';
import type { LayerContent } from './layer-pixels.js';
import { textPicture } from './text-picture.js';
import type { Size } from './view.js';

/**
 * What a layer of text shows, and the commands that place it. Text of Photoshop without a box, an origin and an anchor is placed by its
 * first line.
 *
 * @param canvas - Layer 0, which `sizeN` is about.
 */
export async function textLayer(
  text: string,
  values: GivenValues,
  canvas: Size | undefined,
  signal: AbortSignal | undefined,
): Promise<{ readonly values: GivenValues; readonly content: LayerContent }> {
  const { textAttr, textAngle = 0, size, sizeN } = values;
  const isPhotoshop = values.textPs !== undefined;
  const [width, height] = size ?? [
    Math.round((sizeN?.[0] ?? 0) * (canvas?.width ?? 0)),
    Math.round((sizeN?.[1] ?? 0) * (canvas?.height ?? 0)),
  ];
  const picture = await textPicture(
    {
      text,
      isPhotoshop,
      attributes: textAttr,
      box: { width, height },
      angle: isPhotoshop ? textAngle : 0,
    },
    signal,
  );
  const { origin, originN, anchor, anchorN } = values;
  const isPlaced = (origin ?? originN ?? anchor ?? anchorN) !== undefined;
  return {
    values:
      picture.origin === undefined || isPlaced || canvas === undefined
        ? values
        : { ...values, origin: picture.origin },
    content: { kind: 'text', text: picture },
  };
}
