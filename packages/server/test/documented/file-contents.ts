import type { ServerWorld } from '../facts/fact.js';
import { jpegWithBlock, pathBlock, polygon } from '../support/photoshop-paths.ts';
import { plain, RED } from '../support/pictures.ts';
import type { Reproductions } from './sample.js';
import { uploaded } from './uploaded.ts';

/** Samples of what files contain beside pixels. */
export const fileContentReproductions: Reproductions = {
  // The page asks for an image without texts.
  getSearchStrings: {
    run: async ({ asset, companyHandle, expect }, send) => {
      const assetHandle = await asset('sample-without-texts');
      expect(await send({ companyHandle, assetHandle })).toEqual({ searchStringsArray: [] });
    },
  },
  getPhotoshopPathNames: {
    run: async (world, send) => {
      const assetHandle = await outlined(world, 'sample-paths');
      const { pathNameArray } = await send({ companyHandle: world.companyHandle, assetHandle });
      world.expect(pathNameArray).toEqual(['Background Path', 'Face Path']);
    },
  },
  // The corners of the documented answer, in an image of 1600 by 1200 pixels.
  getPhotoshopPath: {
    run: async (world, send) => {
      const { companyHandle, expect } = world;
      const assetHandle = await outlined(world, 'sample-path');
      const { perspectiveQuad } = await send({ companyHandle, assetHandle, pathName: 'Face Path' });
      for (const [field, value] of Object.entries(FACE))
        expect(Object.entries(perspectiveQuad)).toContainEqual([field, expect.closeTo(value, 3)]);
    },
  },
};

const FACE = {
  x0: 932.19,
  y0: 296.592,
  x1: 968.769,
  y1: 320.16,
  x2: 1119.56,
  y2: 1200,
  x3: 900.43,
  y3: 1200,
} as const;

async function outlined(world: ServerWorld, name: string): Promise<string> {
  const { x0, y0, x1, y1, x2, y2, x3, y3 } = FACE;
  const inParts = (x: number, y: number) => [x / 1600, y / 1200] as const;
  const face = polygon(inParts(x2, y2), inParts(x3, y3), inParts(x0, y0), inParts(x1, y1));
  const block = pathBlock([
    ['Background Path', polygon([0, 0], [1, 0], [1, 1], [0, 1])],
    ['Face Path', face],
  ]);
  const jpeg = await plain(1600, 1200, RED).removeAlpha().jpeg().toBuffer();
  return uploaded(world, `${name}.jpg`, jpegWithBlock(jpeg, block));
}
