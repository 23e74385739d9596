import type { GivenValues } from '@ips-sdk/delivery';
import type { PlacedLayer } from './draw-scene.js';
import { layerMatrix } from './layer-paths.js';
import { inTurn, type Matrix, movedBy, scaledBy } from './matrix.js';
import type { Size, View } from './view.js';

/** Where a layer is in the answer. */
export interface LayerPlace {
  readonly number: number;
  readonly values: GivenValues;
  /** Of the layer, in its own pixels. */
  readonly size: Size;
  /** From its own pixels to those of the answer. */
  readonly matrix: Matrix;
  /** From pixels of its source to its own; `undefined` for one that is distorted, or has no source. */
  readonly fromSource: Matrix | undefined;
}

/** Where the layers of a scene are in the answer that a view shows of it. */
export function placesIn(
  { layers, matrix }: { readonly layers: readonly PlacedLayer[]; readonly matrix: Matrix },
  { factor, composite, reply }: View,
): LayerPlace[] {
  const toReply = inTurn(
    matrix,
    scaledBy(factor.x, factor.y),
    movedBy(composite.left - reply.left, composite.top - reply.top),
  );
  return layers.map(({ number, values, shape, content, left, top }) => ({
    number,
    values,
    size: { width: shape.width, height: shape.height },
    matrix: inTurn(movedBy(left, top), toReply),
    fromSource: content.kind === 'image' ? layerMatrix(shape, values.flip) : undefined,
  }));
}
