import type { Reproductions } from './sample.js';

/** Samples of companies and their settings. */
export const companyReproductions: Reproductions = {
  addCompany: {
    run: (_world, send) => send({ companyName: 'Company of a sample' }),
  },
  getAssetCounts: {
    run: async ({ companyHandle, asset }, send) => {
      await asset('sample-counted');
      await send({ companyHandle });
    },
  },
};
