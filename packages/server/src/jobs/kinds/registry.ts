import type { JobKind as KindName } from '@ips-sdk/types/jobs';
import { notSupported } from '../../faults.js';
import { type JobKind, RunFailure } from '../job-kind.js';

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
  imageServingPublishJob: unsupported('imageServingPublishJob', 'ImageServingPublish'),
  imageRenderingPublishJob: unsupported('imageRenderingPublishJob', 'ImageRenderingPublish'),
  videoPublishJob: unsupported('videoPublishJob', 'VideoPublish'),
  serverDirectoryPublishJob: unsupported('serverDirectoryPublishJob', 'ServerDirectoryPublish'),
  metadataPublishJob: unsupported('metadataPublishJob', 'MetadataPublish'),
  uploadDirectoryJob: unsupported('uploadDirectoryJob', 'UploadFromServerDirectory'),
  uploadUrlsJob: unsupported('uploadUrlsJob', 'UrlUpload'),
  uploadPostJob: unsupported('uploadPostJob', 'UploadPost'),
  optimizeImagesJob: unsupported('optimizeImagesJob', 'ImageOptimization'),
  ripPdfsJob: unsupported('ripPdfsJob', 'RipPdfs'),
  reprocessAssetsJob: unsupported('reprocessAssetsJob', 'ReprocessAssets'),
  createVideoSitemapJob: unsupported('createVideoSitemapJob', 'CreateVideoSitemap'),
  exportJob: unsupported('exportJob', 'Export'),
  automatedSetGenerationJob: unsupported('automatedSetGenerationJob', 'AutomatedSetGeneration'),
};
