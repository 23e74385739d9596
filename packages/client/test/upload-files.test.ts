import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  type UploadEvent,
  type UploadFilesOptions,
  UploadInputError,
  type UploadProgress,
} from '@ips-sdk/client';
import { codec } from '@ips-sdk/wire';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readAll } from '../../../scripts/testing/fake-service.js';
import { clientOf, errorOf, PASSWORD } from './support/clients.js';
import { JobService } from './support/job-service.js';

const FAST = {
  wait: { minDelay: 1, maxDelay: 5, lostAfter: 50 },
  patience: 30,
  destFolder: 'MyCompany/Shoes/',
};

/** A folder with files, whose contents are given. */
async function folderOf(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ips-client-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content);
  }
  return folder;
}

function paramOf(form: JobService['forms'][number] | undefined): Record<string, unknown> {
  const part = form?.parts.find(({ name }) => name === 'uploadParams');
  return codec.decodeMessage('UploadPostParam', part?.body.toString() ?? '') as Record<string, unknown>;
}

/** The files that the service has, with their contents. */
function received(service: JobService): Record<string, string> {
  const files = service.jobs.flatMap((job) => job.files);
  return Object.fromEntries(files.map(({ destPath, bytes }) => [destPath, bytes?.toString() ?? '']));
}

describe('an upload of files', () => {
  it('opens a job, sends files with its handle, ends it, and reports what became of every file', async () => {
    const service = await JobService.start();
    const folder = await folderOf({ 'red.tif': 'R', 'old.tif': 'O', 'dup.tif': 'D', 'bad.tif': 'B' });
    const report = await clientOf(service).uploadFiles(folder, {
      ...FAST,
      description: 'shoes',
      job: { overwrite: false },
    });
    expect(Object.fromEntries(report.files.map(({ destPath, status }) => [destPath, status]))).toEqual({
      'MyCompany/Shoes/red.tif': 'succeeded',
      'MyCompany/Shoes/old.tif': 'updated',
      'MyCompany/Shoes/dup.tif': 'duplicate',
      'MyCompany/Shoes/bad.tif': 'failed',
    });
    expect(report.files.find(({ status }) => status === 'failed')).toMatchObject({
      reason: 'bad.tif is no image',
      source: join(folder, 'bad.tif'),
    });
    const [open, files, end] = service.forms;
    expect(service.forms).toHaveLength(3);
    expect(open?.parts.map(({ name }) => name)).toEqual(['auth', 'uploadParams']);
    expect(paramOf(open)).toMatchObject({
      companyHandle: 'c|6',
      jobName: report.jobs[0]?.name,
      description: 'shoes',
      uploadParams: { overwrite: false, readyForPublish: true },
    });
    expect(paramOf(files)).toEqual({
      companyHandle: 'c|6',
      jobHandle: report.jobs[0]?.handle,
      destFolder: 'MyCompany/Shoes/',
      endJob: false,
    });
    expect(files?.parts.map(({ name }) => name)).toEqual([
      'auth',
      'uploadParams',
      'file1',
      'file2',
      'file3',
      'file4',
    ]);
    expect(paramOf(end)).toEqual({ companyHandle: 'c|6', jobHandle: report.jobs[0]?.handle, endJob: true });
    expect(received(service)).toEqual({
      'MyCompany/Shoes/red.tif': 'R',
      'MyCompany/Shoes/old.tif': 'O',
      'MyCompany/Shoes/dup.tif': 'D',
      'MyCompany/Shoes/bad.tif': 'B',
    });
  });

  it('walks folders, keeps their structure, and does not follow links in circles', async () => {
    const service = await JobService.start();
    const folder = await folderOf({
      'a.tif': '1',
      'sub/b.tif': '2',
      'sub/deep/c.tif': '3',
      'sub/.DS_Store': 'x',
    });
    // A junction is a link to a folder that every user of Windows may make.
    await symlink(folder, join(folder, 'sub/loop'), 'junction');
    const filter = (path: string): boolean => !path.endsWith('.DS_Store');
    await clientOf(service).uploadFiles([{ path: folder, destPath: 'spring' }], { ...FAST, filter });
    expect(received(service)).toEqual({
      'MyCompany/Shoes/spring/a.tif': '1',
      'MyCompany/Shoes/spring/sub/b.tif': '2',
      'MyCompany/Shoes/spring/sub/deep/c.tif': '3',
    });
  });

  it('lists links that lead nowhere and sockets among what it skips, and sends the rest', async () => {
    const service = await JobService.start();
    const folder = await folderOf({ 'a.tif': '1', 'sub/b.tif': '2' });
    await symlink(join(folder, 'gone.tif'), join(folder, 'sub/lost.tif'));
    await symlink('round.tif', join(folder, 'round.tif'));
    const socket = createServer().listen(join(folder, 'door'));
    await once(socket, 'listening');
    onTestFinished(() => void socket.close());
    const report = await clientOf(service).uploadFiles(folder, FAST);
    expect(Object.keys(received(service)).sort()).toEqual([
      'MyCompany/Shoes/a.tif',
      'MyCompany/Shoes/sub/b.tif',
    ]);
    expect(report.leftOut).toEqual([
      { path: join(folder, 'door'), rule: 'special' },
      { path: join(folder, 'round.tif'), rule: 'link' },
      { path: join(folder, 'sub/lost.tif'), rule: 'link' },
    ]);
    const { leftOut } = await clientOf(service).findFiles(folder, { exclude: '*.tif' });
    expect(leftOut.map(({ rule }) => rule)).toEqual(['exclude', 'special', 'exclude', 'exclude', 'exclude']);
  });

  it('puts credentials into the form, those of HTTP Basic too: the servlet reads no others', async () => {
    const service = await JobService.start();
    const ips = clientOf(service, { auth: { basic: { user: 'ann@example.com', password: PASSWORD } } });
    expect((await ips.uploadFiles([{ content: Buffer.from('x'), destPath: 'a.tif' }], FAST)).ok).toBe(true);
    const auth = service.forms[0]?.parts[0]?.body.toString() ?? '';
    expect(codec.decodeMessage('AuthHeader', auth)).toMatchObject({
      user: 'ann@example.com',
      password: PASSWORD,
    });
  });

  it('goes to the root folder of the company by default', async () => {
    const service = await JobService.start();
    const folder = await folderOf({ 'a.tif': '1' });
    await clientOf(service, { company: 'My Company', companyHandle: undefined }).uploadFiles(
      join(folder, 'a.tif'),
      { ...FAST, destFolder: undefined },
    );
    expect(received(service)).toEqual({ 'MyCompany/a.tif': '1' });
  });

  it('announces its length where it is known', async () => {
    const service = await JobService.start();
    const folder = await folderOf({ 'a.tif': Buffer.alloc(300_000, 1) });
    await clientOf(service).uploadFiles([join(folder, 'a.tif')], FAST);
    async function* stream() {
      yield Buffer.from('piece by ');
      yield Buffer.from('piece');
    }
    await clientOf(service).uploadFiles([{ content: stream(), destPath: 's.tif' }], FAST);
    expect(service.forms.map(({ length }) => length !== undefined)).toEqual([
      true,
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(received(service)['MyCompany/Shoes/s.tif']).toBe('piece by piece');
  });

  it('takes bytes, streams and functions that make streams', async () => {
    const service = await JobService.start();
    const folder = await folderOf({ 'x.bin': 'from disk' });
    const path = join(folder, 'x.bin');
    await clientOf(service).uploadFiles(
      [
        { content: Buffer.from('bytes'), destPath: 'a.tif' },
        { content: createReadStream(path), destPath: 'b.tif', size: 9 },
        { content: () => createReadStream(path), destPath: 'sub/c.tif' },
      ],
      FAST,
    );
    expect(received(service)).toEqual({
      'MyCompany/Shoes/a.tif': 'bytes',
      'MyCompany/Shoes/b.tif': 'from disk',
      'MyCompany/Shoes/sub/c.tif': 'from disk',
    });
  });

  it('carries every name unchanged, and no name into a header that could end it', async () => {
    const service = await JobService.start();
    const names = [
      'größe 42.tif',
      'a"b.tif',
      'new\r\nline: x.tif',
      '靴.tif',
      '👟.tif',
      'semi;colon.tif',
      '100%.tif',
      'back\\slash.tif',
      "it's (1) & <2>.tif",
    ];
    await clientOf(service).uploadFiles(
      names.map((name) => ({ content: Buffer.from(name), destPath: name })),
      FAST,
    );
    const expected = Object.fromEntries(names.map((name) => [`MyCompany/Shoes/${name}`, name]));
    expect(received(service)).toEqual(expected);
    const heads = service.forms.flatMap(({ parts }) => parts.map(({ head }) => head));
    for (const head of heads) expect(head.split('\r\n').length).toBeLessThanOrEqual(3);
    // What is said to be US-ASCII is.
    const xml = service.forms.flatMap(({ parts }) => parts.filter(({ fileName }) => fileName === undefined));
    for (const { body } of xml) expect(body.every((byte) => byte < 0x80)).toBe(true);
  });

  it('puts small files together, some requests at a time, into jobs of the size that is wanted', async () => {
    const service = await JobService.start();
    const files = Array.from({ length: 25 }, (_, i) => ({
      content: Buffer.from(`${i}`),
      destPath: `f${i}.tif`,
    }));
    const report = await clientOf(service).uploadFiles(files, {
      ...FAST,
      jobSize: 20,
      filesPerRequest: 8,
      concurrency: 3,
    });
    expect(report.counts.succeeded).toBe(25);
    expect(service.jobs.map((job) => job.files.length)).toEqual([20, 5]);
    const perRequest = service.forms.map(({ parts }) => parts.length - 2);
    expect(perRequest.sort((a, b) => b - a)).toEqual([8, 8, 5, 4, 0, 0, 0, 0]);
  });

  it('reports its progress by bytes and files', async () => {
    const service = await JobService.start();
    const folder = await folderOf({ 'a.tif': Buffer.alloc(700_000, 1), 'b.tif': Buffer.alloc(10) });
    const progress: UploadProgress[] = [];
    const events: UploadEvent[] = [];
    await clientOf(service).uploadFiles(folder, {
      ...FAST,
      onProgress: (now) => void progress.push(now),
      onEvent: (event) => void events.push(event),
    });
    const sent = progress.map(({ bytes }) => bytes?.sent ?? 0);
    expect(sent).toEqual([...sent].sort((a, b) => a - b));
    expect(new Set(sent).size).toBeGreaterThan(3);
    expect(progress.at(-1)).toEqual({
      files: { total: 2, sent: 2, done: 2, failed: 0 },
      jobs: { total: 1, submitted: 1, done: 1 },
      bytes: { sent: 700_010, total: 700_010 },
    });
    expect(events.map(({ type }) => type)).toEqual(['job', 'sent', 'sent', 'file', 'file', 'done']);
  });

  it('is refused as a whole when a path does not exist or two files have the same destination', async () => {
    const service = await JobService.start();
    const folder = await folderOf({ 'a.tif': '1' });
    const path = join(folder, 'a.tif');
    const error = await errorOf(
      clientOf(service).uploadFiles(
        [
          path,
          join(folder, 'none.tif'),
          { content: Buffer.from('x'), destPath: 'a.tif' },
          { path, destPath: '../up.tif' },
        ],
        FAST,
      ),
    );
    expect(error).toBeInstanceOf(UploadInputError);
    expect((error as unknown as UploadInputError).problems.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(error.message).toContain('ENOENT');
    expect(service.forms).toEqual([]);
  });
});

describe('the rules for files', () => {
  const FILES = {
    'red.tif': '1',
    'blue.PSD': '2',
    '.hidden.tif': '3',
    '.DS_Store': '4',
    '._red.tif': '5',
    'THUMBS.DB': '6',
    'Desktop.ini': '7',
    '.git/config': '8',
    'raw/green.tif': '9',
    'raw/deep/Thumbs.db': '10',
    '__MACOSX/red.tif': '11',
  };

  /** What is sent of the files, and by which rule the rest is left out. */
  async function chosen(rules: Omit<UploadFilesOptions, 'destFolder'>): Promise<[string[], string[]]> {
    const service = await JobService.start();
    const folder = await folderOf(FILES);
    const report = await clientOf(service).uploadFiles(folder, { ...FAST, ...rules });
    const leftOut = report.leftOut.map(({ path, rule }) => `${relative(folder, path)} ${rule}`);
    const prefix = 'MyCompany/Shoes/'.length;
    return [
      Object.keys(received(service))
        .map((path) => path.slice(prefix))
        .sort(),
      leftOut.sort(),
    ];
  }

  it('leave out what operating systems leave behind, and hidden files, and say so', async () => {
    expect(await chosen({})).toEqual([
      ['blue.PSD', 'raw/green.tif', 'red.tif'],
      [
        '.DS_Store system',
        '._red.tif system',
        '.git hidden',
        '.hidden.tif hidden',
        'Desktop.ini system',
        'THUMBS.DB system',
        '__MACOSX system',
        'raw/deep/Thumbs.db system',
      ],
    ]);
  });

  it('let everything through with hidden', async () => {
    const [sent, leftOut] = await chosen({ hidden: true });
    expect([sent, leftOut]).toEqual([Object.keys(FILES).sort(), []]);
  });

  it.each<[string, UploadFilesOptions, string[]]>([
    ['names', { include: '*.tif' }, ['raw/green.tif', 'red.tif']],
    ['choices', { include: ['*.{psd,PSD}'] }, ['blue.PSD']],
    ['paths below the folder', { include: 'raw/*.tif' }, ['raw/green.tif']],
    ['paths from the top', { include: '/*.tif' }, ['red.tif']],
    ['whole folders', { include: 'raw' }, ['raw/green.tif']],
    ['any depth', { include: '**/*.tif' }, ['raw/green.tif', 'red.tif']],
    ['excluded folders', { exclude: 'raw/' }, ['blue.PSD', 'red.tif']],
    ['exclusion that wins', { include: '*.tif', exclude: ['r*'] }, []],
    ['negation', { exclude: '!*.tif' }, ['raw/green.tif', 'red.tif']],
    ['a slash that only folders match', { exclude: 'red.tif/' }, ['blue.PSD', 'raw/green.tif', 'red.tif']],
  ])('take patterns: %s', async (_, rules, expected) => {
    expect((await chosen(rules))[0]).toEqual(expected);
  });

  it('hold for files that are given, except hidden ones', async () => {
    const service = await JobService.start();
    const folder = await folderOf(FILES);
    const given = ['.hidden.tif', 'Desktop.ini', 'red.tif', 'blue.PSD'].map((name) => join(folder, name));
    const report = await clientOf(service).uploadFiles(given, { ...FAST, exclude: '*.PSD' });
    expect(Object.keys(received(service))).toEqual([
      'MyCompany/Shoes/.hidden.tif',
      'MyCompany/Shoes/red.tif',
    ]);
    expect(report.leftOut.map(({ rule }) => rule)).toEqual(['system', 'exclude']);
  });

  it('refuse patterns that match nothing', async () => {
    const service = await JobService.start();
    for (const exclude of ['', './', ['*.tif', '']])
      expect(await errorOf(clientOf(service).uploadFiles('.', { ...FAST, exclude }))).toBeInstanceOf(
        TypeError,
      );
    expect(service.forms).toEqual([]);
  });

  it('tell beforehand what would be sent', async () => {
    const service = await JobService.start();
    const folder = await folderOf(FILES);
    const { files, leftOut } = await clientOf(service).findFiles(folder, { exclude: 'raw' });
    expect(files.map(({ destPath }) => destPath)).toEqual(['MyCompany/blue.PSD', 'MyCompany/red.tif']);
    expect(leftOut.at(-1)).toEqual({ path: join(folder, 'raw/'), rule: 'exclude' });
    expect(service.forms).toEqual([]);
  });

  it.each([
    ['MyCompany/MyCompany/', { 'a.tif': '1' }, 'MyCompany/MyCompany/', 'MyCompany/'],
    ['MyCompany/', { 'mycompany/Shoes/a.tif': '1' }, 'MyCompany/mycompany/', 'MyCompany/'],
    [
      'MyCompany/Shoes/',
      { 'MyCompany/Shoes/a.tif': '1' },
      'MyCompany/Shoes/MyCompany/Shoes/',
      'MyCompany/Shoes/',
    ],
  ])('warn of %s, which names a folder twice', async (destFolder, tree, found, meant) => {
    const service = await JobService.start();
    const folder = await folderOf(tree);
    const report = await clientOf(service).uploadFiles(folder, { ...FAST, destFolder });
    expect(report.warnings).toEqual([`destination ${found}: repeats a folder; did you mean ${meant}?`]);
  });
});

describe('an upload of files that goes wrong', () => {
  it('throws bare faults as faults, also with status 200', async () => {
    const service = await JobService.start();
    const ips = clientOf(service, { auth: { user: 'bob@example.com', password: 'x' } });
    const error = await errorOf(ips.uploadFiles([{ content: Buffer.from('x'), destPath: 'a.tif' }], FAST));
    expect(error).toMatchObject({
      name: 'IpsFault',
      kind: 'authentication',
      code: 10001,
      operation: 'uploadPost',
      httpStatus: 200,
    });
  });

  it('reports which file the service refused, and sends the others', async () => {
    const service = await JobService.start();
    const files = ['a.tif', 'refused.tif', 'c.tif'].map((destPath) => ({
      content: Buffer.from('x'),
      destPath,
    }));
    const report = await clientOf(service).uploadFiles(files, FAST);
    expect(report.files.map(({ status }) => status)).toEqual(['succeeded', 'failed', 'succeeded']);
    expect(report.files[1]?.reason).toContain('file too large');
  });

  it('reports which file cannot be read or has changed, and sends the others', async () => {
    const service = await JobService.start();
    const folder = await folderOf({ 'a.tif': '1', 'grows.tif': '22', 'z.tif': '3' });
    async function* broken() {
      yield Buffer.from('x');
      throw new Error('the disk is gone');
    }
    const onEvent = ({ type }: UploadEvent): void => {
      if (type === 'job') grown = appendFile(join(folder, 'grows.tif'), 'more');
    };
    let grown: Promise<void> | undefined;
    const sources = [
      folder,
      { content: () => broken(), destPath: 'broken.tif', size: 5 },
      { content: Buffer.from('s'), destPath: 'short.tif' },
    ];
    const report = await clientOf(service).uploadFiles(sources, { ...FAST, onEvent, filesPerRequest: 2 });
    await grown;
    const byName = Object.fromEntries(
      report.files.map(({ destPath, status, reason }) => [
        destPath.slice(16),
        status === 'failed' ? reason : status,
      ]),
    );
    expect(byName).toEqual({
      'a.tif': 'succeeded',
      'grows.tif': expect.stringContaining('the file has changed'),
      'z.tif': 'succeeded',
      'broken.tif': expect.stringContaining('the disk is gone'),
      'short.tif': 'succeeded',
    });
  });

  it('sends files again when the connection breaks, except a stream that can be read once', async () => {
    const service = await JobService.start();
    let posts = 0;
    service.service.onPath('/scene7/UploadFile', (request, response) => {
      posts += 1;
      // The first request with files is cut off in the middle.
      if (posts === 2) request.once('data', () => request.socket.destroy());
      else void service.servlet(request, response);
    });
    const progress: UploadProgress[] = [];
    const onProgress = (now: UploadProgress): void => void progress.push(now);
    const big = Buffer.alloc(2_000_000, 7);
    const report = await clientOf(service).uploadFiles([{ content: big, destPath: 'big.tif' }], {
      ...FAST,
      onProgress,
    });
    expect(report.ok).toBe(true);
    expect(progress.at(-1)?.bytes).toEqual({ sent: big.length, total: big.length });
    posts = 0;
    async function* stream() {
      yield big;
    }
    const once = await clientOf(service).uploadFiles([{ content: stream(), destPath: 'once.tif' }], FAST);
    expect(once.files[0]).toMatchObject({ status: 'failed', reason: expect.stringContaining('uploadPost') });
  });

  it('does not open a second job when the answer to the first opening was lost', async () => {
    const service = await JobService.start();
    let posts = 0;
    service.service.onPath('/scene7/UploadFile', (request, response) => {
      posts += 1;
      if (posts > 1) return void service.servlet(request, response);
      const lost = Object.assign(Object.create(response), {
        writeHead: () => undefined,
        end: () => response.destroy(),
      });
      void service.servlet(request, lost);
    });
    const report = await clientOf(service).uploadFiles([{ content: Buffer.from('x'), destPath: 'a.tif' }], {
      ...FAST,
      patience: 1000,
    });
    expect(report.ok).toBe(true);
    expect(service.jobs).toHaveLength(1);
  });

  it('times out when nothing moves, not when there is much to send', async () => {
    const service = await JobService.start();
    async function* slow() {
      for (let i = 0; i < 12; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        yield Buffer.from('x');
      }
    }
    const ips = clientOf(service, { retry: false });
    expect(
      (await ips.uploadFiles([{ content: slow(), destPath: 'slow.tif' }], { ...FAST, timeout: 400 })).ok,
    ).toBe(true);
    service.service.onPath('/scene7/UploadFile', () => undefined);
    const error = await errorOf(
      ips.uploadFiles([{ content: Buffer.from('x'), destPath: 'a.tif' }], {
        ...FAST,
        timeout: 20,
        patience: 1,
      }),
    );
    expect(error.name).toBe('TimeoutError');
  });

  it('keeps the password out of history, hooks and errors', async () => {
    const service = await JobService.start();
    const revealed: unknown[] = [];
    const ips = clientOf(service, {
      hooks: {
        onExchange: (exchange) => void revealed.push(exchange),
        onRequest: (event) => void revealed.push(event),
      },
    });
    await ips.uploadFiles([{ content: Buffer.from('x'), destPath: 'a.tif' }], FAST);
    service.service.onPath('/scene7/UploadFile', (_, response) => void response.writeHead(403).end('no'));
    revealed.push(await errorOf(ips.uploadFiles([{ content: Buffer.from('x'), destPath: 'b.tif' }], FAST)));
    const { inspect } = await import('node:util');
    const all = inspect([revealed, ips.history], { depth: 20, maxStringLength: null });
    expect(all).toContain('[secret]');
    expect(all).not.toContain(PASSWORD);
    expect(all).not.toContain('Tr0ub4dor');
  });
});

describe('a journal of files', () => {
  it('of an interrupted run: sends nothing twice, but files that changed', async () => {
    const service = await JobService.start();
    const folder = await folderOf({ 'a.tif': '1', 'b.tif': '2' });
    const journal = join(await folderOf({}), 'upload.jsonl');
    const ips = clientOf(service);
    await ips.uploadFiles(folder, { ...FAST, journal });
    const text = await readFile(journal, 'utf8');
    // As if the process had been killed just before the end.
    const cut = text.slice(0, text.lastIndexOf('{"type":"end"'));
    await writeFile(journal, cut);
    const before = service.forms.length;
    expect((await ips.uploadFiles(folder, { ...FAST, journal })).counts).toMatchObject({ skipped: 2 });
    expect(service.forms).toHaveLength(before);
    await writeFile(journal, cut);
    await writeFile(join(folder, 'b.tif'), 'changed');
    await ips.uploadFiles(folder, { ...FAST, journal });
    expect(service.jobs.map((job) => job.files.length)).toEqual([2, 1]);
    await ips.uploadFiles(folder, { ...FAST, journal });
    expect(service.jobs.map((job) => job.files.length)).toEqual([2, 1, 2]);
  });

  it.each([
    ['all files', 0],
    ['one file less', 1],
  ])('continues with a job that is active and closed, and has %s', async (_, less) => {
    const service = await JobService.start();
    const folder = await folderOf({ 'a.tif': '1', 'b.tif': '2' });
    const journal = join(await folderOf({}), 'upload.jsonl');
    const ips = clientOf(service);
    const options = { ...FAST, journal, filesPerRequest: 1 };
    await ips.uploadFiles(folder, options);
    const text = await readFile(journal, 'utf8');
    // As if the process had been killed while it waited for the end, or just before it learned of the last file.
    const lines = text.split('\n').filter((line) => !/^\{"type":"(?:done|end)"/.test(line));
    await writeFile(journal, lines.filter((_line, i) => i !== lines.length - 2 || less === 0).join('\n'));
    const [job] = service.jobs;
    if (job !== undefined) Object.assign(job, { endDate: undefined, looks: 5 });
    service.service.onPath('/scene7/UploadFile', (request, response) => {
      if (service.jobs.some(({ open }) => open)) return void service.servlet(request, response);
      const reason = "jobHandle: the upload job 'x' is closed";
      void readAll(request).then((body) => {
        // The opening of another job names it.
        if (body.includes('jobName'))
          return void service.servlet(
            Object.assign(Readable.from([body]), { headers: request.headers }) as typeof request,
            response,
          );
        response.writeHead(200, { 'Content-Type': 'text/xml' });
        response.end(codec.encodeFault({ kind: 'api', code: 30000, reason }, { dialect: 'plain' }));
      });
    });
    const report = await ips.uploadFiles(folder, options);
    expect(report.counts).toMatchObject({ total: 2, succeeded: 2 });
    expect(service.jobs).toHaveLength(1 + less);
  });

  it.each(['still open', 'closed meanwhile'])('resumes after a kill with a job that is %s', async (state) => {
    const service = await JobService.start();
    const names = Array.from({ length: 6 }, (_, i) => `f${i}.tif`);
    const folder = await folderOf(Object.fromEntries(names.map((name) => [name, name])));
    const journal = join(await folderOf({}), 'upload.jsonl');
    let kill: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      kill = resolve;
    });
    let posts = 0;
    service.service.onPath('/scene7/UploadFile', (request, response) => {
      posts += 1;
      if (posts >= 4) kill();
      else void service.servlet(request, response);
    });
    const program = fileURLToPath(new URL('support/upload-process.ts', import.meta.url));
    const child = spawn(process.execPath, [program, service.endpoint, journal, 'files', folder], {
      stdio: 'inherit',
    });
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    await Promise.race([reached, closed]);
    child.kill('SIGKILL');
    await closed;
    const [job] = service.jobs;
    const first = job?.files.length ?? 0;
    expect(first).toBeGreaterThanOrEqual(1);
    if (job !== undefined && state === 'closed meanwhile') {
      job.open = false;
      job.endDate = new Date();
    }
    service.service.onPath(
      '/scene7/UploadFile',
      (request, response) => void service.servlet(request, response),
    );
    const report = await clientOf(service).uploadFiles(folder, { ...FAST, journal, filesPerRequest: 1 });
    expect(report.counts).toMatchObject({ total: 6, succeeded: 6 });
    expect(Object.keys(received(service)).sort()).toEqual(names.map((name) => `MyCompany/Shoes/${name}`));
    if (state === 'still open') expect(service.jobs).toHaveLength(1);
    else expect(service.jobs).toHaveLength(2);
  });
});
