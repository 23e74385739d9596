import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { findAssets } from './references.js';
import { rehearse } from './rehearse.js';

interface Options {
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
  const name = options.name ?? `export ${new Date().toISOString()}`;
  const details = {
    fmt: options.format,
    emailSetting: 'None',
    ...(options.modifier === undefined ? {} : { is_modifier: options.modifier }),
  };
  const first = { jobName: name, exportJob: { ...details, assetHandleArray: handles.slice(0, chunkSize) } };
  if (await rehearse(context, 'submitJob', first)) return EXIT.ok;
  const client = await context.client();
  let told = '';
  const exported = await client.exportAssets(handles, {
    ...details,
    chunkSize,
    name,
    wait: {
      timeout: options.timeout,
      signal: context.signal,
      onEvent: (event) => {
        if (event.type !== 'progress') return;
        const text = `${event.job.originalName}: ${event.progress} %`;
        if (text !== told) context.note(text);
        told = text;
      },
    },
  });
  const rows = exported.map(({ links, verdict, assetHandles }) => ({
    links,
    status: verdict.status,
    ok: verdict.ok,
    job: verdict.log.originalJobName,
    assets: assetHandles.length,
    failures: verdict.failures,
  }));
  if (context.print.isShaped)
    await context.print.rows(rows, [], ['links', 'status', 'ok', 'job', 'assets', 'failures']);
  else for (const { links } of rows) for (const link of links) await context.print.text(`${link}\n`);
  for (const { ok, job, failures } of rows) {
    if (ok) continue;
    context.warn(`${job} did not succeed: ${failures.map(({ message }) => message).join('; ')}`);
  }
  return rows.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
}
