import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type ExportOptions, type SavedFile } from '@ips-sdk/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fault, hangUp } from '../../../scripts/testing/fake-service.js';
import { clientOf, errorOf } from './support/clients.js';
import { JobService } from './support/job-service.js';

const WAIT = { minDelay: 1, maxDelay: 5, lostAfter: 50 };

/** A service whose assets have sizes; handles without one have no file. */
async function serviceWith(sizes: Readonly<Record<string, number>> = {}): Promise<JobService> {
  const service = await JobService.start();
  service.service.on('getAssets', ({ assetHandleArray }) => ({
    assetArray: assetHandleArray.flatMap((assetHandle) => {
      const fileSize = sizes[assetHandle];
      if (fileSize === undefined) return [];
      return [
        assetHandle.includes('video')
          ? { assetHandle, videoInfo: { fileSize } }
          : { assetHandle, imageInfo: { fileSize } },
      ];
    }),
  }));
  return service;
}

function handlesOf(service: JobService): unknown[] {
  return service.jobs.map(({ details }) => details['assetHandleArray']);
}

async function journalFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ips-client-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'export.jsonl');
}

describe('an export', () => {
  it('runs in jobs of a size that the service can handle, and returns links to the files', async () => {
    const service = await serviceWith();
    const handles = Array.from({ length: 5 }, (_, i) => `a|${i}`);
    const exported = await clientOf(service).exportAssets(handles, {
      chunkSize: 2,
      name: 'Export',
      wait: WAIT,
      fmt: 'convert',
      macro: 'png',
    });
    expect(exported.map(({ assetHandles }) => assetHandles)).toEqual([
      ['a|0', 'a|1'],
      ['a|2', 'a|3'],
      ['a|4'],
    ]);
    expect(exported.every(({ verdict }) => verdict.ok)).toBe(true);
    expect(exported[0]?.links).toEqual(['https://cdn.example.com/8.zip']);
    expect(service.jobs.map(({ name }) => name)).toEqual(['Export 1', 'Export 2', 'Export 3']);
    expect(service.jobs[0]?.details).toMatchObject({
      fmt: 'convert',
      macro: 'png',
      assetHandleArray: ['a|0', 'a|1'],
    });
  });

  it('keeps to both limits of the service: 500 assets and 1 GB in a job', async () => {
    const gigabyte = 1_000_000_000;
    const service = await serviceWith({ 'a|1': gigabyte, 'a|2': 1, 'a|video': gigabyte - 1, 'a|4': 1 });
    await clientOf(service).exportAssets(['a|1', 'a|2', 'a|video', 'a|4'], { wait: WAIT });
    expect(handlesOf(service)).toEqual([['a|1'], ['a|2', 'a|video'], ['a|4']]);
    const many = await serviceWith();
    await clientOf(many).exportAssets(
      Array.from({ length: 501 }, (_, i) => `a|${i}`),
      { wait: WAIT },
    );
    expect(handlesOf(many)).toMatchObject([{ length: 500 }, ['a|500']]);
    // Sizes are looked up by as many at once.
    const looked = many.service.requests.filter(({ operation }) => operation === 'getAssets');
    expect(looked.map(({ input }) => (input['assetHandleArray'] as string[]).length)).toEqual([500, 1]);
  });

  it('is planned in the same jobs, and none is submitted', async () => {
    const service = await serviceWith({ 'a|1': 40, 'a|2': 60, 'a|3': 1, 'a|4': 101 });
    const ips = clientOf(service);
    const handles = ['a|1', 'a|2', 'a|3', 'a|1'];
    const planned = await ips.planExport(handles, { name: 'Cut', maxBytes: 100 });
    expect(planned).toEqual([
      { name: 'Cut 1', assetHandles: ['a|1', 'a|2'] },
      { name: 'Cut 2', assetHandles: ['a|3'] },
    ]);
    expect(await ips.planExport(handles, { name: 'Cut' })).toEqual([
      { name: 'Cut', assetHandles: ['a|1', 'a|2', 'a|3'] },
    ]);
    expect(await errorOf(ips.planExport(['a|4'], { maxBytes: 100 }))).toMatchObject({
      name: 'ExportSizeError',
      assets: [{ assetHandle: 'a|4', bytes: 101 }],
    });
    expect(await ips.planExport(['a|4'], { maxBytes: 100, fmt: 'convert' })).toHaveLength(1);
    expect((await errorOf(ips.planExport(handles, { chunkSize: 0 }))).message).toContain(
      'chunkSize: expected',
    );
    expect(service.jobs).toEqual([]);
    await ips.exportAssets(handles, { name: 'Cut', maxBytes: 100, wait: WAIT });
    expect(service.jobs.map(({ name }) => name)).toEqual(planned.map(({ name }) => name));
    expect(handlesOf(service)).toEqual(planned.map(({ assetHandles }) => assetHandles));
  });

  it('keeps to lower limits', async () => {
    const service = await serviceWith({ 'a|1': 40, 'a|2': 60, 'a|3': 1 });
    await clientOf(service).exportAssets(['a|1', 'a|2', 'a|3'], { maxBytes: 100, wait: WAIT });
    expect(handlesOf(service)).toEqual([['a|1', 'a|2'], ['a|3']]);
  });

  it.each<[ExportOptions, string]>([
    [{ chunkSize: 501 }, 'chunkSize: expected a whole number from 1 to 500, found 501'],
    [{ chunkSize: 0 }, 'chunkSize: expected a whole number from 1 to 500, found 0'],
    [{ maxBytes: 1_000_000_001 }, 'maxBytes: expected a whole number from 1 to 1000000000, found 1000000001'],
    [{ maxBytes: 0.5 }, 'maxBytes: expected a whole number from 1 to 1000000000, found 0.5'],
  ])('refuses limits that the service does not have: %j', async (options, message) => {
    const service = await serviceWith();
    const error = await errorOf(clientOf(service).exportAssets(['a|1'], options));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toContain(message);
    expect(service.jobs).toEqual([]);
  });

  it('refuses an original that is larger than a job may be, but not what becomes smaller', async () => {
    const service = await serviceWith({ 'a|1': 5, 'a|2': 11, 'a|3': 5 });
    const ips = clientOf(service);
    const handles = ['a|1', 'a|2', 'a|3'];
    expect(await errorOf(ips.exportAssets(handles, { maxBytes: 10, wait: WAIT }))).toMatchObject({
      name: 'ExportSizeError',
      assets: [{ assetHandle: 'a|2', bytes: 11 }],
      maxBytes: 10,
    });
    expect(service.jobs).toEqual([]);
    await ips.exportAssets(handles, { maxBytes: 10, fmt: 'convert', wait: WAIT });
    expect(handlesOf(service)).toEqual([['a|1'], ['a|2'], ['a|3']]);
  });

  it.each(['named', 'told'])('finds the link that is %s', async (name) => {
    const service = await serviceWith();
    const [exported] = await clientOf(service).exportAssets(['a|1'], { name, wait: WAIT });
    expect(exported?.links).toEqual([`https://cdn.example.com/${name.length}.zip`]);
  });

  it('that fails partway reports what was done', async () => {
    const service = await serviceWith();
    let jobs = 0;
    service.service.on('submitJob', (input) => {
      jobs += 1;
      return jobs === 2
        ? fault({ kind: 'api', code: 30000, reason: 'oops' })
        : { jobHandle: service.submit(input).handle };
    });
    const error = await errorOf(clientOf(service).exportAssets(['a|1', 'a|2'], { chunkSize: 1, wait: WAIT }));
    expect(error).toMatchObject({
      name: 'InterruptedError',
      done: [{ assetHandles: ['a|1'], verdict: { ok: true } }],
      cause: { code: 30000 },
    });
  });
});

describe('a journal of an export', () => {
  const saved = (link: string): SavedFile => ({ link, path: 'x.zip', bytes: 1, sha256: 'ab' });

  it('continues after an error, exports nothing twice, and knows what was saved', async () => {
    const service = await serviceWith();
    const journal = await journalFile();
    const handles = ['a|1', 'a|2', 'a|3'];
    const options = { journal, chunkSize: 1, name: 'Trade fair', wait: WAIT };
    let seen = 0;
    const error = await errorOf(
      clientOf(service).exportAssets(handles, {
        ...options,
        onExported: async ({ links }) => {
          seen += 1;
          if (seen === 2) throw new Error('the disk is full');
          return links.map(saved);
        },
      }),
    );
    expect(error).toMatchObject({ name: 'InterruptedError', done: [{ assetHandles: ['a|1'] }] });
    const found: unknown[] = [];
    const exported = await clientOf(service).exportAssets(handles, {
      ...options,
      onExported: ({ assetHandles, resumed, saved: files }) =>
        void found.push([...assetHandles, resumed, files.length]),
    });
    expect(found).toEqual([
      ['a|1', true, 1],
      ['a|2', true, 0],
      ['a|3', false, 0],
    ]);
    expect(exported.map(({ verdict }) => verdict.ok)).toEqual([true, true, true]);
    expect(service.jobs.map(({ name }) => name)).toEqual(['Trade fair 1', 'Trade fair 2', 'Trade fair 3']);
    // A run that ended is not continued.
    await clientOf(service).exportAssets(handles, options);
    expect(service.jobs).toHaveLength(6);
  });

  it('continues from every point where a process can have ended, also with names that were used before', async () => {
    const service = await serviceWith();
    const journal = await journalFile();
    const options = { chunkSize: 1, name: 'Again', wait: WAIT };
    await clientOf(service).exportAssets(['a|1', 'a|2'], { ...options, journal });
    const lines = (await readFile(journal, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
      'journal',
      'job',
      'submitted',
      'job',
      'submitted',
      'end',
    ]);
    for (let kept = 0; kept < lines.length; kept += 1) {
      await writeFile(
        journal,
        lines
          .slice(0, kept)
          .map((line) => `${line}\n`)
          .join(''),
      );
      const before = service.jobs.length;
      const exported = await clientOf(service).exportAssets(['a|1', 'a|2'], { ...options, journal });
      expect(exported.map(({ assetHandles }) => assetHandles)).toEqual([['a|1'], ['a|2']]);
      const known = lines.slice(0, kept).filter((line) => line.startsWith('{"type":"job"')).length;
      expect(service.jobs.length - before).toBe(2 - known);
    }
  });

  it('looks for a job whose answer was lost, instead of submitting it twice', async () => {
    const service = await serviceWith();
    let lost = false;
    service.service.on('submitJob', (input) => {
      const { handle } = service.submit(input);
      if (lost) return { jobHandle: handle };
      lost = true;
      return hangUp;
    });
    const [exported] = await clientOf(service).exportAssets(['a|1'], { wait: WAIT });
    expect(exported?.verdict.ok).toBe(true);
    expect(service.jobs).toHaveLength(1);
  });

  it('exports again what the service has forgotten', async () => {
    const service = await serviceWith();
    const journal = await journalFile();
    const options = { journal, name: 'Old', wait: WAIT };
    await errorOf(
      clientOf(service).exportAssets(['a|1'], {
        ...options,
        onExported: async () => {
          throw new Error('stop');
        },
      }),
    );
    service.jobs.length = 0;
    const [exported] = await clientOf(service).exportAssets(['a|1'], options);
    expect(exported).toMatchObject({ resumed: false, verdict: { ok: true } });
    expect(service.jobs).toHaveLength(1);
  });

  it('does not look for a job that the service refused', async () => {
    const service = await serviceWith();
    const journal = await journalFile();
    service.service.on('submitJob', () => fault({ kind: 'api', code: 30001, reason: 'no' }));
    const options = { journal, name: 'Refused', wait: WAIT };
    expect(await errorOf(clientOf(service).exportAssets(['a|1'], options))).toMatchObject({ code: 30001 });
    service.service.on('submitJob', (input) => ({ jobHandle: service.submit(input).handle }));
    const [exported] = await clientOf(service).exportAssets(['a|1'], options);
    expect(exported).toMatchObject({ resumed: false, assetHandles: ['a|1'] });
  });
});
