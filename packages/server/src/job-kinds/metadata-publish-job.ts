import type { JobKind } from '../jobs/job-kind.js';
import { publishMetadataIndex } from '../publish/metadata-index.js';

/** Publishes an index of the metadata of all assets marked for publish. */
export const metadataPublishJob: JobKind<'metadataPublishJob'> = {
  kind: 'metadataPublishJob',
  type: 'MetadataPublish',
  logTypes: {
    begin: 'BeginMetadata',
    end: 'EndMetadata',
    success: 'MetadataSuccess',
    error: 'MetadataFailure',
    warning: 'MetadataFailure',
  },
  run: async (context) => {
    await publishMetadataIndex(context, { force: context.details.forcePublish === true, counted: true });
    return 'done';
  },
};
