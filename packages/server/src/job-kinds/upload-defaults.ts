import type { UploadOptions } from '../assets/ingest-options.js';
import type { CompanyRow } from '../db/rows.js';

/**
 * The options of an upload as the service returns them, with defaults for options that the job did not set. Defaults of `pdfOptions`,
 * `postScriptOptions` and similar options are only shown; they apply to files only if the job sets them.
 */
export function withUploadDefaults<Details extends UploadOptions>(
  details: Details,
  { retainPublishState }: CompanyRow['settings'],
): Details {
  return {
    preservePublishState: retainPublishState ?? false,
    preserveCrop: true,
    ...details,
    photoshopOptions: { process: 'None', ...details.photoshopOptions },
    postScriptOptions: { ...PAGES, extractSearchWords: false, ...details.postScriptOptions },
    pdfOptions: { ...PDF, ...details.pdfOptions },
    illustratorOptions: { ...PAGES, ...details.illustratorOptions },
    colorManagementOptions: { colorManagement: 'Default', ...details.colorManagementOptions },
    autoSetCreationOptions: { ...details.autoSetCreationOptions },
    mediaOptions: { ...details.mediaOptions },
  };
}

const PAGES = { process: 'None', resolution: 72, colorspace: 'Auto', alpha: false };

const PDF = {
  process: 'render',
  resolution: 72,
  colorspace: 'Auto',
  pdfCatalog: true,
  extractSearchWords: false,
  extractLinks: true,
};
