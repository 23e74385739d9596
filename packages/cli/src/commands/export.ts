import { rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ExportedAssets, ExportOptions, ExportSizeError, IpsClient, SavedFile } from '@ips-sdk/client';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { makeFolder } from '../make-folder.js';
import { bytes, count } from '../output/columns.js';
import { showJob } from '../progress/follow-job.js';
import { printDryRun } from './print-dry-run.js';
import { findAssets, type NamedAsset } from './references.js';
import { type CheckedFile, SaveLinks } from './save-links.js';
import { defaultJournal } from './upload-journal.js';

interface Options {
  readonly to?: string;
  readonly format: string;
  readonly modifier?: string;
  readonly preset?: string;
  readonly name?: string;
  readonly chunk?: string;
  /** Bytes. */
  readonly maxSize?: number;
  /** A path; `false` for `--no-journal`. */
  readonly journal?: string | false;
  readonly timeout?: number;
}

/** The fields of the output. */
export const fields = ['links', 'files', 'status', 'ok', 'job', 'assets', 'failures'];

/** `ips export` */
export async function run(context: Context, options: Options, given: readonly string[]): Promise<number> {
  const limits = {
    chunkSize: options.chunk === undefined ? undefined : Number(options.chunk),
    maxBytes: options.maxSize,
  };
  const assets = await findAssets(context, given);
  const handles = [...new Set(assets.map(({ handle }) => handle))];
  if (handles.length === 0)
    throw new CliError(EXIT.usage, 'no assets given', 'ips asset search lists the assets');
  const name = options.name ?? `export ${new Date().toISOString()}`;
  const details = {
    fmt: options.format,
    emailSetting: 'None',
    ...(options.modifier === undefined ? {} : { is_modifier: options.modifier }),
    ...(options.preset === undefined ? {} : { macro: `$${options.preset}$` }),
  };
  const client = await context.client();
  if (context.options.dryRun) {
    const wait = { signal: context.signal };
    await printJobs(context, client, assets, details, { ...limits, name, wait });
    return EXIT.ok;
  }
  // Fail before the export if the folder cannot be used.
  if (options.to !== undefined) await makeFolder(options.to);
  const journal = await journalOf(context, client, options, [handles, details, Object.values(limits)]);
  const delivery = new Delivery(context, options.to, name);
  let exported: readonly ExportedAssets[];
  let failure: unknown;
  try {
    await delivery.show();
    exported = await client.exportAssets(handles, {
      ...details,
      ...limits,
      name,
      journal: journal.path,
      onExported: (one) => delivery.receive(one),
      wait: {
        timeout: options.timeout,
        signal: context.signal,
        onEvent: (event) => delivery.onEvent(event),
      },
    });
    if (journal.temporary && journal.path !== undefined) await rm(journal.path, { force: true });
  } catch (error) {
    delivery.hide();
    if (context.signal.aborted)
      context.note('interrupted; run the same command again to resume; a job that has started continues');
    const { name: kind, done } = error as { name?: string; done?: readonly ExportedAssets[] };
    if (kind === 'ExportSizeError') {
      if (journal.temporary && journal.path !== undefined) await rm(journal.path, { force: true });
      throw tooLarge(error as ExportSizeError, assets);
    }
    if (kind !== 'InterruptedError' || done === undefined || context.signal.aborted) throw error;
    // Print the jobs completed so far.
    exported = done;
    failure = error;
  } finally {
    delivery.hide();
  }
  const ok = await delivery.print(exported);
  if (failure !== undefined) throw failure;
  return ok ? EXIT.ok : EXIT.failed;
}

/** With `--dry-run`, prints the request of each job, cut as a real run does without a journal. */
async function printJobs(
  context: Context,
  client: IpsClient,
  assets: readonly NamedAsset[],
  details: { readonly fmt: string },
  limits: ExportOptions,
): Promise<void> {
  const handles = assets.map(({ handle }) => handle);
  const jobs = await client.planExport(handles, { ...limits, fmt: details.fmt }).catch((error: Error) => {
    throw error.name === 'ExportSizeError' ? tooLarge(error as ExportSizeError, assets) : error;
  });
  if (jobs.length > 1) context.note(`${jobs.length} jobs:`);
  for (const { name: jobName, assetHandles: assetHandleArray } of jobs)
    await printDryRun(context, 'submitJob', { jobName, exportJob: { ...details, assetHandleArray } });
}

async function journalOf(
  context: Context,
  client: IpsClient,
  { journal, to, name }: Options,
  what: readonly unknown[],
): Promise<{ path: string | undefined; temporary: boolean }> {
  if (typeof journal === 'string') return { path: journal, temporary: false };
  if (journal === false) return { path: undefined, temporary: false };
  const { company } = await context.settings();
  const folder = to === undefined ? undefined : resolve(to);
  const same = ['export', client.endpoints.soap, company, folder, name, ...what];
  return { path: await defaultJournal(context.env, same), temporary: true };
}

/** The error for assets that exceed the size limit of one export. */
function tooLarge({ assets, maxBytes }: ExportSizeError, named: readonly NamedAsset[]): CliError {
  const names = new Map(named.map(({ handle, name }) => [handle, name]));
  const lines = assets.map(({ assetHandle, bytes: size }) => {
    const name = names.get(assetHandle);
    return `  ${assetHandle}${name === undefined ? '' : `  ${name}`}, ${bytes(size)}`;
  });
  const shown = lines.slice(0, 20);
  if (lines.length > shown.length) shown.push(`  and ${lines.length - shown.length} more`);
  return new CliError(
    EXIT.usage,
    `assets larger than the limit of ${bytes(maxBytes)} per job; nothing was exported:\n${shown.join('\n')}`,
    'leave them out, or use --format convert to export smaller images',
  );
}

type JobEvent = Parameters<Awaited<ReturnType<typeof showJob>>['onEvent']>[0];

/** Shows the jobs of an export, saves the files of each job as soon as it ends, and prints the results. */
class Delivery {
  readonly #context: Context;
  readonly #saver: SaveLinks | undefined;
  readonly #folder: string | undefined;
  readonly #name: string;
  /** By the handle of the run. */
  readonly #saved = new Map<string, readonly CheckedFile[]>();
  #shown: Awaited<ReturnType<typeof showJob>> | undefined;
  #isResumed = false;
  #isComplete = true;

  constructor(context: Context, folder: string | undefined, name: string) {
    this.#context = context;
    this.#name = name;
    this.#folder = folder;
    this.#saver = folder === undefined ? undefined : new SaveLinks(context, folder);
  }

  readonly onEvent = (event: JobEvent): void => this.#shown?.onEvent(event);

  async show(): Promise<void> {
    this.#shown = await showJob(this.#context, this.#name);
  }

  hide(): void {
    this.#shown?.end();
  }

  async receive(exported: ExportedAssets): Promise<readonly SavedFile[] | undefined> {
    // Downloads have their own display.
    this.hide();
    const context = this.#context;
    if (exported.resumed && !this.#isResumed) {
      this.#isResumed = true;
      context.note('resuming an interrupted export; assets already exported are skipped');
    }
    const { verdict, links, assetHandles } = exported;
    const saved = await this.#saver?.save(links, exported.saved);
    if (saved !== undefined) {
      this.#saved.set(verdict.log.jobHandle, saved);
      this.#compare(verdict.ok, assetHandles.length, saved, verdict.log.originalJobName);
    }
    await this.show();
    return saved?.map(({ files: _, ...file }) => file);
  }

  /** Warns if an archive has fewer files than assets. */
  #compare(ok: boolean, assets: number, saved: readonly CheckedFile[], job: string): void {
    const files = saved.reduce((sum, file) => sum + (file.files ?? Number.POSITIVE_INFINITY), 0);
    if (!ok || files >= assets) return;
    this.#isComplete = false;
    this.#context.warn(
      `${job} succeeded, but its archive contains ${count(files, 'file')} for ${count(assets, 'asset')}`,
    );
  }

  /** @returns Whether everything was exported. */
  async print(exported: readonly ExportedAssets[]): Promise<boolean> {
    const context = this.#context;
    const rows: object[] = [];
    for (const { links, verdict, assetHandles } of exported) {
      const files = this.#saved
        .get(verdict.log.jobHandle)
        ?.map(({ path }) => join(this.#folder ?? '', basename(path)));
      if (!context.print.isShaped) for (const one of files ?? links) await context.print.text(`${one}\n`);
      rows.push({
        links,
        files,
        status: verdict.status,
        ok: verdict.ok,
        job: verdict.log.originalJobName,
        assets: assetHandles.length,
        failures: verdict.failures,
      });
    }
    if (context.print.isShaped) await context.print.rows(rows, [], fields);
    for (const { verdict } of exported) {
      const { ok, status, log, failures } = verdict;
      const reasons = failures.map(({ message }) => message).join('; ');
      if (!ok) context.warn(`${log.originalJobName} did not succeed: ${reasons || status}`);
    }
    return this.#isComplete && exported.every(({ verdict }) => verdict.ok);
  }
}
