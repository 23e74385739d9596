import { firstForm, longForm } from './asset-handles.ts';
import type { Reproductions } from './sample.js';

const TARGET = { name: 'Sample of a target', xPosition: 3, yPosition: 3, width: 8, height: 6 };
const MAP = {
  name: 'Sample of a map',
  shapeType: 'Rectangle',
  region: '0,8,0,8',
  action: 'https://shop.example.com/more?item=12&row=1',
  position: 0,
};

/** Samples of image maps and zoom targets. */
export const imageMapReproductions: Reproductions = {
  deleteImageMap: {
    run: async ({ asset, connection, companyHandle }, send) => {
      const assetHandle = await asset('sample-map-1');
      const map = await connection.call('saveImageMap', {
        companyHandle,
        assetHandle,
        ...MAP,
        enabled: true,
      });
      await send({ companyHandle: '6', ...map });
    },
  },
  deleteZoomTarget: {
    run: async ({ asset, connection, companyHandle }, send) => {
      const assetHandle = await asset('sample-target-1');
      const target = await connection.call('saveZoomTarget', { companyHandle, assetHandle, ...TARGET });
      await send({ companyHandle: '6', ...target });
    },
  },
  saveImageMap: {
    run: async ({ asset, expect }, send) => {
      const { imageMapHandle } = await send({
        companyHandle: '6',
        assetHandle: firstForm(await asset('sample-map-2')),
        ...MAP,
        // The contract requires it; the sample leaves it out.
        enabled: true,
      });
      expect(imageMapHandle).toMatch(/\d+\|8\|\d+$/);
    },
  },
  saveZoomTarget: {
    run: async ({ asset, expect }, send) => {
      const { zoomTargetHandle } = await send({
        companyHandle: '6',
        assetHandle: firstForm(await asset('sample-target-2')),
        ...TARGET,
        userData: 'Data of a sample',
      });
      expect(zoomTargetHandle).toMatch(/\d+\|9\|\d+$/);
    },
  },
  setImageMaps: {
    run: async ({ asset, companyHandle, expect }, send) => {
      const map = { shapeType: 'Rectangle', region: '30', action: '300' };
      const { imageMapHandleArray } = await send({
        companyHandle,
        assetHandle: longForm(await asset('sample-maps')),
        imageMapArray: [
          { name: 'SampleMap1', ...map, enabled: true },
          { name: 'SampleMap2', ...map, enabled: false },
        ],
      });
      expect(imageMapHandleArray).toHaveLength(2);
    },
    adds: { 'the page shows no answer': ['imageMapHandleArray/items'] },
  },
  setZoomTargets: {
    run: async ({ asset, companyHandle, expect }, send) => {
      const { zoomTargetHandleArray } = await send({
        companyHandle,
        assetHandle: longForm(await asset('sample-targets')),
        // Larger than the image, as on the page.
        zoomTargetArray: ['SampleTarget1', 'SampleTarget2'].map((name) => ({
          name,
          xPosition: 30,
          yPosition: 30,
          width: 300,
          height: 300,
        })),
      });
      expect(zoomTargetHandleArray).toHaveLength(2);
    },
  },
};
