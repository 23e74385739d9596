import type { JobKind as KindName } from '@ips-sdk/types/jobs';
import { notSupported } from '../../faults.js';
import { type JobKind, RunFailure } from '../job-kind.js';
import { createVideoSitemapJob } from './create-video-sitemap-job.js';
import { exportJob } from './export-job.js';
import { metadataPublishJob } from './metadata-publish-job.js';
import {
  imageRenderingPublishJob,
  imageServingPublishJob,
  serverDirectoryPublishJob,
  videoPublishJob,
} from './publish-jobs.js';
import { uploadPostJob } from './upload-post-job.js';
import { uploadUrlsJob } from './upload-urls-job.js';

/** A kind that this server cannot do honestly: it is refused when it is submitted. */
function unsupported<Kind extends KindName>(kind: Kind, type: string): JobKind<Kind> {
  return {
    kind,
    type,
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
  uploadDirectoryJob: unsupported('uploadDirectoryJob', 'UploadFromServerDirectory'),
  uploadUrlsJob,
  uploadPostJob,
  optimizeImagesJob: unsupported('optimizeImagesJob', 'ImageOptimization'),
  ripPdfsJob: unsupported('ripPdfsJob', 'RipPdfs'),
  reprocessAssetsJob: unsupported('reprocessAssetsJob', 'ReprocessAssets'),
  createVideoSitemapJob,
  exportJob,
  automatedSetGenerationJob: unsupported('automatedSetGenerationJob', 'AutomatedSetGeneration'),
};
