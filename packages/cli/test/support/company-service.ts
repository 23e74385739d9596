// A service on loopback that follows the contract: one company, some folders and assets, and jobs whose life a test decides. Its
// answers are always the same, so that outputs can be compared with files.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActiveJob, Asset, JobLog, JobLogDetail, Operations, TaskProgress } from '@ips-sdk/types';
import { type FaultDetails, IpsFault } from '@ips-sdk/wire';
import { onTestFinished } from 'vitest';
import {
  type FakeService,
  type Handlers,
  openService as openFakeService,
} from '../../../../scripts/testing/fake-service.js';
import { jobLog } from '../../../../scripts/testing/job-log.js';
import { PASSWORD } from './ips.js';

/** A service for a test. */
export interface CompanyService extends FakeService {
  /** From now on the operation answers a fault. */
  fails(name: keyof Operations, fault: FaultDetails): void;
  /** What answers in place of everything. */
  answers(listener: ((request: IncomingMessage, response: ServerResponse) => void) | undefined): void;
}

export const COMPANY = { companyHandle: 'c|6', name: 'MyCompany', rootPath: 'MyCompany/' };

export const ASSETS: readonly Asset[] = ['red', 'green', 'blue'].map((name, i) => ({
  assetHandle: `a|${i + 1}`,
  type: 'Image',
  name,
  fileName: `${name}.tif`,
  folder: 'MyCompany/Shoes/',
  folderHandle: 'f|MyCompany/Shoes/',
  readyForPublish: i > 0,
  trashState: 'NotInTrash',
  created: '2014-04-03T10:00:00-07:00',
  lastModified: '2014-04-03T11:00:00-07:00',
  imageInfo: { width: 1200, height: 800 + i },
}));

export const AT = '2014-04-03T12:00:00-07:00';

/** The log of a run with three files. */
export function log(name: string, fields: Partial<JobLog> = {}): JobLog {
  return jobLog(name, {
    jobHandle: `j|6||${name}_2014-04-03-12:00:00.000|1`,
    jobName: `${name}_2014-04-03-12:00:00.000`,
    startDate: AT,
    endDate: '2014-04-03T12:01:05-07:00',
    fileSuccessCount: 3,
    totalFileCount: 3,
    ...fields,
  });
}

export function row(logType: string, logMessage: string, fields: Partial<JobLogDetail> = {}): JobLogDetail {
  return { logType, logMessage, dateCreated: AT, ...fields };
}

export function task(taskType: string, done: number, all: number): TaskProgress {
  return {
    taskType,
    taskState: done === all ? 'Done' : 'Running',
    numProcessed: done,
    numProcessing: done === all ? 0 : 1,
    numPending: Math.max(0, all - done - 1),
    // Tasks count from 0 to 1, jobs in percent.
    progress: done / all,
    progressMessage: '',
    lastProgressUpdate: AT,
    taskItemProgressArray: [],
  };
}

/** A run on its way. */
export function active(name: string, progress: number, fields: Partial<ActiveJob> = {}): ActiveJob {
  return {
    companyHandle: 'c|6',
    jobHandle: `j|6||${name}_2014-04-03-12:00:00.000|1`,
    name: `${name}_2014-04-03-12:00:00.000`,
    originalName: name,
    type: 'UrlUpload',
    state: 'Running',
    submitUserEmail: 'ann@example.com',
    serverName: 'ips-1',
    startDate: AT,
    triggerTime: AT,
    totalSize: 3,
    progress,
    progressMessage: '',
    lastProgressUpdate: AT,
    taskProgressArray: [],
    ...fields,
  };
}

const NIGHTLY = {
  companyHandle: 'c|6',
  jobHandle: 'j|6|Nightly|',
  name: 'Nightly',
  originalName: 'Nightly',
  type: 'ImageServingPublish',
  submitUserEmail: 'ann@example.com',
  execSchedule: '0 0 2 * * ?',
  nextFireTime: '2014-04-04T02:00:00-07:00',
  timeZone: 'America/Los_Angeles',
  triggerState: 'Normal',
  imageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' },
};

const FOLDERS = {
  folderHandle: 'f|MyCompany/',
  path: 'MyCompany/',
  lastModified: AT,
  hasSubfolders: true,
  subfolderArray: [
    {
      folderHandle: 'f|MyCompany/Boots/',
      path: 'MyCompany/Boots/',
      lastModified: AT,
      hasSubfolders: true,
      subfolderArray: [
        {
          folderHandle: 'f|MyCompany/Boots/Old/',
          path: 'MyCompany/Boots/Old/',
          lastModified: AT,
          hasSubfolders: false,
        },
      ],
    },
    { folderHandle: 'f|MyCompany/Shoes/', path: 'MyCompany/Shoes/', lastModified: AT, hasSubfolders: false },
  ],
};

function smartCrop(subAssetHandle: string, name: string) {
  const cropRect = { leftN: 0.25, topN: 0, widthN: 0.5, heightN: 1 / 3 };
  return { subAssetHandle, type: 'SmartCrop', name, smartCrop: { cropRect } };
}

function metadataField(assetType: string, name: string) {
  return {
    fieldHandle: `m|6|${assetType.toUpperCase()}|${name}`,
    name,
    type: name === 'Season' ? 'StringTag' : 'String',
    defaultValue: '',
    isRequired: false,
    isUserDefined: true,
    isHidden: false,
    isEnforced: false,
  };
}

function defaults(): Handlers {
  const invalid = (what: string, value: string): never => {
    throw new IpsFault({ kind: 'api', code: 30001, reason: `Invalid ${what}: ${value}` });
  };
  const counts = (handles: readonly string[]): Operations['deleteAssets']['output'] => {
    const bad = handles.filter((handle) => !ASSETS.some(({ assetHandle }) => assetHandle === handle));
    return {
      successCount: handles.length - bad.length,
      warningCount: 0,
      errorCount: bad.length,
      ...(bad.length === 0
        ? {}
        : {
            errorDetailArray: bad.map((assetHandle) => ({
              assetHandle,
              code: 30001,
              reason: 'Invalid assetHandle',
            })),
          }),
    };
  };
  return {
    getCompanyInfo: ({ companyName }) =>
      companyName === 'MyCompany' ? { companyInfo: COMPANY } : invalid('companyName', companyName ?? ''),
    getUserInfo: () => ({
      userInfo: {
        userHandle: 'u|41|ann@example.com',
        firstName: 'Ann',
        lastName: 'Lee',
        email: 'ann@example.com',
        isValid: true,
        isIpsAdmin: false,
      },
    }),
    getCompanyMembership: () => ({
      membershipArray: [{ company: COMPANY, role: 'CompanyAdmin', isActive: true }],
    }),
    getScheduledJobs: ({ originalName, jobHandle }) => ({
      jobArray:
        (originalName ?? 'Nightly') === 'Nightly' && (jobHandle ?? NIGHTLY.jobHandle) === NIGHTLY.jobHandle
          ? [NIGHTLY]
          : [],
    }),
    getActiveJobs: ({ originalName, jobHandle }) => ({
      jobArray: [active('Spring shoes', 40, { taskProgressArray: [task('Download', 2, 5)] })].filter(
        (job) =>
          (originalName === undefined || job.originalName === originalName) &&
          (jobHandle === undefined || job.jobHandle === jobHandle),
      ),
    }),
    getJobLogs: () => ({
      jobLogArray: [log('Autumn shoes'), log('Broken', { fileErrorCount: 1, fileSuccessCount: 2 })],
    }),
    getJobLogDetails: ({ originalName, jobHandle }) => {
      const wanted = (name: string): boolean =>
        originalName === name || (jobHandle ?? '').includes(`|${name}`);
      if (wanted('Autumn shoes')) {
        const detailArray = [
          row('BeginUpload', 'begins'),
          row('UploadSuccess', 'MyCompany/Shoes/red.tif', { assetName: 'red', assetHandle: 'a|1' }),
          row('UploadSuccess', 'MyCompany/Shoes/green.tif', { assetName: 'green', assetHandle: 'a|2' }),
          row('UploadSuccess', 'MyCompany/Shoes/blue.tif', { assetName: 'blue', assetHandle: 'a|3' }),
          row('EndUpload', 'ends'),
        ];
        return { jobLogArray: [{ ...log('Autumn shoes'), detailTotalRows: 5, detailArray }] };
      }
      if (!wanted('Broken')) return { jobLogArray: [] };
      const detailArray = [
        row('UploadSuccess', 'MyCompany/Shoes/red.tif', { assetName: 'red', assetHandle: 'a|1' }),
        row('UploadError', 'the file is no image', { assetName: 'green' }),
      ];
      const head = log('Broken', { fileErrorCount: 1, fileSuccessCount: 2 });
      return { jobLogArray: [{ ...head, detailTotalRows: 2, detailArray }] };
    },
    submitJob: ({ jobName }) => ({ jobHandle: `j|6|${jobName}|` }),
    stopJob: ({ jobHandle }) => (jobHandle.includes('Spring shoes') ? {} : invalid('jobHandle', jobHandle)),
    pauseJob: ({ jobHandle }) => (jobHandle === NIGHTLY.jobHandle ? {} : invalid('jobHandle', jobHandle)),
    resumeJob: () => ({}),
    executeJob: () => ({}),
    deleteJob: () => ({}),
    searchAssets: ({ resultsPage = 1, systemFieldConditionArray = [] }) => {
      const text = systemFieldConditionArray.find(({ field }) => field === 'Name')?.value ?? '';
      const found = ASSETS.filter(({ name }) => name?.includes(text));
      return { totalRows: found.length, assetArray: resultsPage === 1 ? found : [] };
    },
    getAssets: ({ assetHandleArray }) => ({
      assetArray: ASSETS.filter(({ assetHandle }) => assetHandleArray.includes(assetHandle ?? '')),
    }),
    getAssetsByName: ({ nameArray }) => ({
      assetArray: nameArray.flatMap((name) =>
        name === 'twin'
          ? ['a|8', 'a|9'].map((assetHandle) => ({ ...ASSETS[0], assetHandle, name }))
          : ASSETS.filter((asset) => asset.name === name),
      ),
    }),
    getAssociatedAssets: ({ assetHandle }) => ({
      subAssetArray:
        assetHandle === 'a|3' ? [] : ['Banner', 'Tall'].map((name, i) => smartCrop(`sub|${i}`, name)),
    }),
    updateSmartCrops: ({ updateArray }) => ({
      successCount: updateArray.length,
      warningCount: 0,
      errorCount: 0,
    }),
    moveAssets: ({ assetMoveArray }) => counts(assetMoveArray.map(({ assetHandle }) => assetHandle)),
    renameAsset: ({ newName }) => {
      if (newName === 'green')
        throw new IpsFault({ kind: 'api', code: 30002, reason: 'The name is taken: green' });
      return {};
    },
    deleteAssets: ({ assetHandleArray }) => counts(assetHandleArray),
    emptyAssetsFromTrash: ({ assetHandleArray }) => counts(assetHandleArray),
    restoreAssetsFromTrash: ({ assetHandleArray }) => counts(assetHandleArray),
    getMetadataFields: ({ assetType }) => ({
      fieldArray: [metadataField(assetType, assetType === 'Image' ? 'Season' : 'Photographer')],
    }),
    batchSetAssetMetadata: ({ updateArray }) => ({
      successCount: updateArray.reduce((sum, { assetHandleArray }) => sum + assetHandleArray.length, 0),
      warningCount: 0,
      errorCount: 0,
    }),
    getFolderTree: ({ folderPath }) => {
      const all = [FOLDERS, ...FOLDERS.subfolderArray];
      const found = all.find(({ path }) => path === (folderPath ?? 'MyCompany/'));
      return found === undefined ? invalid('folderPath', folderPath ?? '') : { folders: found };
    },
    createFolder: ({ folderPath }) => ({ folderHandle: `f|${folderPath}` }),
    renameFolder: ({ folderName }) => ({ folderHandle: `f|MyCompany/${folderName}/` }),
    moveFolder: ({ destFolderHandle }) => ({ folderHandle: `${destFolderHandle}Shoes/` }),
    deleteFolder: () => ({}),
    getImageFormats: () => ({
      imageFormatArray: [
        { imageFormatHandle: '6|301', name: 'Large', urlModifier: 'wid=1200&qlt=90' },
        { imageFormatHandle: '6|302', name: 'Thumb', urlModifier: 'wid=100' },
      ],
    }),
    saveImageFormat: ({ imageFormatHandle = '6|303' }) => ({ imageFormatHandle }),
    deleteImageFormat: () => ({}),
    cdnCacheInvalidation: () => ({ invalidationHandle: 'i|6|1', estimatedSeconds: 600 }),
    getCdnCacheInvalidationStatus: () => ({ status: 'Complete', completionTime: AT }),
  };
}

/** Starts a service that ends with the test. */
export async function startService(): Promise<CompanyService> {
  const service = await openService();
  onTestFinished(service.stop);
  return service;
}

/** Starts a service that its caller ends. */
export async function openService(): Promise<CompanyService & { readonly stop: () => Promise<void> }> {
  const service = await openFakeService(defaults(), ({ decoded }) => {
    const header = decoded.header as { readonly password?: string } | undefined;
    if (header?.password !== PASSWORD)
      throw new IpsFault({ kind: 'authentication', code: 10001, reason: 'Authentication failed' });
  });
  return {
    ...service,
    fails: (name, fault) =>
      service.on(name, () => {
        throw new IpsFault(fault);
      }),
    answers: (listener) => service.onPath(new URL(service.endpoint).pathname, listener),
  };
}
