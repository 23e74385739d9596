import { ingestOptionsOf } from '../assets/ingest-options.js';
import { invalidParameter } from '../faults.js';
import type { JobKind } from '../jobs/job-kind.js';
import { checkAssets, reprocessAll } from './reprocess-assets-job.js';
import { optionsOfRun } from './upload-run.js';

/** Default resolution of pages, in pixels per inch. */
const RESOLUTION = 150;

/** Converts the pages of documents to images. */
export const ripPdfsJob: JobKind<'ripPdfsJob'> = {
  kind: 'ripPdfsJob',
  type: 'RipPdfs',
  // The service has constants only for the start and for errors.
  logTypes: {
    begin: 'BeginPdfRip',
    end: 'EndUpload',
    success: 'UploadSuccess',
    error: 'PdfRipError',
    warning: 'UploadWarning',
  },
  size: ({ pdfHandleArray }) => pdfHandleArray.length,
  check: async (details, place) => {
    await checkAssets(place, details.pdfHandleArray, 'ripPdfsJob/pdfHandleArray', 'Pdf');
    if (details.pdfOptions?.process === 'None')
      throw invalidParameter('ripPdfsJob/pdfOptions/process', 'None', 'Rasterize or Thumbnail');
    await ingestOptionsOf(place.db, place.company, details, 'ripPdfsJob');
  },
  run: async (context) => {
    const options = await optionsOfRun(context);
    const { pdfOptions } = context.details;
    // Rasterizes by default; otherwise the job would do nothing.
    const requested = options.pages.Pdf;
    const pages =
      requested !== undefined && requested.process !== 'None'
        ? requested
        : {
            process: 'Rasterize' as const,
            resolution: pdfOptions?.resolution || RESOLUTION,
            colorspace: pdfOptions?.colorspace ?? 'Auto',
            alpha: false,
            catalog: pdfOptions?.pdfCatalog !== false,
            extractSearchWords: pdfOptions?.extractSearchWords === true,
          };
    await reprocessAll(context, context.details.pdfHandleArray, () => ({
      processing: { ...options.processing, pages },
      requested: options.requested,
      projectIds: options.projectIds,
    }));
    return 'done';
  },
};
