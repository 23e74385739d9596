import type { Reproductions } from './sample.js';

/** Samples of image formats and viewer presets. */
export const presetReproductions: Reproductions = {
  getImageFormats: {
    run: async ({ expect }, send) =>
      expect(await send({ companyHandle: '6' })).toEqual({ imageFormatArray: [] }),
  },
  saveImageFormat: {
    run: async ({ connection, companyHandle, expect }, send) => {
      const { imageFormatHandle } = await send({
        companyHandle: '6',
        name: 'A Sample of a Format',
        // The sample breaks the line behind an ampersand, and has a quality that no image can have.
        urlModifier: 'wid=300&hei=300&fmt=png&qlt=850& \n   resMode=bilin&iccEmbed=1 \n   ',
      });
      await connection.call('deleteImageFormat', { companyHandle, imageFormatHandle });
      expect(imageFormatHandle).toMatch(/\d+\|\d+$/);
    },
  },
  deleteImageFormat: {
    run: async ({ connection, companyHandle }, send) => {
      const { imageFormatHandle } = await connection.call('saveImageFormat', {
        companyHandle,
        name: 'Sample to delete',
        urlModifier: 'wid=30',
      });
      // Its handle has no letter.
      await send({ companyHandle: '6', imageFormatHandle: imageFormatHandle.replace(/^i\|/, '') });
    },
  },
  createViewerPreset: {
    run: async ({ expect }, send) => {
      const { viewerPresetHandle } = await send({
        companyHandle: 'c|0',
        folderHandle: 'Scene7SharedAssets/',
        name: 'sampleVideo',
        type: 'VideoPlayer',
        configSettingArray: [
          { name: 'Frame Rate', value: '29.97' },
          { name: 'paneHeight', value: '0' },
        ],
      });
      expect(viewerPresetHandle).toMatch(/^a\|\d+$/);
    },
  },
};
