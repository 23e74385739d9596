import { mkdir } from 'node:fs/promises';
import type { ExportedAssets } from '@ips-sdk/client';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { showJob } from '../progress/follow-job.js';
import { printDryRun } from './print-dry-run.js';
import { findAssets } from './references.js';
import { SaveLinks } from './save-links.js';

interface Options {
  readonly to?: string;
  readonly format: string;
  readonly modifier?: string;
  readonly name?: string;
  readonly chunk?: string;
  readonly timeout?: number;
}

/** `ips export` */
export async function run(context: Context, options: Options, given: readonly string[]): Promise<number> {
  const chunkSize = options.chunk === undefined ? 500 : Number(options.chunk);
  if (!Number.isInteger(chunkSize) || chunkSize < 1)
    throw new CliError(
      EXIT.usage,
      `--chunk is ${JSON.stringify(options.chunk)}; expected a whole number from 1`,
    );
  const handles = (await findAssets(context, given)).map(({ handle }) => handle);
  if (handles.length === 0)
    throw new CliError(EXIT.usage, 'no assets given', 'ips asset search lists the assets');
  const name = options.name ?? `export ${new Date().toISOString()}`;
  const details = {
    fmt: options.format,
    emailSetting: 'None',
    ...(options.modifier === undefined ? {} : { is_modifier: options.modifier }),
  };
  const first = { jobName: name, exportJob: { ...details, assetHandleArray: handles.slice(0, chunkSize) } };
  if (await printDryRun(context, 'submitJob', first)) return EXIT.ok;
  // A folder that cannot be used should fail before the work, not after it.
  if (options.to !== undefined) await mkdir(options.to, { recursive: true });
  const client = await context.client();
  const shown = await showJob(context, name);
  const { timeout } = options;
  let exported: readonly ExportedAssets[];
  let failure: unknown;
  try {
    const wait = { timeout, signal: context.signal, onEvent: shown.onEvent };
    exported = await client.exportAssets(handles, { ...details, chunkSize, name, wait });
  } catch (error) {
    shown.end();
    if (context.signal.aborted)
      context.note(`interrupted; a job that has begun continues: ips job list --only active`);
    const { name: kind, done } = error as { name?: string; done?: readonly ExportedAssets[] };
    if (kind !== 'InterruptedError' || done === undefined || context.signal.aborted) throw error;
    // What was exported so far is still useful.
    exported = done;
    failure = error;
  } finally {
    shown.end();
  }
  const ok = await deliver(context, exported, options.to);
  if (failure !== undefined) throw failure;
  return ok ? EXIT.ok : EXIT.failed;
}

/** Prints the archives, after downloading them where a folder is given. */
async function deliver(
  context: Context,
  exported: readonly ExportedAssets[],
  folder: string | undefined,
): Promise<boolean> {
  const saver = folder === undefined ? undefined : new SaveLinks(context, folder);
  const rows: object[] = [];
  for (const { links, verdict, assetHandles } of exported) {
    const files = saver && (await saver.save(links));
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
  if (context.print.isShaped)
    await context.print.rows(rows, [], ['links', 'files', 'status', 'ok', 'job', 'assets', 'failures']);
  for (const { verdict } of exported) {
    const { ok, status, log, failures } = verdict;
    const reasons = failures.map(({ message }) => message).join('; ');
    if (!ok) context.warn(`${log.originalJobName} did not succeed: ${reasons || status}`);
  }
  return exported.every(({ verdict }) => verdict.ok);
}
