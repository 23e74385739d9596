import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FileRules, FileSource, IpsClient, UploadOutcome } from '@ips-sdk/client';
import type { UploadUrl } from '@ips-sdk/types';
import { CliError } from '../cli-error.js';
import type { CommonOptions, Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import type { Column } from '../output/columns.js';
import { count, localTime } from '../output/columns.js';
import { assignFields } from './api-fields.js';
import { expandWildcards } from './expand-wildcards.js';
import { paintState } from './job-rows.js';
import { readLines, readText } from './read-input.js';
import { folderPath, needed } from './references.js';
import { followUpload, leftOutLines, printCounts, shortPath } from './upload-events.js';
import { defaultJournal } from './upload-journal.js';
import { readUrlList } from './upload-list.js';

interface Options {
  readonly urls?: string;
  readonly to?: string;
  readonly as?: string;
  /** A single `include`. */
  readonly only?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly hidden?: boolean;
  readonly verify?: boolean;
  readonly name?: string;
  readonly field?: readonly string[];
  readonly overwrite: boolean;
  readonly ready: boolean;
  /** A path; `false` for `--no-journal`. */
  readonly journal?: string | false;
  readonly jobSize?: string;
  readonly timeout?: number;
}

const FIELDS = [
  'status',
  'destPath',
  'source',
  'reason',
  'sentOn',
  'warnings',
  'assetHandle',
  'job',
] as const;

const FOUND_FIELDS = ['key', 'destPath', 'source', 'size', 'repeatable'] as const;

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
    human: ({ reason, warnings, sentOn }) =>
      sentOn === undefined ? (reason ?? warnings.join('; ')) : `already sent on ${localTime(sentOn)}`,
    shrinks: true,
    optional: true,
  },
  { title: 'HANDLE', value: ({ assetHandle }) => assetHandle, optional: true },
];

/** The fields of the outcomes, or with `--dry-run` of the files found. */
export function fields({ dryRun }: Options & CommonOptions): readonly string[] {
  return dryRun ? FOUND_FIELDS : FIELDS;
}

/** `ips upload` */
export async function run(context: Context, options: Options, paths: readonly string[]): Promise<number> {
  checkOptions(options, paths);
  const jobSize = options.jobSize === undefined ? undefined : Number(options.jobSize);
  const folder = options.to === undefined ? undefined : folderPath(options.to);
  const urls =
    options.urls === undefined
      ? undefined
      : readUrlList(
          await readText(context, options.urls),
          options.urls === '-' ? 'stdin' : options.urls,
          folder,
        );
  const sources = urls === undefined ? await sourcesOf(context, options, paths) : [];
  const job = {
    overwrite: options.overwrite,
    readyForPublish: options.ready,
    ...assignFields({}, options.field ?? [], urls === undefined ? 'UploadPostJob' : 'UploadUrlsJob'),
  };
  if (context.options.dryRun) return printUploadDryRun(context, urls, sources, job, folder, options);
  const client = await context.client();
  const journal = await journalOf(context, client, options, urls ?? sources, folder);
  const report = await followUpload(context, (events) => {
    const common = {
      name: options.name,
      journal: journal.path,
      retryFailed: true,
      verify: options.verify,
      jobSize,
      wait: { timeout: options.timeout },
      signal: context.signal,
      ...events,
    };
    if (urls !== undefined) return client.uploadUrls(urls, { ...common, job });
    return client.uploadFiles(sources, { ...common, ...rulesOf(options), job, destFolder: folder });
  });
  // Keep the journal if a job is still running; the next run waits for it.
  if (report.ended && journal.temporary && journal.path !== undefined)
    await rm(journal.path, { force: true });
  await context.print.rows(report.files, COLUMNS, FIELDS);
  printCounts(context, report);
  return report.ok ? EXIT.ok : EXIT.failed;
}

function rulesOf({ only, include = [], exclude, hidden }: Options): FileRules {
  const all = only === undefined ? include : [...include, only];
  return { include: all.length === 0 ? undefined : all, exclude, hidden };
}

function checkOptions(options: Options, paths: readonly string[]): void {
  const fail = (message: string, hint?: string): never => {
    throw new CliError(EXIT.usage, message, hint);
  };
  if (options.urls === undefined && paths.length === 0)
    throw needed('paths or --urls', 'ips upload photos/ --to MyCompany/Shoes/');
  if (options.urls !== undefined && paths.length > 0)
    fail('--urls and paths cannot be combined', 'upload them one after the other');
  if (options.as !== undefined && (paths.length !== 1 || paths[0] !== '-'))
    fail('--as names the file from stdin; - must be the only path', 'ips upload - --as red.tif < red.tif');
  const patterns: [string, readonly string[]][] = [
    ['--include', options.include ?? []],
    ['--exclude', options.exclude ?? []],
    ['--only', options.only === undefined ? [] : [options.only]],
  ];
  for (const [option, given] of patterns) {
    // These patterns are empty after normalization and would match nothing, or everything.
    const empty = given.find((pattern) => /^(?:\.?[\\/])*\.?$/.test(pattern));
    if (empty !== undefined)
      fail(`${option}: expected a pattern such as "*.psd" or "raw/**", found ${JSON.stringify(empty)}`);
    if (options.urls !== undefined && given.length > 0)
      fail(`${option} selects local files and cannot be combined with --urls`);
  }
}

async function sourcesOf(
  context: Context,
  options: Options,
  paths: readonly string[],
): Promise<FileSource[]> {
  if (options.as !== undefined) {
    // A stream can be read only once, but a request may be retried.
    const { buffer } = await import('node:stream/consumers');
    return [{ content: await buffer(context.stdin), destPath: options.as }];
  }
  const all: string[] = [];
  for (const path of paths) {
    if (path === '-') all.push(...(await readLines(context)));
    else all.push(...(existsSync(path) ? [path] : await expandWildcards(path)));
  }
  for (const path of all) {
    if (!existsSync(path))
      throw new CliError(EXIT.usage, `${path}: no such file or folder; nothing was sent`);
  }
  return all;
}

async function journalOf(
  context: Context,
  client: IpsClient,
  options: Options,
  what: readonly (UploadUrl | FileSource)[],
  folder: string | undefined,
): Promise<{ path: string | undefined; temporary: boolean }> {
  if (typeof options.journal === 'string') return { path: options.journal, temporary: false };
  // Stdin may differ next time.
  if (options.journal === false || options.as !== undefined) return { path: undefined, temporary: false };
  const { company } = await context.settings();
  const absolute = what.map((one) => (typeof one === 'string' ? resolve(one) : one));
  const { only, include, exclude, hidden, field, name, overwrite, ready } = options;
  const rules = { only, include, exclude, hidden, field, name, overwrite, ready };
  const path = await defaultJournal(context.env, [client.endpoints.soap, company, folder, rules, absolute]);
  return { path, temporary: true };
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
  const client = await context.client();
  const { signal } = context;
  const found = await client.findFiles(sources, { ...rulesOf(options), destFolder: folder, signal });
  for (const warning of found.warnings) context.warn(warning);
  await context.print.rows(found.files, [
    // Files in folders have absolute paths.
    {
      title: 'FILE',
      value: ({ source }) => (source === undefined ? 'stdin' : shortPath(source)),
      shrinks: true,
    },
    { title: 'PLACE', value: ({ destPath }) => destPath, shrinks: true },
    { title: 'BYTES', value: ({ size }) => size, align: 'right' },
  ]);
  for (const line of leftOutLines(found.leftOut)) context.note(line);
  context.note(`${count(found.files.length, 'file')} would be sent`);
  return EXIT.ok;
}
