import type { JobKind as KindName } from '@ips-sdk/types/jobs';
import { notSupported } from '../../faults.js';
import { type JobKind, RunFailure } from '../job-kind.js';
import { createVideoSitemapJob } from './create-video-sitemap-job.js';
import { exportJob } from './export-job.js';
import { metadataPublishJob } from './metadata-publish-job.js';
import { optimizeImagesJob } from './optimize-images-job.js';
import {
  imageRenderingPublishJob,
  imageServingPublishJob,
  serverDirectoryPublishJob,
  videoPublishJob,
} from './publish-jobs.js';
import { reprocessAssetsJob } from './reprocess-assets-job.js';
import { ripPdfsJob } from './rip-pdfs-job.js';
import { uploadDirectoryJob } from './upload-directory-job.js';
import { uploadPostJob } from './upload-post-job.js';
import { uploadUrlsJob } from './upload-urls-job.js';

/** A kind that this server cannot do honestly: it is refused when it is submitted. */
function unsupported<Kind extends KindName>(kind: Kind, type: string): JobKind<Kind> {
  return {
    kind,
    type,
    isUnsupported: true,
    logTypes: {
      begin: 'BeginGet',
      end: 'EndGet',
      success: 'ReturnSuccess',
      error: 'GetFailure',
      warning: 'GetFailure',
    },
    check: async () => {
      throw notSupported(`A job with ${kind}`);
    },
    run: async () => {
      throw new RunFailure(`a job with ${kind} is not supported by this server`);
    },
  };
}

/** The implementations of all kinds of jobs. */
export const kinds: { readonly [Kind in KindName]: JobKind<Kind> } = {
  imageServingPublishJob,
  imageRenderingPublishJob,
  videoPublishJob,
  serverDirectoryPublishJob,
  metadataPublishJob,
  uploadDirectoryJob,
  uploadUrlsJob,
  uploadPostJob,
  optimizeImagesJob,
  ripPdfsJob,
  reprocessAssetsJob,
  createVideoSitemapJob,
  exportJob,
  automatedSetGenerationJob: unsupported('automatedSetGenerationJob', 'AutomatedSetGeneration'),
};
