import { assetChangeReproductions } from './asset-changes.ts';
import { assetReadReproductions } from './asset-reads.ts';
import { companyReproductions } from './companies.ts';
import { derivedAssetReproductions } from './derived-assets.ts';
import { fileContentReproductions } from './file-contents.ts';
import { folderReproductions } from './folders.ts';
import { groupReproductions } from './groups.ts';
import { imageMapReproductions } from './image-maps.ts';
import { jobReproductions, publishReproductions } from './jobs.ts';
import { metadataFieldReproductions } from './metadata-fields.ts';
import { metadataValueReproductions } from './metadata-values.ts';
import { presetReproductions } from './presets.ts';
import { propertySetReproductions } from './property-sets.ts';
import type { Reproductions } from './sample.js';
import { setReproductions } from './sets.ts';
import { tagReproductions } from './tags.ts';
import { userReproductions } from './users.ts';
import { vignetteFormatReproductions } from './vignette-formats.ts';

/** How each operation is held to the samples of its page. A new area is added here. */
export const reproductions: Reproductions = {
  ...companyReproductions,
  ...folderReproductions,
  ...jobReproductions,
  ...publishReproductions,
  ...propertySetReproductions,
  ...userReproductions,
  ...groupReproductions,
  ...assetReadReproductions,
  ...fileContentReproductions,
  ...vignetteFormatReproductions,
  ...assetChangeReproductions,
  ...derivedAssetReproductions,
  ...imageMapReproductions,
  ...setReproductions,
  ...presetReproductions,
  ...metadataFieldReproductions,
  ...metadataValueReproductions,
  ...tagReproductions,
};
