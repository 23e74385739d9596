import type { ActiveJob, ScheduledJob, SubmitJobParam } from './generated/index.js';

export { formatJobHandle, type JobHandle, parseJobHandle, sameJob } from './job-handle.js';

/**
 * The fields of `ActiveJob` that hold the details of a job's kind, in the order of the wire. A job has one of them;
 * `uploadPostJob` can be read but not submitted.
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

/** The kind of a job, by the name of the field that holds its details. */
export type JobKind = (typeof jobKinds)[number];

/** The details of each kind of job. */
export type JobPayloads = { [Kind in JobKind]: NonNullable<ActiveJob[Kind]> };

/** A job's kind and its details, as a union that narrows by `kind`. */
export type JobDetails<Kind extends JobKind = JobKind> = {
  [K in Kind]: { readonly kind: K; readonly details: JobPayloads[K] };
}[Kind];

/** What {@link jobDetails} reads: an active or scheduled job, or what `submitJob` takes. */
export type JobWithDetails = ActiveJob | ScheduledJob | SubmitJobParam;

/**
 * The kind of a job and its details, which is found by the detail field that is present.
 *
 * @returns `undefined` for a job without details, such as the service's own cleanup job.
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
