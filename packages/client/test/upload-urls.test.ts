import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JournalError, type UploadEvent, UploadInputError, type UploadProgress } from '@ips-sdk/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fault, hangUp, Reply, raw } from '../../../scripts/testing/fake-service.js';
import { clientOf, errorOf } from './support/clients.js';
import { JobService } from './support/job-service.js';

const FAST = { wait: { minDelay: 1, maxDelay: 5, lostAfter: 50 }, patience: 30 };

function urls(...names: string[]): { sourceUrl: string; destPath: string }[] {
  return names.map((name) => ({
    sourceUrl: `https://images.example.com/${name}?sig=s3cret&size=full`,
    destPath: `MyCompany/Shoes/${name}`,
  }));
}

function many(count: number): { sourceUrl: string; destPath: string }[] {
  return urls(...Array.from({ length: count }, (_, i) => `shoe-${i}.tif`));
}

async function journalFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ips-client-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'upload.jsonl');
}

describe('an upload of URLs', () => {
  it('reports what became of every file', async () => {
    const service = await JobService.start();
    const report = await clientOf(service).uploadUrls(
      urls('red.tif', 'old.tif', 'dup.tif', 'bad.tif', 'odd.tif'),
      FAST,
    );
    expect(report.files.map(({ status }) => status)).toEqual([
      'succeeded',
      'updated',
      'duplicate',
      'failed',
      'succeeded',
    ]);
    expect(report.files[0]).toMatchObject({
      destPath: 'MyCompany/Shoes/red.tif',
      source: expect.stringContaining('red.tif'),
      assetHandle: 'a|red.tif',
    });
    expect(report.files[3]?.reason).toBe('bad.tif is no image');
    expect(report.files[4]?.warnings).toEqual(['odd.tif has no resolution']);
    expect(report.counts).toEqual({
      total: 5,
      succeeded: 2,
      updated: 1,
      duplicate: 1,
      failed: 1,
      unknown: 0,
      skipped: 0,
    });
    expect(report.ok).toBe(false);
    expect(report.jobs).toHaveLength(1);
    expect(report.jobs[0]?.verdict?.status).toBe('completedWithErrors');
  });

  it('goes in jobs of the size that is wanted, some at a time, the details as they are given', async () => {
    const service = await JobService.start();
    const list = many(2500);
    const report = await clientOf(service).uploadUrls(list, {
      ...FAST,
      jobSize: 400,
      concurrency: 3,
      name: 'Spring',
      description: 'shoes',
      job: { overwrite: false },
    });
    expect(service.jobs.map(({ files }) => files.length).sort((a, b) => b - a)).toEqual([
      400, 400, 400, 400, 400, 400, 100,
    ]);
    expect(service.jobs.flatMap(({ files }) => files.map(({ sourceUrl }) => sourceUrl)).sort()).toEqual(
      list.map(({ sourceUrl }) => sourceUrl).sort(),
    );
    expect(service.jobs[0]?.details).toMatchObject({
      overwrite: false,
      readyForPublish: true,
      emailSetting: 'None',
    });
    expect(new Set(service.jobs.map(({ name }) => name)).size).toBe(7);
    // Only one can have the very name, so that each is found by its own.
    const others = service.jobs.map(({ name }) => name).filter((name) => name !== 'Spring');
    expect(others).toHaveLength(6);
    expect(others.every((name) => name.startsWith('Spring '))).toBe(true);
    expect(report.counts.succeeded).toBe(2500);
    expect(report.ok).toBe(true);
  });

  it('has a job of the name that is given, or one whose name begins with it when that exists', async () => {
    const service = await JobService.start();
    const ips = clientOf(service);
    await ips.uploadUrls(many(1), { ...FAST, name: 'Spring' });
    await ips.uploadUrls(many(1), { ...FAST, name: 'Spring' });
    const [first, second] = service.jobs.map(({ name }) => name);
    expect(first).toBe('Spring');
    expect(second).toMatch(/^Spring 20/);
  });

  it('takes a list that is made while it is read', async () => {
    const service = await JobService.start();
    async function* list() {
      yield* many(3);
    }
    expect((await clientOf(service).uploadUrls(list(), FAST)).counts.succeeded).toBe(3);
    expect((await clientOf(service).uploadUrls([], FAST)).ok).toBe(true);
  });

  it('reports its progress', async () => {
    const service = await JobService.start();
    const events: UploadEvent[] = [];
    const progress: UploadProgress[] = [];
    await clientOf(service).uploadUrls(urls('a.tif', 'bad.tif', 'c.tif'), {
      ...FAST,
      jobSize: 2,
      concurrency: 1,
      onEvent: (event) => void events.push(event),
      onProgress: (now) => void progress.push(now),
    });
    expect(events.map(({ type }) => type)).toEqual(['job', 'file', 'file', 'done', 'job', 'file', 'done']);
    expect(progress.at(-1)).toEqual({
      files: { total: 3, sent: 0, done: 3, failed: 1 },
      jobs: { total: 2, submitted: 2, done: 2 },
      bytes: undefined,
    });
  });

  it('is refused as a whole when a destination or URL is not valid', async () => {
    const service = await JobService.start();
    const list = [
      ...urls('red.tif'),
      { sourceUrl: 'red.tif', destPath: 'MyCompany/x.tif' },
      ...urls('red.tif'),
      { sourceUrl: 'https://a.example/x', destPath: 'MyCompany/' },
    ];
    const error = await errorOf(clientOf(service).uploadUrls(list, FAST));
    expect(error).toBeInstanceOf(UploadInputError);
    expect((error as unknown as UploadInputError).problems.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(error.message).toBe('[1]: found "red.tif", expected an absolute URL; and 2 more');
    expect(service.jobs).toEqual([]);
    expect(await errorOf(clientOf(service).uploadUrls([], { jobSize: 1001 }))).toMatchObject({
      setting: 'jobSize',
    });
  });

  it('continues with the other jobs when the service refuses one', async () => {
    const service = await JobService.start();
    let submissions = 0;
    service.service.on('submitJob', (input) => {
      submissions += 1;
      return submissions === 1
        ? fault({ kind: 'api', code: 30001, reason: 'Invalid destPath' })
        : { jobHandle: service.submit(input).handle };
    });
    const report = await clientOf(service).uploadUrls(many(4), { ...FAST, jobSize: 2, concurrency: 1 });
    expect(report.counts).toMatchObject({ failed: 2, succeeded: 2 });
    expect(report.files[0]?.reason).toContain('Invalid destPath');
  });

  it('ends when the service refuses the caller', async () => {
    const service = await JobService.start();
    service.service.on('submitJob', () => fault({ kind: 'authorization', code: 20003, reason: 'no' }));
    expect(await errorOf(clientOf(service).uploadUrls(many(4), { ...FAST, jobSize: 1 }))).toMatchObject({
      code: 20003,
    });
  });

  it('looks for a job whose answer was lost, instead of submitting it twice', async () => {
    const service = await JobService.start();
    service.looks = 3;
    let lost = false;
    service.service.on('submitJob', (input) => {
      const { handle } = service.submit(input);
      if (lost) return { jobHandle: handle };
      lost = true;
      return hangUp;
    });
    const report = await clientOf(service).uploadUrls(many(3), { ...FAST, patience: 1000 });
    expect(report.counts.succeeded).toBe(3);
    expect(service.submissions).toHaveLength(1);
  });

  it('submits a job again that never arrived', async () => {
    const service = await JobService.start();
    let tries = 0;
    service.service.on('submitJob', (input) => {
      tries += 1;
      return tries === 1 ? raw('bad gateway', 502) : { jobHandle: service.submit(input).handle };
    });
    const report = await clientOf(service).uploadUrls(many(3), FAST);
    expect(report.ok).toBe(true);
    expect([tries, service.submissions.length]).toEqual([2, 1]);
  });

  it('ends with its signal, and its jobs are not lost', async () => {
    const service = await JobService.start();
    service.looks = 1_000_000;
    const journal = await journalFile();
    const stop = new AbortController();
    const reason = new Error('enough');
    const onEvent = ({ type }: UploadEvent): void => {
      if (type === 'job') stop.abort(reason);
    };
    const ips = clientOf(service);
    expect(await errorOf(ips.uploadUrls(many(2), { ...FAST, journal, signal: stop.signal, onEvent }))).toBe(
      reason,
    );
    for (const job of service.jobs) job.looks = 1;
    expect((await ips.uploadUrls(many(2), { ...FAST, journal })).ok).toBe(true);
    expect(service.submissions).toHaveLength(1);
  });

  it('ascribes nothing to a file that may be about another one', async () => {
    const service = await JobService.start();
    const list = (...places: string[]) =>
      places.map((place, i) => ({
        sourceUrl: `https://images.example.com/${i}`,
        destPath: `MyCompany/${place}`,
      }));
    const ips = clientOf(service);
    const outcomes = async (...places: string[]) => {
      const { files } = await ips.uploadUrls(list(...places), FAST);
      return files.map(({ status, reason }) => [status, reason]);
    };
    // Names that hold each other.
    expect(await outcomes('bad.tif', 'bad.tif.zip', 'x-bad.psd', 'd.tif')).toEqual([
      ['failed', 'bad.tif is no image'],
      ['failed', 'bad.tif.zip is no image'],
      ['failed', 'x-bad.psd is no image'],
      ['succeeded', undefined],
    ]);
    // One name in several folders, as folders of thumbnails have it: rows that agree settle all of them.
    expect(
      await outcomes('a/x.tif', 'b/x.tif', 'a/old.tif', 'b/old.tif', 'a/dup.tif', 'b/dup.tif', 'bad.tif'),
    ).toEqual([
      ['succeeded', undefined],
      ['succeeded', undefined],
      ['updated', undefined],
      ['updated', undefined],
      ['duplicate', undefined],
      ['duplicate', undefined],
      ['failed', 'bad.tif is no image'],
    ]);
    expect(await outcomes('a/bad.tif', 'b/bad.tif')).toEqual([
      ['failed', 'bad.tif is no image'],
      ['failed', 'bad.tif is no image'],
    ]);
    // Rows that do not agree settle none: the service says no more than that one of them failed.
    service.half = true;
    expect(await outcomes('a/x.tif', 'b/x.tif')).toEqual([
      ['unknown', '1 of 2 files with this name failed: x.tif is no image'],
      ['unknown', '1 of 2 files with this name failed: x.tif is no image'],
    ]);
  });

  it('says what it does not know', async () => {
    const service = await JobService.start();
    service.service.on('getActiveJobs', () => ({ jobArray: [] }));
    service.service.on('getJobLogDetails', () => fault({ kind: 'api', code: 30001, reason: 'unknown' }));
    const report = await clientOf(service).uploadUrls(many(1), FAST);
    expect(report.files[0]).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining('neither scheduled nor active'),
    });
  });
});

/** Makes a journal that of a run that was interrupted just before its end. */
async function interrupted(run: Promise<unknown>, journal: string): Promise<void> {
  await run;
  const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
  expect(JSON.parse(lines.pop() ?? '')).toMatchObject({ type: 'end' });
  await writeFile(journal, `${lines.join('\n')}\n`);
}

describe('a journal of an upload', () => {
  it('is retired when the run ended, failures or not: the next one sends everything', async () => {
    const service = await JobService.start();
    const journal = await journalFile();
    const ips = clientOf(service);
    const first = await ips.uploadUrls(urls('a.tif', 'bad.tif'), { ...FAST, journal });
    expect(first).toMatchObject({ ok: false, ended: true, counts: { failed: 1 } });
    const again = await ips.uploadUrls(urls('a.tif', 'bad.tif'), { ...FAST, journal, retryFailed: true });
    expect(again.counts).toMatchObject({ succeeded: 1, failed: 1, skipped: 0 });
    expect(service.jobs.map(({ files }) => files.length)).toEqual([2, 2]);
  });

  it('of an interrupted run is continued, and says what was sent before, never that it succeeded', async () => {
    const service = await JobService.start();
    const journal = await journalFile();
    const ips = clientOf(service);
    await interrupted(ips.uploadUrls(urls('a.tif', 'bad.tif'), { ...FAST, journal }), journal);
    const events: UploadEvent[] = [];
    const report = await ips.uploadUrls(urls('a.tif', 'bad.tif', 'new.tif'), {
      ...FAST,
      journal,
      onEvent: (event) => events.push(event),
    });
    expect(service.jobs.map(({ files }) => files.length)).toEqual([2, 1]);
    const [sent, failed, fresh] = report.files;
    expect(sent).toMatchObject({ status: 'skipped', reason: expect.stringMatching(/^already sent on 20/) });
    expect(sent?.sentOn).toMatch(/^20.*Z$/);
    expect([failed?.status, fresh?.status]).toEqual(['failed', 'succeeded']);
    expect(events[0]).toMatchObject({ type: 'resumed', sent: 1, missing: 0, since: expect.any(String) });
    expect(report.counts).toMatchObject({ total: 3, skipped: 1, failed: 1, succeeded: 1 });
  });

  it('of an interrupted run retries what failed, if it shall', async () => {
    const service = await JobService.start();
    const journal = await journalFile();
    const ips = clientOf(service);
    await interrupted(ips.uploadUrls(urls('a.tif', 'bad.tif'), { ...FAST, journal }), journal);
    await ips.uploadUrls(urls('a.tif', 'bad.tif'), { ...FAST, journal, retryFailed: true });
    expect(service.jobs.map(({ files }) => files.map(({ destPath }) => destPath))).toEqual([
      ['MyCompany/Shoes/a.tif', 'MyCompany/Shoes/bad.tif'],
      ['MyCompany/Shoes/bad.tif'],
    ]);
  });

  it('sends again what the service no longer has, if it shall look', async () => {
    const service = await JobService.start();
    const journal = await journalFile();
    const ips = clientOf(service);
    const folder = 'MyCompany/Shoes/';
    const sent = urls('kept.tif', 'deleted.tif', 'moved.tif', 'twin.tif');
    await interrupted(ips.uploadUrls(sent, { ...FAST, journal }), journal);
    service.service.on('getAssetsByName', ({ nameArray }) => {
      expect(nameArray).toEqual(['kept', 'deleted', 'moved', 'twin']);
      return {
        assetArray: [
          { assetHandle: 'a|1', name: 'kept', fileName: 'kept.tif', folder, trashState: 'NotInTrash' },
          { assetHandle: 'a|2', name: 'deleted', fileName: 'deleted.tif', folder, trashState: 'InTrash' },
          { assetHandle: 'a|3', name: 'moved', fileName: 'moved.tif', folder: 'MyCompany/Old/' },
          { assetHandle: 'a|4', name: 'twin', fileName: 'twin.tif', folder: 'MyCompany/Other/' },
        ],
      };
    });
    // The service gave it another name, since its own was taken.
    service.service.on('getAssets', () => ({
      assetArray: [{ assetHandle: 'a|5', name: 'twin-1', fileName: 'twin.tif', folder }],
    }));
    const events: UploadEvent[] = [];
    const report = await ips.uploadUrls(sent, {
      ...FAST,
      journal,
      verify: true,
      onEvent: (event) => events.push(event),
    });
    expect(events[0]).toMatchObject({ type: 'resumed', sent: 4, missing: 2 });
    expect(report.files.map(({ status }) => status)).toEqual([
      'skipped',
      'succeeded',
      'succeeded',
      'skipped',
    ]);
    expect(service.jobs[1]?.files.map(({ destPath }) => destPath)).toEqual([
      'MyCompany/Shoes/deleted.tif',
      'MyCompany/Shoes/moved.tif',
    ]);
  });

  it('can be read after an editor of Windows saved it', async () => {
    const service = await JobService.start();
    const journal = await journalFile();
    const ips = clientOf(service);
    await interrupted(ips.uploadUrls(urls('a.tif', 'b.tif'), { ...FAST, journal }), journal);
    const text = await readFile(journal, 'utf8');
    await writeFile(journal, `\uFEFF${text.replaceAll('\n', '\r\n')}`);
    const report = await ips.uploadUrls(urls('a.tif', 'b.tif', 'c.tif'), { ...FAST, journal });
    expect(report.counts).toMatchObject({ skipped: 2, succeeded: 1 });
    // It goes on with breaks of its own, and is read again.
    await interrupted(Promise.resolve(report), journal);
    const all = await ips.uploadUrls(urls('a.tif', 'b.tif', 'c.tif'), { ...FAST, journal });
    expect(all.counts).toMatchObject({ skipped: 3 });
    expect(service.jobs).toHaveLength(2);
  });

  it('is continued when a job took too long', async () => {
    const service = await JobService.start();
    service.looks = 1_000_000;
    const journal = await journalFile();
    const ips = clientOf(service);
    const wait = { ...FAST.wait, timeout: 20 };
    const first = await ips.uploadUrls(urls('a.tif'), { ...FAST, journal, wait });
    expect(first).toMatchObject({ ended: false, counts: { unknown: 1 } });
    for (const job of service.jobs) job.looks = 1;
    const second = await ips.uploadUrls(urls('a.tif'), { ...FAST, journal });
    expect(second).toMatchObject({ ended: true, counts: { succeeded: 1 } });
    expect(service.jobs).toHaveLength(1);
  });

  it('holds no secrets, and can be read by its owner only', async () => {
    const service = await JobService.start();
    const journal = await journalFile();
    await clientOf(service).uploadUrls(urls('a.tif'), { ...FAST, journal });
    const text = await readFile(journal, 'utf8');
    expect(text).not.toContain('s3cret');
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(['journal', 'job', 'submitted', 'done', 'end']);
  });

  it('drops a last line that was cut off, and continues', async () => {
    const service = await JobService.start();
    const journal = await journalFile();
    const ips = clientOf(service);
    await ips.uploadUrls(many(2), { ...FAST, journal });
    const text = await readFile(journal, 'utf8');
    // As if the process had ended while it wrote that the job has ended.
    await writeFile(journal, text.slice(0, -20));
    const report = await ips.uploadUrls(many(2), { ...FAST, journal });
    expect(report.ok).toBe(true);
    expect(service.submissions).toHaveLength(1);
  });

  it('continues from every point where a process can have ended', async () => {
    const service = await JobService.start();
    const journal = await journalFile();
    const ips = clientOf(service);
    await ips.uploadUrls(many(3), { ...FAST, journal, jobSize: 2, concurrency: 1 });
    const text = await readFile(journal, 'utf8');
    const lines = text.split('\n').length - 1;
    // The last line says that the run ended.
    for (let kept = 0; kept < lines; kept += 1) {
      const whole = text
        .split('\n')
        .slice(0, kept)
        .map((line) => `${line}\n`)
        .join('');
      const before = service.submissions.length;
      await writeFile(journal, `${whole}{"type":"jo`);
      const report = await ips.uploadUrls(many(3), { ...FAST, journal, jobSize: 2, concurrency: 1 });
      expect(report.ok).toBe(true);
      // Jobs that the journal knows are never submitted again.
      const known = whole.split('\n').filter((line) => line.startsWith('{"type":"job"')).length;
      expect(service.submissions.length - before).toBe(2 - known);
    }
  });

  it('is refused when a byte of it changed, when it is of something else, and when it is not a journal', async () => {
    const service = await JobService.start();
    const journal = await journalFile();
    const ips = clientOf(service);
    await ips.uploadUrls(many(2), { ...FAST, journal });
    const text = await readFile(journal, 'utf8');
    await writeFile(journal, text.replace('"succeeded"', '"forgotten"'));
    expect(await errorOf(ips.uploadUrls(many(2), { ...FAST, journal }))).toMatchObject({
      name: 'JournalError',
      line: 4,
    });
    await writeFile(journal, text.split('\n').slice(1).join('\n'));
    expect(await errorOf(ips.uploadUrls(many(2), { ...FAST, journal }))).toMatchObject({ line: 1 });
    await writeFile(journal, 'milk\neggs\n');
    expect(await errorOf(ips.uploadUrls(many(2), { ...FAST, journal }))).toMatchObject({ line: 1 });
    await writeFile(journal, 'milk');
    expect(await errorOf(ips.uploadUrls(many(2), { ...FAST, journal }))).toBeInstanceOf(JournalError);
    expect(await readFile(journal, 'utf8')).toBe('milk');
    await writeFile(journal, text);
    const elsewhere = await JobService.start();
    const error = await errorOf(clientOf(elsewhere).uploadUrls(many(2), { ...FAST, journal }));
    expect(error.message).toContain(`expected endpoint "${elsewhere.endpoint}"`);
    expect(elsewhere.jobs).toEqual([]);
  });

  it('is not used twice at once', async () => {
    const service = await JobService.start();
    service.looks = 1_000_000;
    const journal = await journalFile();
    const ips = clientOf(service);
    const stop = new AbortController();
    const running = errorOf(ips.uploadUrls(many(1), { ...FAST, journal, signal: stop.signal }));
    // Either of two that begin together may be the first to have it.
    await expect.poll(() => service.jobs.length).toBe(1);
    const second = await errorOf(ips.uploadUrls(many(1), { ...FAST, journal }));
    expect(second).toMatchObject({ name: 'JournalError', message: expect.stringContaining('is using it') });
    stop.abort(new Error('enough'));
    await running;
    // The lock of another process that runs, and of one that does not.
    await writeFile(`${journal}.lock`, String(process.ppid));
    expect((await errorOf(ips.uploadUrls(many(1), { ...FAST, journal }))).message).toContain(
      String(process.ppid),
    );
    await writeFile(`${journal}.lock`, '999999999');
    service.looks = 1;
    for (const job of service.jobs) job.looks = 1;
    expect((await ips.uploadUrls(many(1), { ...FAST, journal })).ok).toBe(true);
  });
});

describe('a process that is killed', () => {
  const program = fileURLToPath(new URL('support/upload-process.ts', import.meta.url));

  /** Runs an upload in its own process, which is killed when a condition holds. */
  async function uploadAndKill(endpoint: string, journal: string, when: Promise<void>): Promise<void> {
    const child = spawn(process.execPath, [program, endpoint, journal, 'urls', '9'], { stdio: 'inherit' });
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    await Promise.race([when, closed]);
    child.kill('SIGKILL');
    await closed;
  }

  it.each(['before the answer', 'after the answer'])(
    '%s to a submission has submitted nothing twice when its upload goes on',
    async (moment) => {
      const service = await JobService.start();
      service.looks = 1_000_000;
      const journal = await journalFile();
      let kill: () => void = () => undefined;
      const reached = new Promise<void>((resolve) => {
        kill = resolve;
      });
      service.service.on('submitJob', (input) => {
        const { handle } = service.submit(input);
        if (service.submissions.length < 2) return { jobHandle: handle };
        if (moment === 'before the answer') {
          kill();
          return new Reply(() => undefined);
        }
        setTimeout(kill, 100);
        return { jobHandle: handle };
      });
      await uploadAndKill(service.endpoint, journal, reached);
      const submitted = service.submissions.length;
      expect(submitted).toBeGreaterThanOrEqual(2);
      for (const job of service.jobs) job.looks = 1;
      service.looks = 1;
      service.service.on('submitJob', (input) => ({ jobHandle: service.submit(input).handle }));
      const report = await clientOf(service).uploadUrls(many(9), {
        ...FAST,
        patience: 2000,
        journal,
        jobSize: 3,
      });
      expect(report.ok).toBe(true);
      expect(service.submissions).toHaveLength(3);
      const places = service.jobs.flatMap(({ files }) => files.map(({ destPath }) => destPath));
      expect(places.sort()).toEqual(
        many(9)
          .map(({ destPath }) => destPath)
          .sort(),
      );
    },
  );

  it('again and again, wherever it is, submits each file once', async () => {
    const service = await JobService.start();
    service.looks = 4;
    const journal = await journalFile();
    // Each process lives for one request more than the one before.
    for (let lives = 1; lives <= 12; lives += 1) {
      const seen = service.service.requests.length;
      let over = false;
      const enough = async (): Promise<void> => {
        while (!over && service.service.requests.length < seen + lives)
          await new Promise((resolve) => setTimeout(resolve, 2));
      };
      await uploadAndKill(service.endpoint, journal, enough());
      over = true;
    }
    const report = await clientOf(service).uploadUrls(many(9), {
      ...FAST,
      patience: 2000,
      journal,
      jobSize: 3,
    });
    const { succeeded, skipped } = report.counts;
    expect([report.ok, succeeded + skipped]).toEqual([true, 9]);
    expect(service.submissions).toHaveLength(3);
    const places = service.jobs.flatMap(({ files }) => files.map(({ destPath }) => destPath));
    expect(places.sort()).toEqual(
      many(9)
        .map(({ destPath }) => destPath)
        .sort(),
    );
  });
});
