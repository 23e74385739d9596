import type { UploadReport } from '@ips-sdk/client';
import type { Affected, Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { count } from '../output/columns.js';
import { followJob } from '../progress/follow-job.js';
import { printBatch } from './batch-result.js';
import { verdictRow } from './job-verdict.js';
import { printDryRun } from './print-dry-run.js';
import type { Finding } from './reconcile-findings.js';
import { stemOf } from './reconcile-inventory.js';

/** The fixes for findings: renames, uploads, marks and publishes assets. */
export class ReconcileFixes {
  readonly #context: Context;
  readonly #root: string;
  readonly #renames: readonly Finding[];
  readonly #uploads: readonly Finding[];
  readonly #marks: readonly Finding[];

  /** @param root - The path of the company's root folder. */
  constructor(context: Context, findings: readonly Finding[], root: string) {
    this.#context = context;
    this.#root = root;
    this.#renames = findings.filter(({ fix }) => fix?.startsWith('rename'));
    this.#uploads = findings.filter(({ fix }) => fix === 'upload');
    this.#marks = findings.filter(({ fix }) => fix?.endsWith('publish'));
  }

  /** The changes, as listed in the prompt. */
  get changes(): readonly Affected[] {
    return [
      ...this.#renames.map(({ duplicateHandle: handle = '', duplicate, name }) => ({
        handle,
        name: `rename ${duplicate} to ${name}`,
      })),
      ...this.#uploads.map((finding) => ({
        handle: originOf(finding),
        name: `upload to ${this.#root}${destPathOf(finding)}`,
      })),
      ...this.#marks.map((finding) => ({ handle: handleOf(finding), name: `publish ${finding.name}` })),
    ];
  }

  /** Prints the requests without sending them. */
  async printDryRun(): Promise<void> {
    for (const finding of this.#renames) await printDryRun(this.#context, 'renameAsset', renaming(finding));
    for (const finding of this.#uploads)
      this.#context.note(`would upload ${originOf(finding)} to ${this.#root}${destPathOf(finding)}`);
    const publishStateUpdateArray = marksOf(this.#marks);
    if (publishStateUpdateArray.length > 0)
      await printDryRun(this.#context, 'setAssetsPublishState', { publishStateUpdateArray });
    const details = { publishType: 'Incremental', emailSetting: 'None' };
    await printDryRun(this.#context, 'submitJob', {
      jobName: 'reconcile …',
      imageServingPublishJob: details,
    });
  }

  /** @returns Whether everything succeeded. */
  async apply(): Promise<boolean> {
    const renamed = await this.#rename();
    const uploaded = await this.#upload();
    const marked = await this.#mark();
    const published = await this.#publish();
    return renamed && uploaded && marked && published;
  }

  async #rename(): Promise<boolean> {
    const client = await this.#context.client();
    let done = 0;
    for (const finding of this.#renames) {
      try {
        await client.renameAsset(renaming(finding), { signal: this.#context.signal });
        done += 1;
      } catch (error) {
        const { name, kind, message } = error as Error & { readonly kind?: unknown };
        // A name that is taken does not prevent other renames.
        if (name !== 'IpsFault' || kind !== 'api') throw error;
        this.#context.failed(`${finding.duplicateHandle} ${finding.duplicate}: ${message}`);
      }
    }
    if (done > 0) this.#context.done(`${count(done, 'asset')} renamed`);
    return done === this.#renames.length;
  }

  async #upload(): Promise<boolean> {
    let ok = true;
    // A job marks all of its files for publish, or none.
    for (const readyForPublish of [true, false]) {
      const wanted = this.#uploads.filter(({ expected }) => expected.publish === readyForPublish);
      const job = { overwrite: true, readyForPublish };
      for (const report of await this.#send(wanted, job)) {
        for (const { destPath, status, reason } of report.files)
          if (status === 'failed' || status === 'unknown')
            this.#context.failed(`${destPath}: ${reason ?? status}`);
        const { failed, unknown, total } = report.counts;
        if (total > failed + unknown)
          this.#context.done(`${count(total - failed - unknown, 'file')} uploaded`);
        ok &&= report.ok;
      }
    }
    return ok;
  }

  async #send(
    findings: readonly Finding[],
    job: { readonly overwrite: boolean; readonly readyForPublish: boolean },
  ): Promise<UploadReport[]> {
    const client = await this.#context.client();
    const { signal } = this.#context;
    const reports: UploadReport[] = [];
    const files = findings.flatMap((finding) => {
      const { source } = finding.expected;
      return source !== undefined && 'file' in source
        ? [{ path: source.file, destPath: destPathOf(finding) }]
        : [];
    });
    const urls = findings.flatMap((finding) => {
      const { source } = finding.expected;
      return source !== undefined && 'url' in source
        ? [{ sourceUrl: source.url, destPath: `${this.#root}${destPathOf(finding)}` }]
        : [];
    });
    if (files.length > 0)
      reports.push(await client.uploadFiles(files, { job, destFolder: this.#root, signal }));
    if (urls.length > 0) reports.push(await client.uploadUrls(urls, { job, signal }));
    return reports;
  }

  async #mark(): Promise<boolean> {
    if (this.#marks.length === 0) return true;
    const client = await this.#context.client();
    const input = { publishStateUpdateArray: marksOf(this.#marks) };
    const result = await client.batch('setAssetsPublishState', input, { signal: this.#context.signal });
    return printBatch(this.#context, result, 'marked for publish') === EXIT.ok;
  }

  async #publish(): Promise<boolean> {
    const client = await this.#context.client();
    const name = `reconcile ${new Date().toISOString()}`;
    const job = await client.publish({}, { name, call: { signal: this.#context.signal } });
    const verdict = await followJob(this.#context, job, {});
    const { status, ok } = verdictRow(job, verdict);
    if (ok) this.#context.done('published');
    else this.#context.failed(`publish ${name}: ${status}; ips job log shows the reason`);
    return ok;
  }
}

function renaming({ duplicateHandle: assetHandle = '', name: newName }: Finding): {
  readonly assetHandle: string;
  readonly newName: string;
  readonly validateName: boolean;
} {
  return { assetHandle, newName, validateName: true };
}

function marksOf(findings: readonly Finding[]): { assetHandle: string; publishState: string }[] {
  return findings.map((finding) => ({
    assetHandle: handleOf(finding),
    publishState: 'MarkedForPublish',
  }));
}

/** The asset to publish: the asset itself, or the renamed duplicate. */
function handleOf({ handle, duplicateHandle = '' }: Finding): string {
  return handle ?? duplicateHandle;
}

function originOf({ expected: { source } }: Finding): string {
  if (source === undefined) return '';
  return 'file' in source ? source.file : source.url;
}

/** The destination of a file below the root. Assets are named after their files, so the file gets the expected asset name. */
function destPathOf({ expected: { folder = '', fileName, name } }: Finding): string {
  const stem = stemOf(fileName);
  return `${folder}${stem === name ? fileName : `${name}${fileName.slice(stem.length)}`}`;
}
