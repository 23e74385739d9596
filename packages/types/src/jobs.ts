import type { ActiveJob, ScheduledJob, SubmitJobParam } from './generated/index.js';

export { formatJobHandle, type JobHandle, parseJobHandle, sameJob } from './job-handle.js';

/**
 * The fields of `ActiveJob` that contain the details of each job kind, in wire order. A job has one of them. `uploadPostJob`
 * appears in responses but cannot be submitted.
 */
export const jobKinds: readonly [
  'imageServingPublishJob',
  'imageRenderingPublishJob',
  'videoPublishJob',
  'serverDirectoryPublishJob',
  'metadataPublishJob',
  'uploadDirectoryJob',
  'uploadUrlsJob',
  'uploadPostJob',
  'optimizeImagesJob',
  'ripPdfsJob',
  'reprocessAssetsJob',
  'createVideoSitemapJob',
  'exportJob',
  'automatedSetGenerationJob',
] = [
  'imageServingPublishJob',
  'imageRenderingPublishJob',
  'videoPublishJob',
  'serverDirectoryPublishJob',
  'metadataPublishJob',
  'uploadDirectoryJob',
  'uploadUrlsJob',
  'uploadPostJob',
  'optimizeImagesJob',
  'ripPdfsJob',
  'reprocessAssetsJob',
  'createVideoSitemapJob',
  'exportJob',
  'automatedSetGenerationJob',
];

/** Kind of a job: the name of the field that contains its details. */
export type JobKind = (typeof jobKinds)[number];

/** Details of each job kind. */
export type JobPayloads = { [Kind in JobKind]: NonNullable<ActiveJob[Kind]> };

/** Kind of a job and its details, as a union that narrows by `kind`. */
export type JobDetails<Kind extends JobKind = JobKind> = {
  [K in Kind]: { readonly kind: K; readonly details: JobPayloads[K] };
}[Kind];

/** Input of {@link jobDetails}: an active or scheduled job, or the parameters of `submitJob`. */
export type JobWithDetails = ActiveJob | ScheduledJob | SubmitJobParam;

/**
 * Returns the kind of a job and its details, determined by the detail field that is present.
 *
 * @returns The kind and details, or `undefined` for a job without details, such as the system's Cleanup job.
 * @example
 * ```ts
 * import { jobDetails } from '@ips-sdk/types/jobs';
 *
 * const found = jobDetails({
 *   companyHandle: 'c|6',
 *   jobName: 'Spring shoes',
 *   exportJob: { assetHandleArray: ['a|1'], fmt: 'orig', emailSetting: 'None' },
 * });
 * if (found?.kind === 'exportJob') console.log(found.details.fmt); // orig
 * ```
 */
export function jobDetails(job: JobWithDetails): JobDetails | undefined {
  for (const kind of jobKinds) {
    const details = (job as Partial<JobPayloads>)[kind];
    if (details !== undefined) return { kind, details } as JobDetails;
  }
  return undefined;
}
