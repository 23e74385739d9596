import type { ServerWorld } from '../facts/fact.js';
import type { Reproductions } from './sample.js';

const FORMAT = {
  targetWidth: 1200,
  targetHeight: 800,
  createPyramid: true,
  thumbWidth: 400,
  saveAsVersion: 0,
  sizeSuffixSeparator: '-',
  sharpen: 50,
  usmAmount: 230,
  usmRadius: 1.1,
  usmThreshold: 130,
} as const;

/** Samples of the formats of vignettes. */
export const vignetteFormatReproductions: Reproductions = {
  createVignettePublishFormat: {
    run: async ({ companyHandle, expect }, send) => {
      const { vignetteFormatHandle } = await send({ companyHandle, name: 'Created format', ...FORMAT });
      expect(vignetteFormatHandle).toMatch(/^v\|6\|\d+$/);
    },
  },
  updateVignettePublishFormat: {
    run: async (world, send) => {
      const { companyHandle, expect } = world;
      const format = await created(world, 'Format to update');
      const name = 'Updated format';
      expect(await send({ companyHandle, ...format, name, ...FORMAT, targetWidth: 1000 })).toEqual(format);
    },
  },
  deleteVignettePublishFormat: {
    run: async (world, send) => {
      const { companyHandle } = world;
      await send({ companyHandle, ...(await created(world, 'Deleted format')) });
    },
  },
  getVignettePublishFormats: {
    run: async (world, send) => {
      const { companyHandle, expect } = world;
      const format = await created(world, 'Listed format');
      const { vignetteFormatArray } = await send({ companyHandle });
      expect(vignetteFormatArray).toContainEqual({
        companyHandle,
        ...format,
        name: 'Listed format',
        ...FORMAT,
      });
    },
  },
};

const created = ({ companyHandle, connection }: ServerWorld, name: string) =>
  connection.call('createVignettePublishFormat', { companyHandle, name, ...FORMAT });
