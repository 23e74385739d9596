import { describe, expectTypeOf, it } from 'vitest';
import type {
  ActiveJob,
  ActiveJobByKind,
  ActiveJobState,
  AutomatedSetGenerationJob,
  CreateVideoSitemapJob,
  DateTimeInput,
  ExportJob,
  ImageRenderingPublishJob,
  ImageServingPublishJob,
  JobLog,
  JobLogDetail,
  JobType,
  MetadataPublishJob,
  Operations,
  OptimizeImagesJob,
  ReprocessAssetsJob,
  RipPdfsJob,
  ScheduledJob,
  ScheduledJobByKind,
  ServerDirectoryPublishJob,
  SubmitJobParam,
  SubmitJobParamByKind,
  TaskProgress,
  TaskProgressArray,
  UploadDirectoryJob,
  UploadPostJob,
  UploadUrlsJob,
  VideoPublishJob,
} from '../src/index.js';

describe('ActiveJob', () => {
  it('has its fields, one by one', () => {
    expectTypeOf<ActiveJob['companyHandle']>().toEqualTypeOf<string>();
    expectTypeOf<ActiveJob['jobHandle']>().toEqualTypeOf<string>();
    expectTypeOf<ActiveJob['name']>().toEqualTypeOf<string>();
    expectTypeOf<ActiveJob['originalName']>().toEqualTypeOf<string>();
    expectTypeOf<ActiveJob['type']>().toEqualTypeOf<JobType>();
    expectTypeOf<ActiveJob['state']>().toEqualTypeOf<ActiveJobState>();
    expectTypeOf<ActiveJob['submitUserEmail']>().toEqualTypeOf<string>();
    expectTypeOf<ActiveJob['locale']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<ActiveJob['description']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<ActiveJob['serverName']>().toEqualTypeOf<string>();
    expectTypeOf<ActiveJob['startDate']>().toEqualTypeOf<string>();
    expectTypeOf<ActiveJob['triggerTime']>().toEqualTypeOf<string>();
    expectTypeOf<ActiveJob['totalSize']>().toEqualTypeOf<number>();
    expectTypeOf<ActiveJob['progress']>().toEqualTypeOf<number>();
    expectTypeOf<ActiveJob['progressMessage']>().toEqualTypeOf<string>();
    expectTypeOf<ActiveJob['lastProgressUpdate']>().toEqualTypeOf<string>();
    expectTypeOf<ActiveJob['taskProgressArray']>().toEqualTypeOf<TaskProgress[]>();
    expectTypeOf<TaskProgressArray>().toEqualTypeOf<TaskProgress[]>();
    expectTypeOf<ActiveJob['imageServingPublishJob']>().toEqualTypeOf<ImageServingPublishJob | undefined>();
    expectTypeOf<ActiveJob['imageRenderingPublishJob']>().toEqualTypeOf<
      ImageRenderingPublishJob | undefined
    >();
    expectTypeOf<ActiveJob['videoPublishJob']>().toEqualTypeOf<VideoPublishJob | undefined>();
    expectTypeOf<ActiveJob['serverDirectoryPublishJob']>().toEqualTypeOf<
      ServerDirectoryPublishJob | undefined
    >();
    expectTypeOf<ActiveJob['metadataPublishJob']>().toEqualTypeOf<MetadataPublishJob | undefined>();
    expectTypeOf<ActiveJob['uploadDirectoryJob']>().toEqualTypeOf<UploadDirectoryJob | undefined>();
    expectTypeOf<ActiveJob['uploadUrlsJob']>().toEqualTypeOf<UploadUrlsJob | undefined>();
    expectTypeOf<ActiveJob['uploadPostJob']>().toEqualTypeOf<UploadPostJob | undefined>();
    expectTypeOf<ActiveJob['optimizeImagesJob']>().toEqualTypeOf<OptimizeImagesJob | undefined>();
    expectTypeOf<ActiveJob['ripPdfsJob']>().toEqualTypeOf<RipPdfsJob | undefined>();
    expectTypeOf<ActiveJob['reprocessAssetsJob']>().toEqualTypeOf<ReprocessAssetsJob | undefined>();
    expectTypeOf<ActiveJob['createVideoSitemapJob']>().toEqualTypeOf<CreateVideoSitemapJob | undefined>();
    expectTypeOf<ActiveJob['exportJob']>().toEqualTypeOf<ExportJob | undefined>();
    expectTypeOf<ActiveJob['automatedSetGenerationJob']>().toEqualTypeOf<
      AutomatedSetGenerationJob | undefined
    >();
    expectTypeOf<ActiveJob>().not.toHaveProperty('imageServingRenderJob');
  });
});

describe('ScheduledJob and JobLog', () => {
  it('have what only they have', () => {
    expectTypeOf<ScheduledJob['execSchedule']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<ScheduledJob['nextFireTime']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<ScheduledJob>().not.toHaveProperty('uploadPostJob');
    expectTypeOf<JobLog['fatalError']>().toEqualTypeOf<boolean>();
    expectTypeOf<JobLog['detailArray']>().toEqualTypeOf<JobLogDetail[] | undefined>();
  });
});

describe('Operations', () => {
  it('map a name to its input, output, roles and idempotency', () => {
    expectTypeOf<Operations['getActiveJobs']['output']>().toEqualTypeOf<{ jobArray: ActiveJob[] }>();
    expectTypeOf<Operations['getActiveJobs']['idempotency']>().toEqualTypeOf<'safe'>();
    expectTypeOf<'IpsAdmin'>().toExtend<Operations['submitJob']['roles']>();
    expectTypeOf<'IpsCompanyAdmin'>().not.toExtend<Operations['submitJob']['roles']>();
    expectTypeOf<keyof Operations['stopJob']['output']>().toEqualTypeOf<never>();
  });

  it('take a Date where a date and time is sent, and answer text', () => {
    expectTypeOf<SubmitJobParam['execTime']>().toEqualTypeOf<DateTimeInput | undefined>();
    expectTypeOf<Date>().toExtend<DateTimeInput>();
    expectTypeOf<Operations['searchAssets']['input']['systemFieldConditionArray']>().toExtend<
      readonly { dateVal?: string | Date | undefined }[] | undefined
    >();
  });
});

describe('constants', () => {
  it('are open: completion for known values, room for new ones', () => {
    expectTypeOf<'Running'>().toExtend<ActiveJobState>();
    expectTypeOf<'SomethingNew'>().toExtend<ActiveJobState>();
    expectTypeOf<number>().not.toExtend<ActiveJobState>();
  });
});

describe('views by kind', () => {
  it('narrow an active job by the payload that is present', () => {
    const check = (job: ActiveJobByKind) => {
      if (job.uploadUrlsJob) {
        expectTypeOf(job.uploadUrlsJob).toEqualTypeOf<UploadUrlsJob>();
        expectTypeOf(job.exportJob).toEqualTypeOf<undefined>();
      }
      expectTypeOf(job.state).toEqualTypeOf<ActiveJobState>();
    };
    expectTypeOf(check).toBeFunction();
  });

  it('narrow a scheduled job and a submission', () => {
    expectTypeOf<
      Extract<ScheduledJobByKind, { exportJob: ExportJob }>['uploadUrlsJob']
    >().toEqualTypeOf<undefined>();
    expectTypeOf<{
      companyHandle: string;
      jobName: string;
      metadataPublishJob: MetadataPublishJob;
    }>().toExtend<SubmitJobParamByKind>();
    expectTypeOf<{ companyHandle: string; jobName: string }>().not.toExtend<SubmitJobParamByKind>();
    expectTypeOf<{
      companyHandle: string;
      jobName: string;
      metadataPublishJob: MetadataPublishJob;
      exportJob: ExportJob;
    }>().not.toExtend<SubmitJobParamByKind>();
  });
});
