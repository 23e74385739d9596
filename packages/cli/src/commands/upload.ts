import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { FileSource, IpsClient, UploadEvent, UploadOutcome, UploadReport } from '@ips-sdk/client';
import type { UploadUrl } from '@ips-sdk/types';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { Column } from '../output/columns.js';
import { count } from '../output/columns.js';
import { printableLine } from '../output/sanitize.js';
import { Live } from '../progress/live.js';
import { UploadView } from '../progress/upload-view.js';
import { assignFields } from './api-fields.js';
import { matchesGlob } from './glob.js';
import { paintState } from './job-rows.js';
import { readLines, readText } from './read-input.js';
import { folderPath, needed } from './references.js';
import { defaultJournal } from './upload-journal.js';
import { readUrlList } from './upload-list.js';

interface Options {
  readonly urls?: string;
  readonly to?: string;
  readonly as?: string;
  readonly only?: string;
  readonly name?: string;
  readonly field?: readonly string[];
  readonly overwrite: boolean;
  readonly ready: boolean;
  /** A path; `false` for `--no-journal`. */
  readonly journal?: string | false;
  readonly jobSize?: string;
  readonly timeout?: number;
}

const FIELDS = ['status', 'destPath', 'source', 'reason', 'warnings', 'assetHandle', 'job'] as const;

const COLUMNS: readonly Column<UploadOutcome>[] = [
  {
    title: 'STATUS',
    value: ({ status }) => status,
    paint: (text, row, paint) => paintState(row.status, paint, text),
  },
  { title: 'PLACE', value: ({ destPath }) => destPath, shrinks: true },
  {
    title: 'REASON',
    value: ({ reason, warnings }) => reason ?? warnings.join('; '),
    shrinks: true,
    optional: true,
  },
  { title: 'HANDLE', value: ({ assetHandle }) => assetHandle, optional: true },
];

/** `ips upload` */
export async function run(context: Context, options: Options, paths: readonly string[]): Promise<number> {
  checkOptions(options, paths);
  const jobSize = options.jobSize === undefined ? undefined : wholeNumber('--job-size', options.jobSize);
  const folder = options.to === undefined ? undefined : folderPath(options.to);
  const urls =
    options.urls === undefined
      ? undefined
      : readUrlList(await readText(context, options.urls), options.urls, folder);
  const sources = urls === undefined ? await sourcesOf(context, options, paths) : [];
  const job = {
    overwrite: options.overwrite,
    readyForPublish: options.ready,
    ...assignFields({}, options.field ?? [], urls === undefined ? 'UploadPostJob' : 'UploadUrlsJob'),
  };
  if (context.options.dryRun) return printUploadDryRun(context, urls, sources, job, folder, options);
  const client = await context.client();
  const journal = await journalOf(context, client, options, urls ?? sources, folder);
  const report = await follow(context, (events) => {
    const common = {
      name: options.name,
      journal: journal.path,
      retryFailed: true,
      jobSize,
      wait: { timeout: options.timeout },
      signal: context.signal,
      ...events,
    };
    if (urls !== undefined) return client.uploadUrls(urls, { ...common, job });
    const { only } = options;
    return client.uploadFiles(sources, {
      ...common,
      job,
      destFolder: folder,
      filter: only === undefined ? undefined : (path) => matches(path, only),
    });
  });
  if (report.ok && journal.temporary && journal.path !== undefined) await rm(journal.path, { force: true });
  await context.print.rows(report.files, COLUMNS, FIELDS);
  printCounts(context, report);
  return report.ok ? EXIT.ok : EXIT.failed;
}

function checkOptions(options: Options, paths: readonly string[]): void {
  const fail = (message: string, hint?: string): never => {
    throw new CliError(EXIT.usage, message, hint);
  };
  if (options.urls === undefined && paths.length === 0)
    throw needed('ips upload', 'paths or --urls', 'for example ips upload photos/ --to MyCompany/Shoes/');
  if (options.urls !== undefined && paths.length > 0)
    fail('ips upload: --urls and paths exclude each other', 'upload them one after the other');
  if (options.as !== undefined && (paths.length !== 1 || paths[0] !== '-'))
    fail('--as names the file from stdin, so - must be the only path', 'ips upload - --as red.tif < red.tif');
}

async function sourcesOf(
  context: Context,
  options: Options,
  paths: readonly string[],
): Promise<FileSource[]> {
  if (options.as !== undefined) {
    // A stream can be read only once, but a lost request is sent again.
    const { buffer } = await import('node:stream/consumers');
    return [{ content: await buffer(context.stdin), destPath: options.as }];
  }
  const all: string[] = [];
  for (const path of paths) all.push(...(path === '-' ? await readLines(context) : [path]));
  for (const path of all) {
    if (!existsSync(path))
      throw new CliError(EXIT.usage, `${path}: no such file or folder; nothing was sent`);
  }
  return all;
}

/** A pattern without a slash must match the name, another one the path. */
function matches(path: string, pattern: string): boolean {
  const name = pattern.includes('/') ? relative('', path) : (path.split(/[\\/]/).at(-1) ?? '');
  return matchesGlob(name, pattern);
}

async function journalOf(
  context: Context,
  client: IpsClient,
  options: Options,
  what: readonly (UploadUrl | FileSource)[],
  folder: string | undefined,
): Promise<{ path: string | undefined; temporary: boolean }> {
  if (typeof options.journal === 'string') return { path: options.journal, temporary: false };
  // Stdin may be different next time.
  if (options.journal === false || options.as !== undefined) return { path: undefined, temporary: false };
  const { company } = await context.settings();
  const absolute = what.map((one) => (typeof one === 'string' ? resolve(one) : one));
  const same = [client.endpoints.soap, company, folder, options.only, options.field, absolute];
  const path = await defaultJournal(context.env, same);
  if (existsSync(path)) context.note('continuing an unfinished upload');
  return { path, temporary: true };
}

type Events = {
  readonly onEvent: (event: UploadEvent) => void;
  readonly onProgress: (progress: Parameters<UploadView['see']>[0]) => void;
};

/** Shows the progress of an upload: redrawn in place in a terminal, a line for each step elsewhere. */
async function follow(
  context: Context,
  upload: (events: Events) => Promise<UploadReport>,
): Promise<UploadReport> {
  const view = new UploadView(context.paint);
  const live = context.canRedraw
    ? await Live.start(context, (spinner) => view.draw(spinner, context.stderr.columns ?? 80))
    : undefined;
  try {
    return await upload({
      onProgress: (progress) => {
        view.see(progress);
        live?.redraw();
      },
      onEvent: (event) => {
        const line = lineOf(event);
        view.log(line);
        if (live === undefined) context.note(line);
        else if (event.type === 'file' && event.outcome.status === 'failed')
          live.above(`${context.paint('red', '✗')} ${line}`);
      },
    });
  } catch (error) {
    // The display is removed first, since it would remove the message too.
    live?.end();
    if (context.signal.aborted)
      context.note(
        'interrupted; the same command continues where it stopped, and jobs that have begun continue',
      );
    throw error;
  } finally {
    live?.end();
  }
}

function lineOf(event: UploadEvent): string {
  switch (event.type) {
    case 'job':
      return printableLine(
        `${event.found ? 'found' : 'started'} job ${event.name} with ${count(event.files, 'file')}`,
      );
    case 'sent':
      return printableLine(`sent ${event.destPath}`);
    case 'file': {
      const { status, destPath, reason } = event.outcome;
      return printableLine(`${status} ${destPath}${reason === undefined ? '' : `: ${reason}`}`);
    }
    case 'done':
      return printableLine(`job ${event.name} ${event.verdict?.status ?? 'ended'}`);
  }
}

function printCounts(context: Context, { counts, ok }: UploadReport): void {
  const parts = (['succeeded', 'updated', 'duplicate', 'failed', 'unknown'] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`);
  const text = `${count(counts.total, 'file')}: ${parts.join(', ') || 'nothing to do'}`;
  if (ok) context.done(text);
  else context.failed(text);
  if (counts.duplicate > 0)
    context.note('  a duplicate already exists with the same content, and was not changed');
}

/** With `--dry-run`, prints the destinations of files, or for URLs the XML of the first job. */
async function printUploadDryRun(
  context: Context,
  urls: readonly UploadUrl[] | undefined,
  sources: readonly FileSource[],
  job: object,
  folder: string | undefined,
  options: Options,
): Promise<number> {
  if (urls !== undefined) {
    const { printDryRun } = await import('./print-dry-run.js');
    const urlArray = urls.slice(0, 1000);
    if (urls.length > urlArray.length) context.note(`the first of ${Math.ceil(urls.length / 1000)} jobs:`);
    const uploadUrlsJob = { createMask: false, emailSetting: 'None', ...job, urlArray };
    const jobName = `${options.name ?? 'upload'} …`;
    await printDryRun(context, 'submitJob', { jobName, uploadUrlsJob });
    return EXIT.ok;
  }
  const { placesOf } = await import('./upload-places.js');
  const root = folder ?? (await rootOf(await context.client()));
  const { only } = options;
  const filter = only === undefined ? undefined : (path: string) => matches(path, only);
  const rows = placesOf(sources, root, filter);
  const total = await context.print.rows(rows, [
    { title: 'FILE', value: ({ source }) => source, shrinks: true },
    { title: 'PLACE', value: ({ destPath }) => destPath, shrinks: true },
    { title: 'BYTES', value: ({ size }) => size, align: 'right' },
  ]);
  context.note(`${count(total, 'file')} would be sent`);
  return EXIT.ok;
}

/** The path of the company's root folder. */
async function rootOf(client: IpsClient): Promise<string> {
  const { folders } = await client.getFolderTree({ depth: 0 });
  return folders?.path ?? '';
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
  throw new CliError(EXIT.usage, `${option} is ${JSON.stringify(text)}; expected 1 to 1000`);
}
