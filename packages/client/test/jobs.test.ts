import { type JobEvent, JobNotFoundError, parseJobHandle, schedule } from '@ips-sdk/client';
import { describe, expect, it } from 'vitest';
import { fault, lacking } from '../../../scripts/testing/fake-service.js';
import { clientOf, collect, errorOf } from './support/clients.js';
import { JobService } from './support/job-service.js';

const FAST = { minDelay: 1, maxDelay: 5, lostAfter: 50 };

function upload(...names: string[]) {
  return {
    urlArray: names.map((name) => ({
      sourceUrl: `https://images.example.com/${name}`,
      destPath: `MyCompany/${name}`,
    })),
    overwrite: true,
    readyForPublish: true,
    createMask: false,
    emailSetting: 'None',
  };
}

describe('a job', () => {
  it('is followed from its submission to the verdict of its log', async () => {
    const service = await JobService.start();
    service.looks = 3;
    const job = await clientOf(service).jobs.submit(
      'uploadUrlsJob',
      upload('red.tif', 'bad.tif', 'odd.tif'),
      { name: 'Shoes' },
    );
    expect(job.handle).toBe('j|6|Shoes|');
    const verdict = await job.wait(FAST);
    expect(verdict).toMatchObject({
      status: 'completedWithErrors',
      ok: false,
      counts: { total: 3, succeeded: 2, failed: 1, warnings: 1 },
    });
    expect(verdict.failures).toEqual([
      { name: 'bad', assetHandle: undefined, logType: 'UploadError', message: 'bad.tif is no image' },
    ]);
    expect(verdict.warnings).toMatchObject([{ name: 'odd' }]);
    expect(job.runHandle).toMatch(/^j\|6\|\|Shoes_\d{4}-\d\d-\d\d-\d\d:\d\d:\d\d\.\d{3}\|1$/);
  });

  it('reports its state, progress, tasks and log rows, and finally its end', async () => {
    const service = await JobService.start();
    service.looks = 3;
    const job = await clientOf(service).jobs.submit('uploadUrlsJob', upload('red.tif', 'bad.tif'), {
      name: 'Shoes',
    });
    const events: JobEvent[] = await collect(job.watch(FAST));
    expect(events[0]).toMatchObject({ type: 'state', state: 'Running', previous: undefined });
    const progress = events.flatMap((event) => (event.type === 'progress' ? [event.progress] : []));
    expect(progress).toEqual([70, 80, 90]);
    expect(events.filter(({ type }) => type === 'task')).toHaveLength(3);
    const rows = events.flatMap((event) => (event.type === 'log' ? [event.row.logType] : []));
    expect(rows).toEqual([
      'BeginUploadUrls',
      'OriginalJobName',
      'UploadSuccess',
      'UploadError',
      'EndUploadUrls',
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'done', verdict: { status: 'completedWithErrors' } });
  });

  it('may be too short to be seen active', async () => {
    const service = await JobService.start();
    const ips = clientOf(service);
    const job = await ips.jobs.submit('uploadUrlsJob', upload('red.tif'), { name: 'Shoes' });
    for (const one of service.jobs) one.endDate = new Date();
    expect((await job.wait(FAST)).ok).toBe(true);
  });

  it('may be in no list for a while', async () => {
    const service = await JobService.start();
    service.hidden = 4;
    const job = await clientOf(service).jobs.submit('uploadUrlsJob', upload('red.tif'), { name: 'Shoes' });
    expect((await job.wait({ ...FAST, lostAfter: 5000 })).ok).toBe(true);
  });

  it('may be answered with fields missing that the contract requires', async () => {
    const service = await JobService.start();
    service.looks = 2;
    const job = await clientOf(service).jobs.submit('uploadUrlsJob', upload('red.tif'), { name: 'Shoes' });
    const run = service.jobs[0]?.run;
    let looks = 0;
    service.service.on('getActiveJobs', () => {
      looks += 1;
      const bare = {
        companyHandle: 'c|6',
        jobHandle: run?.handle,
        name: run?.name,
        originalName: 'Shoes',
        submitUserEmail: '',
        locale: '',
        description: '',
        type: 'UrlUpload',
        serverName: 'w',
        state: 'Running',
        startDate: run?.startDate,
        triggerTime: run?.startDate,
        totalSize: 1,
        progress: 1,
        progressMessage: '',
        lastProgressUpdate: run?.startDate,
        taskProgressArray: [],
      };
      if (looks === 2) (service.jobs[0] ?? { endDate: undefined }).endDate = new Date();
      return looks <= 2
        ? lacking(
            { jobArray: [bare] },
            'triggerTime',
            'serverName',
            'lastProgressUpdate',
            'totalSize',
            'taskProgressArray',
            'startDate',
          )
        : { jobArray: [] };
    });
    expect((await job.wait(FAST)).ok).toBe(true);
  });

  it('is not mixed up with an earlier one of the same name', async () => {
    const service = await JobService.start();
    const ips = clientOf(service);
    const earlier = await ips.jobs.submit('uploadUrlsJob', upload('bad.tif'), { name: 'Shoes' });
    await earlier.wait(FAST);
    const run = service.jobs[0]?.run;
    if (service.jobs[0] && run) service.jobs[0].run = { ...run, startDate: new Date(Date.now() - 3_600_000) };
    const later = await ips.jobs.submit('uploadUrlsJob', upload('red.tif'), { name: 'Shoes' });
    for (const one of service.jobs) one.endDate = new Date();
    const verdict = await later.wait(FAST);
    expect(verdict.ok).toBe(true);
    expect(later.runHandle).toBe(service.jobs[1]?.run?.handle);
  });

  it('that never gets an end in its log ends when nothing is added any more', async () => {
    const service = await JobService.start();
    const job = await clientOf(service).jobs.submit('uploadUrlsJob', upload('red.tif'), { name: 'Shoes' });
    service.service.on('getActiveJobs', () => ({ jobArray: [] }));
    expect((await job.wait(FAST)).ok).toBe(true);
  });

  it('that is nowhere is an error, whether the service answers nothing or a fault', async () => {
    const service = await JobService.start();
    const ips = clientOf(service);
    expect(await errorOf(ips.jobs.get({ name: 'None' }).wait(FAST))).toBeInstanceOf(JobNotFoundError);
    service.service.on('getActiveJobs', () => fault({ kind: 'api', code: 30001, reason: 'unknown' }));
    expect(await errorOf(ips.jobs.get('j|6|None|').wait(FAST))).toMatchObject({
      name: 'JobNotFoundError',
      job: 'None',
    });
  });

  it.each(['getActiveJobs', 'getScheduledJobs', 'getJobLogDetails'] as const)(
    'is not taken for another one when %s ignores the filter',
    async (operation) => {
      const service = await JobService.start();
      const ips = clientOf(service);
      await ips.jobs.submit('uploadUrlsJob', upload('bad.tif'), { name: 'Other' });
      const later = { name: 'Planned', execTime: '2030-01-01T00:00:00Z' };
      await ips.jobs.submit('uploadUrlsJob', upload('red.tif'), later);
      const all = await ips.call(operation, {});
      service.service.on(operation, () => all);
      for (const wanted of [{ name: 'None' }, 'j|6|None|', 'j|6||None_2014-04-03-12:00:00.000|7']) {
        const job = ips.jobs.get(wanted);
        expect(await errorOf(job.wait(FAST))).toBeInstanceOf(JobNotFoundError);
        expect(await job.schedule()).toBeUndefined();
      }
      expect(await errorOf(collect(ips.jobs.get({ name: 'None' }).log()))).toBeInstanceOf(JobNotFoundError);
      expect(await collect(ips.jobs.get('j|6|None|').log())).toEqual([]);
      expect(await errorOf(ips.jobs.get({ name: 'None' }).delete())).toBeInstanceOf(JobNotFoundError);
      expect(service.jobs).toHaveLength(2);
    },
  );

  it('is waited for until the time limit, and continues', async () => {
    const service = await JobService.start();
    service.looks = 1_000_000;
    const job = await clientOf(service).jobs.submit('uploadUrlsJob', upload('red.tif'), { name: 'Shoes' });
    expect(await errorOf(job.wait({ ...FAST, timeout: 30 }))).toMatchObject({
      name: 'TimeoutError',
      message: 'the job "Shoes" took longer than 30 ms',
    });
    const stop = new AbortController();
    const waiting = errorOf(job.wait({ ...FAST, signal: stop.signal }));
    stop.abort(new Error('enough'));
    expect((await waiting).message).toBe('enough');
    expect(service.jobs[0]?.endDate).toBeUndefined();
  });

  it('is stopped, and its verdict says so', async () => {
    const service = await JobService.start();
    service.looks = 1_000_000;
    const job = await clientOf(service).jobs.submit('uploadUrlsJob', upload('red.tif'), { name: 'Shoes' });
    const states: string[] = [];
    const verdict = await job.wait({
      ...FAST,
      onEvent: (event) => {
        if (event.type === 'state') states.push(event.state);
        if (event.type === 'state' && event.state === 'Running') void job.stop();
      },
    });
    expect(states).toEqual(['Running', 'Stopping']);
    expect(verdict.status).toBe('stopped');
  });

  it('waits for its time, is executed, paused, resumed and deleted', async () => {
    const service = await JobService.start();
    const ips = clientOf(service);
    const job = await ips.jobs.submit('uploadUrlsJob', upload('red.tif'), {
      name: 'Nightly',
      execSchedule: schedule.daily('02:30'),
    });
    expect((await job.schedule())?.triggerState).toBe('Normal');
    const events: string[] = [];
    const verdict = await job.wait({
      ...FAST,
      onEvent: ({ type }) => {
        events.push(type);
        if (type === 'scheduled') void job.execute();
      },
    });
    expect(events[0]).toBe('scheduled');
    expect(verdict.ok).toBe(true);
    await job.pause();
    await job.resume();
    await job.delete();
    expect(service.jobs).toEqual([]);
    const controls = service.service.requests.filter(({ operation }) =>
      /^(?:execute|pause|resume|delete)Job$/.test(operation),
    );
    expect(controls.map(({ input }) => input['jobHandle'])).toEqual(Array(4).fill('j|6|Nightly|'));
  });

  it('is found by its name, its handle or that of a run, and reads its log', async () => {
    const service = await JobService.start();
    const ips = clientOf(service);
    await (await ips.jobs.submit('uploadUrlsJob', upload('red.tif', 'blue.tif'), { name: 'Shoes' })).wait(
      FAST,
    );
    const run = service.jobs[0]?.run?.handle ?? '';
    for (const job of [ips.jobs.get('j|6|Shoes|'), ips.jobs.get(run), ips.jobs.get({ name: 'Shoes' })]) {
      const rows = await collect(job.log());
      expect(
        rows.filter(({ logType }) => logType === 'UploadSuccess').map(({ assetName }) => assetName),
      ).toEqual(['red', 'blue']);
      expect((await job.wait(FAST)).ok).toBe(true);
    }
    expect(ips.jobs.get('j|6|Shoes||').name).toBe('Shoes');
    expect(await errorOf(ips.jobs.get({ name: 'None' }).stop())).toBeInstanceOf(JobNotFoundError);
  });

  it('with a schedule that cannot be understood is not submitted', async () => {
    const service = await JobService.start();
    const submitting = clientOf(service).jobs.submit('uploadUrlsJob', upload('red.tif'), {
      execSchedule: '99 * * * *',
    });
    expect(await errorOf(submitting)).toMatchObject({ name: 'ScheduleError' });
    expect(service.jobs).toEqual([]);
  });

  it('with a schedule of crontab is not submitted, and the error shows the one that is meant', async () => {
    const service = await JobService.start();
    const ips = clientOf(service);
    const crontab = { execSchedule: '0 2 * * *' };
    const calls = [
      ips.jobs.submit('uploadUrlsJob', upload('red.tif'), crontab),
      ips.submitJob({ jobName: 'Nightly', uploadUrlsJob: upload('red.tif'), ...crontab }),
    ];
    for (const call of calls)
      expect(await errorOf(call)).toMatchObject({ name: 'ScheduleError', meant: ['0 0 2 * * ?'] });
    expect(service.jobs).toEqual([]);
  });

  it('of a publish is incremental by default', async () => {
    const service = await JobService.start();
    const ips = clientOf(service);
    const job = await ips.publish({}, { name: 'Publish' });
    expect((await job.wait(FAST)).ok).toBe(true);
    expect(service.jobs[0]?.details).toEqual({ publishType: 'Incremental', emailSetting: 'None' });
  });
});

describe('the lists of jobs', () => {
  it('come together as one', async () => {
    const service = await JobService.start();
    const ips = clientOf(service);
    await (await ips.jobs.submit('uploadUrlsJob', upload('a.tif'), { name: 'Done' })).wait(FAST);
    service.looks = 1_000_000;
    await ips.jobs.submit('uploadUrlsJob', upload('b.tif'), { name: 'Running' });
    await ips.jobs.submit('uploadUrlsJob', upload('c.tif'), {
      name: 'Waiting',
      execTime: new Date(Date.now() + 3_600_000),
    });
    expect((await ips.jobs.list()).map(({ stage, name }) => [stage, name])).toEqual([
      ['scheduled', 'Waiting'],
      ['active', 'Running'],
      ['completed', 'Done'],
    ]);
    const asked: [stage: 'scheduled' | 'active' | 'completed', name: string, operation: string][] = [
      ['scheduled', 'Waiting', 'getScheduledJobs'],
      ['active', 'Running', 'getActiveJobs'],
      ['completed', 'Done', 'getJobLogs'],
    ];
    for (const [only, name, operation] of asked) {
      const before = service.service.requests.length;
      expect((await ips.jobs.list({ only })).map((job) => [job.stage, job.name])).toEqual([[only, name]]);
      expect(service.service.requests.slice(before).map((one) => one.operation)).toEqual([operation]);
    }
    expect((await ips.jobs.active()).map(({ originalName }) => originalName)).toEqual(['Running']);
    expect(await ips.jobs.scheduled({ originalName: 'Waiting' })).toHaveLength(1);
  });
});

describe('a handle', () => {
  it('has two shapes', () => {
    const scheduled = { company: '6', name: 'Nightly', run: undefined, number: undefined };
    expect(parseJobHandle('j|6|Nightly|')).toStrictEqual(scheduled);
    expect(parseJobHandle('j|2101||name|54091')).toStrictEqual({
      company: '2101',
      name: undefined,
      run: 'name',
      number: '54091',
    });
    expect(parseJobHandle('something else')).toBeUndefined();
  });
});
