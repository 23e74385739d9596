import type { ManualCropOptions } from '@ips-sdk/types';
import type { ReactNode } from 'react';

const WIDTH = 220;
const HEIGHT = 130;
/** Room for the numbers beside the picture. */
const EDGE = 34;

/** What a job cuts from the four sides of a picture, drawn. The size of the pictures is not known, so the drawing is not to scale. */
export function CropPicture({ crop }: { crop: ManualCropOptions }): ReactNode {
  const { left, top, right, bottom } = crop;
  const largest = Math.max(left, top, right, bottom, 1);
  const inset = (pixels: number): number => EDGE + (pixels / largest) * 24;
  const [x, y] = [inset(left), inset(top)];
  return (
    <figure className="crop">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Crop: ${left} px from the left, ${top} px from the top, ${right} px from the right, ${bottom} px from the bottom`}
      >
        <rect className="crop-all" x={EDGE} y={EDGE} width={WIDTH - 2 * EDGE} height={HEIGHT - 2 * EDGE} />
        <rect
          className="crop-kept"
          x={x}
          y={y}
          width={Math.max(4, WIDTH - x - inset(right))}
          height={Math.max(4, HEIGHT - y - inset(bottom))}
        />
        <g className="crop-numbers">
          <text x={EDGE - 6} y={HEIGHT / 2} textAnchor="end" dominantBaseline="middle">
            {left}
          </text>
          <text x={WIDTH - EDGE + 6} y={HEIGHT / 2} dominantBaseline="middle">
            {right}
          </text>
          <text x={WIDTH / 2} y={EDGE - 8} textAnchor="middle">
            {top}
          </text>
          <text x={WIDTH / 2} y={HEIGHT - EDGE + 18} textAnchor="middle">
            {bottom}
          </text>
        </g>
      </svg>
      <figcaption className="secondary">Cut from each side, in pixels</figcaption>
    </figure>
  );
}

/** The crop of a payload, wherever it stands; `undefined` if it cuts nothing. */
export function findCrop(details: unknown): ManualCropOptions | undefined {
  if (typeof details !== 'object' || details === null) return undefined;
  for (const [name, value] of Object.entries(details)) {
    if (name === 'manualCropOptions' && isCrop(value)) return value;
    const found = findCrop(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isCrop(value: unknown): value is ManualCropOptions {
  if (typeof value !== 'object' || value === null) return false;
  // The four sides are read as what they may be.
  const { left, right, top, bottom } = value as Record<string, unknown>;
  const sides = [left, right, top, bottom];
  return sides.every((side) => typeof side === 'number') && sides.some((side) => side !== 0);
}
