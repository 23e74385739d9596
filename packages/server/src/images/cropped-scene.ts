import { CLEAR, onCanvas } from './canvas.js';
import { type Factor, sized } from './layer-pixels.js';
import { inTurn, type Matrix, movedBy } from './matrix.js';
import type { Pixels } from './pixels.js';
import type { Area, Size } from './view.js';

/** What of a scene has to do with its size. */
interface Croppable {
  readonly size: Size;
  readonly isPlain: boolean;
  readonly matrix: Matrix;
  draw(factor: Factor): Promise<Pixels>;
}

/** A part of a scene as one of its own. */
export function croppedScene<Whole extends Croppable>(scene: Whole, area: Area): Whole {
  return {
    ...scene,
    size: { width: area.width, height: area.height },
    isPlain: false,
    matrix: inTurn(scene.matrix, movedBy(-area.left, -area.top)),
    draw: async (factor: Factor) =>
      onCanvas(
        await scene.draw(factor),
        { left: -Math.round(area.left * factor.x), top: -Math.round(area.top * factor.y) },
        sized(area, factor),
        CLEAR,
      ),
  };
}
