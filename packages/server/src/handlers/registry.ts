import { assetChangeHandlers } from './asset-changes.js';
import { assetFieldHandlers } from './asset-fields.js';
import { assetMetadataHandlers } from './asset-metadata.js';
import { assetReadHandlers } from './asset-reads.js';
import { assetSearchHandlers } from './asset-search.js';
import { cdnHandlers } from './cdn.js';
import { companyHandlers } from './companies.js';
import { companyMetadataHandlers } from './company-metadata.js';
import { fileContentHandlers } from './file-contents.js';
import { folderHandlers } from './folders.js';
import { groupHandlers } from './groups.js';
import type { AreaHandlers } from './handler.js';
import { imageCopyHandlers } from './image-copies.js';
import { imageFormatHandlers } from './image-formats.js';
import { imageMapHandlers } from './image-maps.js';
import { jobLogHandlers } from './job-logs.js';
import { jobHandlers } from './jobs.js';
import { membershipHandlers } from './memberships.js';
import { metadataFieldHandlers } from './metadata-fields.js';
import { permissionHandlers } from './permissions.js';
import { portalEventHandlers } from './portal-events.js';
import { projectHandlers } from './projects.js';
import { propertySetHandlers } from './property-sets.js';
import { publishSettingHandlers } from './publish-settings.js';
import { publishStateHandlers } from './publish-state.js';
import { setHandlers } from './sets.js';
import { smartCropHandlers } from './smart-crops.js';
import { tagFieldHandlers } from './tag-fields.js';
import { trashHandlers } from './trash.js';
import { filelessUploadHandlers, uploadPostHandlers } from './upload-post.js';
import { userHandlers } from './users.js';
import { viewerPresetHandlers } from './viewer-presets.js';
import { vignetteFormatHandlers } from './vignette-formats.js';
import { xmpHandlers } from './xmp.js';

/** The operations that this server supports through SOAP and plain XML. Others return a fault. */
export const handlers: AreaHandlers = {
  ...companyHandlers,
  ...userHandlers,
  ...membershipHandlers,
  ...groupHandlers,
  ...permissionHandlers,
  ...folderHandlers,
  ...assetSearchHandlers,
  ...assetReadHandlers,
  ...fileContentHandlers,
  ...assetChangeHandlers,
  ...assetFieldHandlers,
  ...trashHandlers,
  ...xmpHandlers,
  ...tagFieldHandlers,
  ...setHandlers,
  ...propertySetHandlers,
  ...viewerPresetHandlers,
  ...projectHandlers,
  ...metadataFieldHandlers,
  ...imageMapHandlers,
  ...imageCopyHandlers,
  ...imageFormatHandlers,
  ...smartCropHandlers,
  ...assetMetadataHandlers,
  ...publishStateHandlers,
  ...publishSettingHandlers,
  ...vignetteFormatHandlers,
  ...portalEventHandlers,
  ...companyMetadataHandlers,
  ...cdnHandlers,
  ...jobHandlers,
  ...jobLogHandlers,
  ...filelessUploadHandlers,
};

/** The operations of the upload servlet, with files. */
export const servletHandlers: AreaHandlers = uploadPostHandlers;
