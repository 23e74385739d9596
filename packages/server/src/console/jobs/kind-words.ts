import type { JobKind } from '@ips-sdk/types/jobs';

/** How the console names a kind of job. */
export interface KindWords {
  /** `ActiveJob.type`. */
  readonly type: string;
  readonly label: string;
  readonly description: string;
}

/** The words for every kind. */
export const KIND_WORDS: Readonly<Record<JobKind, KindWords>> = {
  imageServingPublishJob: {
    type: 'ImageServingPublish',
    label: 'Image publish',
    description: 'publishes marked images to image serving',
  },
  imageRenderingPublishJob: {
    type: 'ImageRenderingPublish',
    label: 'Render publish',
    description: 'publishes marked assets to image rendering',
  },
  videoPublishJob: { type: 'VideoPublish', label: 'Video publish', description: 'publishes marked videos' },
  serverDirectoryPublishJob: {
    type: 'ServerDirectoryPublish',
    label: 'Directory publish',
    description: 'copies marked assets to the server directory',
  },
  metadataPublishJob: {
    type: 'MetadataPublish',
    label: 'Metadata publish',
    description: 'publishes metadata for searches',
  },
  uploadDirectoryJob: {
    type: 'UploadFromServerDirectory',
    label: 'Directory upload',
    description: 'uploads the files of a directory of the server',
  },
  uploadUrlsJob: {
    type: 'UrlUpload',
    label: 'URL upload',
    description: 'uploads files that the service fetches',
  },
  uploadPostJob: { type: 'UploadPost', label: 'Upload', description: 'uploads files that a client sends' },
  optimizeImagesJob: {
    type: 'ImageOptimization',
    label: 'Optimize',
    description: 'optimizes the images of the company again',
  },
  ripPdfsJob: { type: 'RipPdfs', label: 'PDF pages', description: 'makes images of the pages of PDF files' },
  reprocessAssetsJob: {
    type: 'ReprocessAssets',
    label: 'Reprocess',
    description: 'processes assets again with other options',
  },
  createVideoSitemapJob: {
    type: 'CreateVideoSitemap',
    label: 'Video sitemap',
    description: 'writes the sitemap of published videos',
  },
  exportJob: { type: 'Export', label: 'Export', description: 'packs assets into an archive to download' },
  automatedSetGenerationJob: {
    type: 'AutomatedSetGeneration',
    label: 'Set generation',
    description: 'makes sets from assets by their names',
  },
};

/** First rows of logs that belong to one kind. */
const BEGINNINGS: Readonly<Record<string, JobKind>> = {
  BeginImageServingPublish: 'imageServingPublishJob',
  BeginImageRenderingPublish: 'imageRenderingPublishJob',
  BeginUploadUrls: 'uploadUrlsJob',
  BeginPdfRip: 'ripPdfsJob',
  BeginMetadata: 'metadataPublishJob',
};

/** The kind of a job of which only the first row of the log is known. */
export function kindOfLogType(logType: string): JobKind | undefined {
  return Object.hasOwn(BEGINNINGS, logType) ? BEGINNINGS[logType] : undefined;
}

/** A constant as words: `VideoPublish` becomes `Video publish`. */
export function wordsOf(constant: string): string {
  const words = constant
    .replace(/^Begin/, '')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words === '' ? 'Job' : words.charAt(0).toUpperCase() + words.slice(1);
}
