import { assetChangeReproductions } from './asset-changes.ts';
import { assetReadReproductions } from './asset-reads.ts';
import { companyReproductions } from './companies.ts';
import { derivedAssetReproductions } from './derived-assets.ts';
import { imageMapReproductions } from './image-maps.ts';
import { metadataFieldReproductions } from './metadata-fields.ts';
import { metadataValueReproductions } from './metadata-values.ts';
import type { Reproductions } from './sample.js';
import { setReproductions } from './sets.ts';
import { tagReproductions } from './tags.ts';

/** How each operation is held to the samples of its page. A new area is added here. */
export const reproductions: Reproductions = {
  ...companyReproductions,
  ...assetReadReproductions,
  ...assetChangeReproductions,
  ...derivedAssetReproductions,
  ...imageMapReproductions,
  ...setReproductions,
  ...metadataFieldReproductions,
  ...metadataValueReproductions,
  ...tagReproductions,
};
