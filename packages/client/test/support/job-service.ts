import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActiveJob, JobLog, JobLogDetail, ScheduledJob } from '@ips-sdk/types';
import { codec } from '@ips-sdk/wire';
import {
  type FakeService,
  fault,
  type Handlers,
  type Reply,
  readAll,
  startService,
} from '../../../../scripts/testing/fake-service.js';
import { jobLog } from '../../../../scripts/testing/job-log.js';
import { type FormPart, parseForm } from './form.js';

/** A job as this service has it. */
export interface FakeJob {
  readonly name: string;
  readonly handle: string;
  readonly kind: 'uploadUrlsJob' | 'uploadPostJob' | 'exportJob' | 'imageServingPublishJob';
  readonly details: Record<string, unknown>;
  readonly files: FakeFile[];
  /** Absent while the job waits for its time. */
  run: { readonly name: string; readonly handle: string; readonly startDate: Date } | undefined;
  /** Looks at the active jobs that are left until it ends. */
  looks: number;
  /** Whether more files may come. */
  open: boolean;
  stopped: boolean;
  endDate: Date | undefined;
}

export interface FakeFile {
  readonly destPath: string;
  readonly sourceUrl?: string;
  readonly bytes?: Buffer;
  readonly fails?: boolean;
}

/**
 * A service that runs jobs in its memory, with the quirks of the live one: a run has another name than its job, handles have two
 * shapes, a job that has ended is in no list but the logs, and answers lack fields that the contract requires.
 *
 * A file's name decides what becomes of it: `bad` fails, `dup` is a duplicate, `old` is replaced, `odd` gets a warning, anything else is
 * new. An export has its link in the name of an asset, and in a message when `told` is in its name.
 */
export class JobService {
  readonly jobs: FakeJob[] = [];
  /** Handles of submitted jobs, in order. */
  readonly submissions: string[] = [];
  readonly forms: { readonly parts: readonly FormPart[]; readonly length: string | undefined }[] = [];
  /** Looks at the active jobs until a run ends. */
  looks = 1;
  /** Whether the first file of each job fails, whatever its name. */
  half = false;
  /** Looks at which a submitted job is in no list yet. */
  hidden = 0;
  service!: FakeService;

  static async start(): Promise<JobService> {
    const jobs = new JobService();
    jobs.service = await startService(jobs.#handlers());
    jobs.service.onPath('/scene7/UploadFile', (request, response) => void jobs.servlet(request, response));
    return jobs;
  }

  get endpoint(): string {
    return this.service.endpoint;
  }

  job(name: string): FakeJob {
    const found = this.jobs.find((job) => job.name === name);
    if (found === undefined) throw new Error(`no job ${name}`);
    return found;
  }

  /** Lets a scheduled job run. */
  fire(job: FakeJob): void {
    job.run = makeRun(job.name, this.jobs.indexOf(job));
  }

  #handlers(): Handlers {
    const find = (handle: unknown): FakeJob | undefined =>
      this.jobs.find((job) => job.handle === handle || job.run?.handle === handle);
    const control =
      (act: (job: FakeJob) => void) =>
      ({ jobHandle }: { readonly jobHandle: string }): object | Reply => {
        const job = find(jobHandle);
        if (job === undefined) return fault({ kind: 'api', code: 30001, reason: 'Invalid jobHandle' });
        act(job);
        return {};
      };
    return {
      getCompanyInfo: () => ({
        companyInfo: { companyHandle: 'c|6', name: 'My Company', rootPath: 'MyCompany/' },
      }),
      submitJob: (input) => ({ jobHandle: this.submit({ ...input }).handle }),
      getScheduledJobs: ({ originalName, jobHandle }) => ({
        jobArray: this.jobs
          .filter((job) => job.run === undefined && matches(job, originalName, jobHandle))
          .map((job) => scheduledJob(job)),
      }),
      getActiveJobs: ({ originalName, jobHandle }) => {
        if (this.hidden > 0) {
          this.hidden -= 1;
          return { jobArray: [] };
        }
        const active = this.jobs.filter(
          (job) =>
            job.run !== undefined && job.endDate === undefined && matches(job, originalName, jobHandle),
        );
        const answer = active.map((job) => activeJob(job));
        for (const job of active) this.#step(job);
        return { jobArray: answer };
      },
      getJobLogDetails: (input) => {
        const {
          originalName,
          jobHandle,
          recordsPerPage: size = 1000,
          resultsPage: page = 1,
          sortDirection,
        } = input;
        const logs = this.jobs
          .filter(
            (job) => job.run !== undefined && this.hidden === 0 && matches(job, originalName, jobHandle),
          )
          .map((job) => {
            const rows = sortDirection === 'Descending' ? rowsOf(job).reverse() : rowsOf(job);
            return { ...logOf(job), detailArray: rows.slice((page - 1) * size, page * size) };
          });
        return { jobLogArray: logs };
      },
      getJobLogs: () => ({
        jobLogArray: this.jobs.filter((job) => job.run !== undefined).map((job) => logOf(job)),
      }),
      stopJob: control((job) => {
        job.stopped = true;
      }),
      pauseJob: control(() => undefined),
      resumeJob: control(() => undefined),
      executeJob: control((job) => this.fire(job)),
      deleteJob: control((job) => void this.jobs.splice(this.jobs.indexOf(job), 1)),
    };
  }

  /** What `submitJob` does, for tests that answer it in their own way. */
  submit(given: object): FakeJob {
    const input = given as Record<string, unknown>;
    const kind = (['uploadUrlsJob', 'exportJob', 'imageServingPublishJob'] as const).find(
      (name) => name in input,
    );
    if (kind === undefined) throw new Error('expected the details of a job');
    const details = input[kind] as Record<string, unknown>;
    const name = String(input['jobName']);
    const job: FakeJob = {
      name,
      handle: `j|6|${name}|`,
      kind,
      details,
      files: ((details['urlArray'] as FakeFile[] | undefined) ?? []).map((file, i) => ({
        ...file,
        fails: this.half && i === 0,
      })),
      run: undefined,
      looks: this.looks,
      open: false,
      stopped: false,
      endDate: undefined,
    };
    this.jobs.push(job);
    this.submissions.push(job.handle);
    if (input['execTime'] === undefined && input['execSchedule'] === undefined) this.fire(job);
    return job;
  }

  #step(job: FakeJob): void {
    if (job.open) return;
    job.looks -= 1;
    if (job.looks <= 0 || job.stopped) job.endDate = new Date();
  }

  /** The servlet for files. */
  async servlet(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request).catch(() => undefined);
    if (body === undefined) return;
    const parts = parseForm(request.headers['content-type'], body);
    this.forms.push({ parts, length: request.headers['content-length'] });
    const answer = (text: string, status: number = 200): void => {
      response.writeHead(status, { 'Content-Type': 'text/xml;charset=utf-8' });
      response.end(text);
    };
    const part = (name: string): string => parts.find((one) => one.name === name)?.body.toString() ?? '';
    const auth = codec.decodeMessage('AuthHeader', part('auth')) as { user?: string; password?: string };
    if (auth.user !== 'ann@example.com')
      return answer(
        codec.encodeFault(
          { kind: 'authentication', code: 10001, reason: 'Invalid username/password' },
          { dialect: 'plain' },
        ),
      );
    const param = codec.decodeMessage('UploadPostParam', part('uploadParams')) as Record<string, string> & {
      endJob?: boolean;
    };
    const job =
      param['jobName'] === undefined
        ? this.jobs.find((one) => matches(one, undefined, param['jobHandle']))
        : this.#openForm(param);
    if (job === undefined || !job.open)
      return answer(
        codec.encodeFault({ kind: 'api', code: 30001, reason: 'Invalid jobHandle' }, { dialect: 'plain' }),
        200,
      );
    const files = parts.filter(({ fileName }) => fileName !== undefined);
    if (files.some(({ fileName }) => fileName?.includes('refused')))
      return answer(
        codec.encodeFault({ kind: 'api', code: 30001, reason: 'file too large' }, { dialect: 'plain' }),
        200,
      );
    for (const { fileName, body: bytes } of files) {
      // As RFC 7578 has it, folders in the name of a part do not count.
      const destPath = param['fileName'] ?? `${param['destFolder'] ?? ''}${fileName?.replace(/^.*\//, '')}`;
      job.files.splice(0, job.files.length, ...job.files.filter((file) => file.destPath !== destPath), {
        destPath,
        bytes,
      });
    }
    if (param.endJob) job.open = false;
    answer(codec.encodeResponse('uploadPost', { jobHandle: job.handle }, { dialect: 'plain' }));
  }

  #openForm(param: Record<string, string>): FakeJob {
    const name = param['jobName'] ?? '';
    const job: FakeJob = {
      name,
      handle: `j|6||${name}|${54091 + this.jobs.length}`,
      kind: 'uploadPostJob',
      details: param['uploadParams'] as unknown as Record<string, unknown>,
      files: [],
      run: undefined,
      looks: this.looks,
      open: true,
      stopped: false,
      endDate: undefined,
    };
    this.jobs.push(job);
    this.submissions.push(job.handle);
    this.fire(job);
    return job;
  }
}

function makeRun(name: string, number: number): NonNullable<FakeJob['run']> {
  const startDate = new Date();
  const runName = `${name}_${startDate.toISOString().slice(0, -1).replace('T', '-')}`;
  return { name: runName, handle: `j|6||${runName}|${number + 1}`, startDate };
}

function matches(job: FakeJob, originalName: unknown, jobHandle: unknown): boolean {
  if (originalName !== undefined && job.name !== originalName) return false;
  return jobHandle === undefined || job.handle === jobHandle || job.run?.handle === jobHandle;
}

function scheduledJob(job: FakeJob): ScheduledJob {
  return {
    companyHandle: 'c|6',
    jobHandle: job.handle,
    name: job.name,
    originalName: job.name,
    submitUserEmail: 'ann@example.com',
    locale: 'en-US',
    description: '',
    type: 'UrlUpload',
    triggerState: 'Normal',
  } as ScheduledJob;
}

function activeJob(job: FakeJob): ActiveJob {
  const { run } = job;
  return {
    companyHandle: 'c|6',
    jobHandle: run?.handle ?? '',
    name: run?.name ?? '',
    originalName: job.name,
    submitUserEmail: 'ann@example.com',
    locale: 'en-US',
    description: '',
    type: 'UrlUpload',
    serverName: 'worker-1',
    state: job.stopped ? 'Stopping' : 'Running',
    startDate: run?.startDate.toISOString() ?? '',
    triggerTime: run?.startDate.toISOString() ?? '',
    totalSize: 0,
    progress: Math.max(0, 100 - job.looks * 10),
    progressMessage: '',
    lastProgressUpdate: new Date().toISOString(),
    taskProgressArray: [
      {
        taskType: 'com.scene7.upload.UploadAsyncTaskMonitor',
        taskState: 'Processing',
        numProcessed: 1,
        numProcessing: 0,
        numPending: job.looks,
        progress: 0.5,
        progressMessage: '',
        lastProgressUpdate: new Date().toISOString(),
        taskItemProgressArray: [],
      },
    ],
  } as unknown as ActiveJob;
}

function fileRow({ destPath, fails = false }: FakeFile): JobLogDetail[] {
  const name = destPath.slice(destPath.lastIndexOf('/') + 1);
  const assetName = name.replace(/\.[^.]+$/, '');
  const row = (logType: string, logMessage: string, assetHandle?: string): JobLogDetail =>
    ({
      logType,
      logMessage,
      dateCreated: new Date(0).toISOString(),
      assetName,
      ...(assetHandle ? { assetHandle } : {}),
    }) as JobLogDetail;
  if (fails || name.includes('bad')) return [row('UploadError', `${name} is no image`)];
  if (name.includes('dup')) return [row('DuplicateSkipped', `${name} was there already`)];
  if (name.includes('old'))
    return [row('UploadSuccess', name, `a|${name}`), row('FileUpdated', name, `a|${name}`)];
  if (name.includes('odd'))
    return [row('UploadWarning', `${name} has no resolution`), row('UploadSuccess', name, `a|${name}`)];
  return [row('UploadSuccess', name, `a|${name}`)];
}

function rowsOf(job: FakeJob): JobLogDetail[] {
  const plain = (logType: string, logMessage: string): JobLogDetail =>
    ({ logType, logMessage, dateCreated: new Date(0).toISOString() }) as JobLogDetail;
  const rows = [
    plain('BeginUploadUrls', 'begin'),
    plain('OriginalJobName', job.name),
    ...job.files.flatMap(fileRow),
  ];
  if (job.kind === 'exportJob') {
    const link = `https://cdn.example.com/${job.name.length}.zip`;
    rows.push(
      job.name.includes('told')
        ? plain('ReturnSuccess', `The file is at ${link}`)
        : { ...plain('ReturnSuccess', 'The export is ready.'), assetName: link },
    );
  }
  if (job.stopped && job.endDate) rows.push(plain('FileCancel', 'stopped'));
  if (job.endDate) rows.push(plain('EndUploadUrls', 'end'));
  return rows;
}

function logOf(job: FakeJob): JobLog {
  const rows = rowsOf(job);
  const count = (logType: string): number => rows.filter((row) => row.logType === logType).length;
  return jobLog(job.name, {
    jobHandle: job.run?.handle ?? '',
    jobName: job.run?.name ?? '',
    logType: 'BeginUploadUrls',
    startDate: job.run?.startDate.toISOString(),
    endDate: job.endDate?.toISOString(),
    fileSuccessCount: count('UploadSuccess'),
    fileErrorCount: count('UploadError'),
    fileWarningCount: count('UploadWarning'),
    fileDuplicateCount: count('DuplicateSkipped'),
    fileUpdateCount: count('FileUpdated'),
    totalFileCount: job.files.length,
    detailTotalRows: rows.length,
  });
}
