// A service on loopback for the examples of the README and the sources: one company, a few assets, and jobs that end soon. It follows
// the contract, but does no work.
import type { JobLogDetail, Operations } from '@ips-sdk/types';
import { codec, IpsFault } from '@ips-sdk/wire';
import { type Handlers, openService, readAll } from '../../../../scripts/testing/fake-service.js';
import { jobLog } from '../../../../scripts/testing/job-log.js';

interface ExampleJob {
  readonly name: string;
  readonly kind: 'UrlUpload' | 'ImageServingPublish' | 'Export';
  readonly execSchedule: string | undefined;
  readonly begunAt: string;
  readonly files: string[];
  /** How often the job has been looked at; after a few looks it has ended. */
  looks: number;
  /** An upload job is open until a request ends it. */
  open: boolean;
}

const COMPANY = { companyHandle: 'c|6', name: 'MyCompany', rootPath: 'MyCompany/' };
const ASSETS = ['red', 'green', 'blue'].map((name, i) => ({
  assetHandle: `a|${i + 1}`,
  type: 'Image',
  name,
  fileName: `${name}.tif`,
  folder: 'MyCompany/Shoes/',
}));
const PERMISSIONS = (['Read', 'Write', 'Delete'] as const).map((permissionType) => ({
  groupHandle: 'g|1',
  groupName: 'Download',
  permissionType,
  isAllowed: permissionType === 'Read',
  isOverride: true,
}));
const PAT = {
  userHandle: 'u|41|pat@example.com',
  firstName: 'Pat',
  lastName: 'Miller',
  isValid: true,
  isIpsAdmin: false,
  passwordExpires: '2099-01-01T00:00:00Z',
};
const LOOKS = 2;

/** Starts the service, and answers the URL of its SOAP endpoint. */
export async function startExampleService(): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const example = new ExampleService();
  const service = await openService(example.handlers);
  service.onPath(new URL(service.uploadEndpoint).pathname, async (request, response) => {
    const form = (await readAll(request)).toString('latin1');
    response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' });
    response.end(example.upload(form));
  });
  return service;
}

class ExampleService {
  readonly #jobs = new Map<string, ExampleJob>();
  readonly handlers: Handlers = {
    getCompanyInfo: () => ({ companyInfo: COMPANY }),
    getFolderTree: ({ folderPath = 'MyCompany/' }) => {
      const permissionSetHandle = 'pm|2';
      const shoes = { folderHandle: 'f|MyCompany/Shoes/', path: 'MyCompany/Shoes/', hasSubfolders: false };
      const root = { folderHandle: 'f|MyCompany/', path: 'MyCompany/', hasSubfolders: true };
      const below = { ...shoes, permissionSetHandle };
      return {
        folders:
          folderPath === shoes.path ? below : { ...root, permissionSetHandle, subfolderArray: [below] },
        permissionSetArray: [{ permissionSetHandle, permissionArray: PERMISSIONS }],
      };
    },
    getUserInfo: ({ email = '' }) => ({ userInfo: { ...PAT, email } }),
    getCompanyMembership: () => ({
      membershipArray: [{ company: COMPANY, role: 'ImagePortalUser', isActive: true }],
    }),
    getGroupMembership: () => ({
      groupArray: [{ groupHandle: 'g|1', companyHandle: 'c|6', name: 'Download', isSystemDefined: false }],
    }),
    searchAssets: ({ resultsPage = 1 }) => ({
      totalRows: ASSETS.length,
      assetArray: resultsPage === 1 ? ASSETS : [],
    }),
    deleteAsset: ({ assetHandle }) => {
      if (ASSETS.some((asset) => asset.assetHandle === assetHandle)) return {};
      throw new IpsFault({ kind: 'api', code: 30001, reason: `Invalid assetHandle: ${assetHandle}` });
    },
    deleteAssets: ({ assetHandleArray }) => {
      const unknown = assetHandleArray.filter((handle) =>
        ASSETS.every((asset) => asset.assetHandle !== handle),
      );
      const reason = 'Invalid assetHandle';
      return {
        successCount: assetHandleArray.length - unknown.length,
        warningCount: 0,
        errorCount: unknown.length,
        errorDetailArray: unknown.map((assetHandle) => ({ assetHandle, code: 30001, reason })),
      };
    },
    getAssets: ({ assetHandleArray }) => ({
      assetArray: ASSETS.filter(({ assetHandle }) => assetHandleArray.includes(assetHandle)),
    }),
    getAssetsByName: ({ nameArray }) => ({
      assetArray: ASSETS.filter(({ name }) => nameArray.includes(name)),
    }),
    getAssociatedAssets: () => ({
      subAssetArray: [
        {
          subAssetHandle: 'a|21',
          type: 'SmartCrop',
          name: 'Banner',
          smartCrop: { cropRect: { leftN: 0.25, topN: 0, widthN: 0.5, heightN: 1 } },
        },
      ],
    }),
    updateSmartCrops: ({ updateArray }) => ({
      successCount: updateArray.length,
      warningCount: 0,
      errorCount: 0,
    }),
    cdnCacheInvalidation: () => ({ invalidationHandle: 'i|6|1', estimatedSeconds: 600 }),
    submitJob: ({ jobName, execSchedule, uploadUrlsJob, exportJob }) => {
      this.#jobs.set(jobName, {
        name: jobName,
        kind: uploadUrlsJob ? 'UrlUpload' : exportJob ? 'Export' : 'ImageServingPublish',
        execSchedule,
        begunAt: new Date().toISOString(),
        files: (uploadUrlsJob?.urlArray ?? []).map(({ destPath }) => destPath),
        looks: 0,
        open: false,
      } as ExampleJob);
      return { jobHandle: `j|6|${jobName}|` };
    },
    stopJob: () => ({}),
    deleteJob: ({ jobHandle }) => {
      for (const job of this.#find({ jobHandle })) this.#jobs.delete(job.name);
      return {};
    },
    getScheduledJobs: (filter) => ({
      jobArray: this.#find(filter)
        .filter((job) => job.execSchedule !== undefined)
        .map((job) => ({
          companyHandle: 'c|6',
          jobHandle: `j|6|${job.name}|`,
          name: job.name,
          originalName: job.name,
          type: job.kind,
          submitUserEmail: 'ann@example.com',
          execSchedule: job.execSchedule,
          timeZone: 'PST',
          triggerState: 'Normal',
        })),
    }),
    getActiveJobs: (filter) => ({
      jobArray: this.#find(filter)
        .filter((job) => this.#isActive(job))
        .map((job) => {
          job.looks += 1;
          return {
            companyHandle: 'c|6',
            jobHandle: runHandle(job),
            name: runName(job),
            originalName: job.name,
            type: job.kind,
            state: 'Running',
            submitUserEmail: 'ann@example.com',
            serverName: 'ips-1',
            startDate: job.begunAt,
            triggerTime: job.begunAt,
            totalSize: 0,
            progress: Math.round((100 * job.looks) / (LOOKS + 1)),
            progressMessage: '',
            lastProgressUpdate: new Date().toISOString(),
            taskProgressArray: [],
          };
        }),
    }),
    getJobLogs: () => ({ jobLogArray: this.#ended({}).map((job) => logOf(job)) }),
    getJobLogDetails: (filter) => ({
      jobLogArray: this.#ended(filter).map((job) => ({
        ...logOf(job),
        detailTotalRows: rowsOf(job).length,
        detailArray: rowsOf(job).slice(
          ((filter.resultsPage ?? 1) - 1) * (filter.recordsPerPage ?? 1000),
          (filter.resultsPage ?? 1) * (filter.recordsPerPage ?? 1000),
        ),
      })),
    }),
  };

  /** The servlet for files. */
  upload(form: string): string {
    const xml = /<uploadPostParam[\s\S]*<\/uploadPostParam>/.exec(form)?.[0] ?? '';
    const post = codec.decodeMessage('UploadPostParam', xml) as Operations['uploadPost']['input'];
    const name = post.jobName ?? /^j\|\d+\|\|([^|]*)/.exec(post.jobHandle ?? '')?.[1] ?? '';
    const job: ExampleJob = this.#jobs.get(name) ?? {
      name,
      kind: 'UrlUpload',
      execSchedule: undefined,
      begunAt: new Date().toISOString(),
      files: [],
      looks: 0,
      open: true,
    };
    job.files.push(...[...form.matchAll(/filename="([^"]*)"/g)].map(([, file = '']) => file));
    if (post.endJob === true) job.open = false;
    this.#jobs.set(name, job);
    const jobHandle = `j|6||${name}|1`;
    return codec.encodeResponse('uploadPost', { jobHandle }, { dialect: 'plain' });
  }

  #find({
    originalName,
    jobHandle,
  }: {
    originalName?: string | undefined;
    jobHandle?: string | undefined;
  }): ExampleJob[] {
    return [...this.#jobs.values()].filter(
      (job) =>
        (originalName === undefined || job.name === originalName) &&
        (jobHandle === undefined || jobHandle.includes(job.name)),
    );
  }

  #isActive(job: ExampleJob): boolean {
    return job.execSchedule === undefined && (job.open || job.looks < LOOKS);
  }

  #ended(filter: { originalName?: string | undefined; jobHandle?: string | undefined }): ExampleJob[] {
    return this.#find(filter).filter((job) => job.execSchedule === undefined && !this.#isActive(job));
  }
}

const runName = (job: ExampleJob): string => `${job.name}_${job.begunAt}`;
const runHandle = (job: ExampleJob): string => `j|6||${runName(job)}|1`;

function logOf(job: ExampleJob): Operations['getJobLogs']['output']['jobLogArray'][number] {
  return jobLog(job.name, {
    jobHandle: runHandle(job),
    jobName: runName(job),
    startDate: job.begunAt,
    endDate: new Date().toISOString(),
    fileSuccessCount: job.files.length,
    totalFileCount: job.files.length,
  });
}

function rowsOf(job: ExampleJob): JobLogDetail[] {
  const dateCreated = job.begunAt;
  if (job.kind === 'Export') {
    return [{ dateCreated, logType: 'GetSuccess', logMessage: 'https://example.com/exports/MyCompany.zip' }];
  }
  return job.files.map((file) => ({
    dateCreated,
    logType: 'UploadSuccess',
    logMessage: file,
    assetName: file.replace(/^.*\/|\.\w+$/g, ''),
    assetHandle: 'a|9',
  }));
}
