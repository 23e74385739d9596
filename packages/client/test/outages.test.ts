import type { IncomingMessage, ServerResponse } from 'node:http';
import { createIpsClient, IpsFault, type Job, type JobEvent, JobNotFoundError } from '@ips-sdk/client';
import { codec } from '@ips-sdk/wire';
import { describe, expect, it } from 'vitest';
import { fault, silence } from '../../../scripts/testing/fake-service.js';
import { clientOf, errorOf } from './support/clients.js';
import { JobService } from './support/job-service.js';
import { Relay } from './support/relay.js';

const FAST = { minDelay: 1, maxDelay: 5, lostAfter: 50 };
const PATH = '/scene7/services/IpsApiService';
const RUNS_FOREVER = 1_000_000;

type Misbehave = (request: IncomingMessage, response: ServerResponse) => void;

const status =
  (code: number, text: string = '<html><body>down for maintenance</body></html>'): Misbehave =>
  (_, response) => {
    response.writeHead(code, { 'Content-Type': 'text/html' });
    response.end(text);
  };

/** A running job, and what breaks and mends its service. */
async function runningJob() {
  const service = await JobService.start();
  service.looks = RUNS_FOREVER;
  const job = await clientOf(service).publish({}, { name: 'Publish' });
  let attempts = 0;
  return {
    service,
    job,
    attempts: () => attempts,
    breaks: (misbehave: Misbehave) =>
      service.service.onPath(PATH, (request, response) => {
        attempts += 1;
        misbehave(request, response);
      }),
    mends: () => service.service.onPath(PATH, undefined),
    /** The job ends while nobody can see it. */
    ends: () => {
      service.job('Publish').endDate = new Date();
    },
  };
}

/** Waits for a job, and acts on events by their types. */
async function wait(
  job: Job,
  act: Partial<Record<JobEvent['type'], () => unknown>>,
  options: Parameters<Job['wait']>[0] = {},
) {
  const events: JobEvent[] = [];
  const verdict = await job.wait({
    ...FAST,
    ...options,
    onEvent: (event) => {
      events.push(event);
      void act[event.type]?.();
    },
  });
  return { verdict, events };
}

describe('a wait for a running job', () => {
  it.each<[kind: string, misbehave: Misbehave, error: object]>([
    ['is reset', ({ socket }) => void socket.destroy(), { name: 'ConnectionError' }],
    ['answers 503', status(503), { name: 'HttpError', status: 503 }],
    ['answers 500 with a page', status(500), { name: 'HttpError', status: 500 }],
    ['answers 429', status(429), { name: 'HttpError', status: 429 }],
    ['answers 408', status(408), { name: 'HttpError', status: 408 }],
    [
      'answers a fault with 503',
      status(503, codec.encodeFault({ kind: 'soap', code: undefined, reason: 'starting' })),
      { name: expect.stringMatching(/IpsFault|HttpError/) as string },
    ],
    ['says nothing', () => undefined, { name: 'TimeoutError', timeout: 500 }],
    [
      'breaks its answer off',
      (_, response) => {
        response.writeHead(200, { 'Content-Type': 'text/xml', 'Content-Length': '5000' });
        response.write('<soap', () => response.destroy());
      },
      { name: 'ConnectionError' },
    ],
  ])(
    'rides out a service that %s, and finds by its log what ended meanwhile',
    async (_, misbehave, error) => {
      const { service, job: submitted, breaks, mends, ends } = await runningJob();
      const job = clientOf(service, { timeout: 500 }).jobs.get(submitted.handle);
      const { verdict, events } = await wait(job, {
        state: () => breaks(misbehave),
        'lost-contact': () => {
          ends();
          mends();
        },
      });
      expect(verdict.ok).toBe(true);
      const contact = events.filter(({ type }) => type.endsWith('-contact'));
      expect(contact).toMatchObject([
        { type: 'lost-contact', since: expect.any(Date) as Date, error },
        { type: 'regained-contact', since: expect.any(Date) as Date, duration: expect.any(Number) as number },
      ]);
      expect(events.at(-1)?.type).toBe('done');
    },
  );

  it('rides out a service that refuses connections', async () => {
    const service = await JobService.start();
    service.looks = RUNS_FOREVER;
    const relay = await Relay.start(service.service.port);
    const ips = clientOf({ endpoint: `http://127.0.0.1:${relay.port}${PATH}` });
    const job = await ips.publish({}, { name: 'Publish' });
    const { verdict, events } = await wait(job, {
      state: () => relay.cut(),
      'lost-contact': () => {
        service.job('Publish').endDate = new Date();
        return relay.mend();
      },
    });
    expect(verdict.ok).toBe(true);
    expect(events.map(({ type }) => type)).toContain('regained-contact');
  });

  it('reports every outage once, and no single failure', async () => {
    const service = await JobService.start();
    service.looks = 5;
    const job = await clientOf(service).publish({}, { name: 'Publish' });
    // The first of them breaks a connection that was idle, which is replaced and counts as no failure.
    const breaks = [3, 7, 4];
    // Each time there is progress, some requests fail.
    const fail = (): void => {
      let left = breaks.shift() ?? 0;
      if (left === 0) return;
      service.service.onPath(PATH, ({ socket }) => {
        left -= 1;
        if (left === 0) service.service.onPath(PATH, undefined);
        socket.destroy();
      });
    };
    const { events } = await wait(job, { progress: fail });
    expect(breaks).toEqual([]);
    expect(events.flatMap(({ type }) => (type.endsWith('-contact') ? [type] : []))).toEqual([
      'lost-contact',
      'regained-contact',
      'lost-contact',
      'regained-contact',
    ]);
    expect(service.submissions).toHaveLength(1);
  });

  it('yields every row of the log once, whatever fails in between', async () => {
    const service = await JobService.start();
    service.looks = 4;
    const job = await clientOf(service).jobs.submit(
      'uploadUrlsJob',
      {
        urlArray: ['red', 'bad', 'odd'].map((name) => ({
          sourceUrl: `https://www.example.com/${name}.tif`,
          destPath: `MyCompany/${name}.tif`,
        })),
        overwrite: true,
        readyForPublish: true,
        createMask: false,
        emailSetting: 'None',
      },
      { name: 'Shoes' },
    );
    // Each request fails, and succeeds when it is repeated.
    let failed = false;
    const flicker = (): void =>
      service.service.onPath(PATH, ({ socket }) => {
        failed = !failed;
        socket.destroy();
        service.service.onPath(PATH, undefined);
      });
    flicker();
    const rows: string[] = [];
    for await (const event of job.watch(FAST)) {
      if (event.type === 'log') rows.push(event.row.logType);
      flicker();
      if (event.type === 'done') expect(event.verdict.failures).toHaveLength(1);
    }
    expect(rows).toEqual([
      'BeginUploadUrls',
      'OriginalJobName',
      'UploadSuccess',
      'UploadError',
      'UploadWarning',
      'UploadSuccess',
      'EndUploadUrls',
    ]);
  });

  it('ends with the last error when the outage lasts too long', async () => {
    const { job, breaks, attempts } = await runningJob();
    const events: string[] = [];
    const waiting = wait(
      job,
      { state: () => breaks(status(503)), 'lost-contact': () => events.push('lost-contact') },
      { maxOutage: 400 },
    );
    expect(await errorOf(waiting)).toMatchObject({ name: 'HttpError', status: 503 });
    expect(events).toEqual(['lost-contact']);
    expect(attempts()).toBeGreaterThan(3);
  });

  it('ends at the first failure without any patience', async () => {
    const { job, breaks, attempts } = await runningJob();
    breaks(status(503));
    expect(await errorOf(job.wait({ ...FAST, maxOutage: 0 }))).toMatchObject({ status: 503 });
    expect(attempts()).toBe(1);
    expect(await errorOf(job.wait({ ...FAST, maxOutage: -1 }))).toMatchObject({
      name: 'ConfigError',
      message: 'maxOutage: expected a number of milliseconds from 0, found -1',
    });
  });

  it('ends at its own time limit, and when its caller gives up', async () => {
    const { job, breaks } = await runningJob();
    breaks(() => undefined);
    expect(await errorOf(job.wait({ ...FAST, timeout: 30 }))).toMatchObject({
      name: 'TimeoutError',
      message: 'the job "Publish" took longer than 30 ms',
    });
    breaks(status(503));
    const stop = new AbortController();
    const waiting = wait(
      job,
      { 'lost-contact': () => stop.abort(new Error('enough')) },
      { signal: stop.signal },
    );
    expect((await errorOf(waiting)).message).toBe('enough');
  });

  it('ends an attempt under way when the outage has lasted too long', async () => {
    const { service, job: submitted, breaks } = await runningJob();
    // Without the limit of the outage, an attempt may take a minute.
    const job = clientOf(service, { timeout: 60_000 }).jobs.get(submitted.handle);
    const silent = wait(job, { state: () => breaks(() => undefined) }, { maxOutage: 100 });
    expect(await errorOf(silent)).toMatchObject({
      name: 'TimeoutError',
      timeout: expect.any(Number) as number,
    });
    // What failed before says more than that the last attempt was given up.
    let attempts = 0;
    breaks((request, response) => {
      attempts += 1;
      if (attempts < 4) status(503)(request, response);
    });
    expect(await errorOf(job.wait({ ...FAST, maxOutage: 300 }))).toMatchObject({
      name: 'HttpError',
      status: 503,
    });
    expect(attempts).toBe(4);
  });

  it('takes any number of milliseconds for its times', async () => {
    const { job, ends } = await runningJob();
    const endless = Number.POSITIVE_INFINITY;
    const times = { maxDelay: 2 ** 40, lostAfter: endless, maxOutage: endless, timeout: 2 ** 40 };
    const { verdict } = await wait(job, { state: ends }, { ...times, minDelay: 1 });
    expect(verdict.ok).toBe(true);
  });

  it('ends at its own time limit while the company is looked up', async () => {
    const service = await JobService.start();
    service.service.on('getCompanyInfo', () => silence);
    const ips = clientOf(service, { companyHandle: undefined, company: 'MyCompany' });
    expect(await errorOf(ips.jobs.get({ name: 'Publish' }).wait({ timeout: 30 }))).toMatchObject({
      name: 'TimeoutError',
      timeout: 30,
    });
  });

  it.each<[what: string, misbehave: Misbehave, error: object]>([
    [
      'a refused password',
      fails({ kind: 'authentication', code: 10001, reason: 'Invalid password' }),
      { kind: 'authentication' },
    ],
    [
      'a company that is unknown',
      fails({ kind: 'authorization', code: 20000, reason: 'Invalid companyHandle' }),
      { code: 20000 },
    ],
    ['another fault', fails({ kind: 'api', code: 30000, reason: 'internal' }), { code: 30000 }],
    ['status 403', status(403), { name: 'HttpError', status: 403 }],
    ['status 404', status(404), { name: 'HttpError', status: 404 }],
    ['a page instead of an answer', status(200), { name: 'HttpError', status: 200 }],
  ])('ends at once after %s', async (_, misbehave, error) => {
    const { job, breaks, attempts } = await runningJob();
    breaks(misbehave);
    expect(await errorOf(job.wait(FAST))).toMatchObject(error);
    expect(attempts()).toBe(1);
  });
});

function fails(details: ConstructorParameters<typeof IpsFault>[0]): Misbehave {
  return status(500, codec.encodeFault(details));
}

describe('a wait for a job that does not exist', () => {
  it.each([
    ['a handle', 'j|6|None|'],
    ['the handle of a run', 'j|6||None_2014-04-03-12:00:00.000|7'],
    ['a text that is no handle', 'None'],
    ['a name', { name: 'None' }],
  ])('says so instead of reaching its time limit: %s', async (_, reference) => {
    const service = await JobService.start();
    const ips = clientOf(service);
    const patient = { minDelay: 1, maxDelay: 5, timeout: 600 };
    expect(await errorOf(ips.jobs.get(reference).wait(patient))).toBeInstanceOf(JobNotFoundError);
    service.service.on('getActiveJobs', () => fault({ kind: 'api', code: 30001, reason: 'unknown' }));
    service.service.on('getJobLogDetails', () => fault({ kind: 'api', code: 30001, reason: 'unknown' }));
    service.service.on('getScheduledJobs', () => fault({ kind: 'api', code: 30001, reason: 'unknown' }));
    expect(await errorOf(ips.jobs.get(reference).wait(patient))).toBeInstanceOf(JobNotFoundError);
  });

  it('reports the time limit when that left no time to look', async () => {
    const service = await JobService.start();
    const job = clientOf(service).jobs.get({ name: 'None' });
    expect(await errorOf(job.wait({ minDelay: 1, maxDelay: 1, timeout: 100 }))).toMatchObject({
      name: 'TimeoutError',
      timeout: 100,
    });
  });

  it('soon says so without a time limit', async () => {
    const service = await JobService.start();
    const looking = clientOf(service).jobs.get({ name: 'None' }).wait({ minDelay: 100, maxDelay: 100 });
    expect(await errorOf(looking)).toMatchObject({ name: 'JobNotFoundError', job: 'None' });
  });

  it('is patient with one that was just submitted', async () => {
    const service = await JobService.start();
    const job = await clientOf(service).publish({}, { name: 'Publish' });
    service.hidden = RUNS_FOREVER;
    expect(await errorOf(job.wait({ minDelay: 1, maxDelay: 5, timeout: 100 }))).toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('does not count an outage as an absence', async () => {
    const service = await JobService.start();
    const job = await clientOf(service).publish({}, { name: 'Publish' });
    service.hidden = 4;
    // After two looks through all lists, the outage takes longer than the job may be in none of them.
    let looks = 0;
    service.service.on('getScheduledJobs', () => {
      looks += 1;
      if (looks === 2) service.service.onPath(PATH, status(503));
      return { jobArray: [] };
    });
    const { verdict, events } = await wait(
      job,
      { 'lost-contact': () => setTimeout(() => service.service.onPath(PATH, undefined), 60) },
      { lostAfter: 40 },
    );
    expect(verdict.ok).toBe(true);
    expect(events.map(({ type }) => type)).toContain('lost-contact');
  });

  it('is told apart from a company that does not exist', async () => {
    const service = await JobService.start();
    service.service.on('getCompanyInfo', () =>
      fault({ kind: 'api', code: 30001, reason: 'unknown company' }),
    );
    const ips = createIpsClient({
      endpoint: service.endpoint,
      auth: { user: 'ann@example.com', password: 'secret' },
      company: 'Nowhere',
    });
    const error = await errorOf(ips.jobs.get({ name: 'None' }).wait(FAST));
    expect(error).toBeInstanceOf(IpsFault);
    expect(error).toMatchObject({ operation: 'getCompanyInfo' });
  });
});
