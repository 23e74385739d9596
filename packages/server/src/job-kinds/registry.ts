import type { JobKind as KindName } from '@ips-sdk/types/jobs';
import type { JobKind, JobKinds } from '../jobs/job-kind.js';
import { automatedSetGenerationJob } from './automated-set-generation-job.js';
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

/** The implementations of all kinds of jobs. Add new kinds here. */
export const kinds: JobKinds = {
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
  automatedSetGenerationJob,
};

/** The implementation of a kind of job. Every kind in the contract has one. */
export function jobKindOf(kind: KindName): JobKind {
  return kinds[kind];
}
