import type { JobKind as KindName } from '@ips-sdk/types/jobs';
import { IpsFault } from '@ips-sdk/wire';
import { commitIngest, type IngestPlace, type PreparedIngest, prepareIngest } from '../assets/ingest.js';
import { type IngestOptions, ingestOptionsOf, type UploadOptions } from '../assets/ingest-options.js';
import { logFileTypeOf } from '../assets/log-file-types.js';
import type { Db } from '../db/store.js';
import type { StoredFile } from '../files/file-store.js';
import { RunFailure } from './job-kind.js';
import type { Item, ItemResult, LogRow, RunContext } from './run-context.js';
import type { Task } from './run-progress.js';

/** Files that are worked on at once in one run. */
export const UPLOAD_CONCURRENCY = 4;

/** Log types of the three kinds of uploads. */
export const UPLOAD_LOG_TYPES = {
  begin: 'BeginUpload',
  end: 'EndUpload',
  success: 'UploadSuccess',
  error: 'UploadError',
  warning: 'UploadWarning',
} as const;

/** A file that a run is to bring into the catalog. */
export interface Arrival {
  /** Names it within the run for good. */
  readonly key: string;
  /** Path from the company's root, with the name of the file. */
  readonly path: string;
  /** Brings it into the file store. An `ItemFailure` makes a row. */
  fetch(signal: AbortSignal, progress: (fraction: number, message?: string) => void): Promise<StoredFile>;
  /** Whether it was transferred from elsewhere, which the log counts. */
  readonly transferred: boolean;
  /** Whether its arrival adds to the number of files of the run. */
  readonly uncounted?: boolean | undefined;
}

/** Brings files into the catalog, for one run. */
export class UploadRun<Kind extends KindName> {
  readonly #context: RunContext<Kind>;
  readonly #options: IngestOptions;
  readonly #place: IngestPlace;
  readonly #task: Task;

  private constructor(context: RunContext<Kind>, options: IngestOptions, task: Task) {
    this.#context = context;
    this.#options = options;
    this.#task = task;
    this.#place = { services: context.services, company: context.company, userId: context.submitter.id };
  }

  /** Begins a run. */
  static async begin<Kind extends KindName>(
    context: RunContext<Kind>,
    total: number,
  ): Promise<UploadRun<Kind>> {
    return new UploadRun(context, await optionsOfRun(context), context.task('UploadAsset', total));
  }

  /** How many files there are, when that changes. */
  set total(total: number) {
    this.#task.total = total;
  }

  async add(arrivals: Iterable<Arrival> | AsyncIterable<Arrival>): Promise<void> {
    await this.#context.items(
      this.#task,
      itemsOf(arrivals, (arrival) => this.#item(arrival)),
      UPLOAD_CONCURRENCY,
    );
  }

  end(): void {
    this.#task.end('Done');
  }

  #item(arrival: Arrival): Item<PreparedIngest> {
    const { path, transferred } = arrival;
    return {
      key: arrival.key,
      name: path.slice(path.lastIndexOf('/') + 1),
      prepare: async (signal, progress) => {
        const stored = await arrival.fetch(signal, (fraction, message) => progress(fraction / 2, message));
        progress(0.5);
        return prepareIngest(this.#place, { path, stored }, this.#options, signal, (fraction, message) =>
          progress(0.5 + fraction / 2, message),
        );
      },
      commit: (tx, prepared) => this.#commit(tx, prepared, transferred),
    };
  }

  async #commit(tx: Db, prepared: PreparedIngest, transferred: boolean): Promise<ItemResult> {
    const { logTypes } = this.#context;
    const { path } = prepared.file;
    const { effect, asset, warnings, generated } = await commitIngest(tx, this.#place, prepared);
    const row = (logType: string, message: string): LogRow => ({
      logType,
      message,
      assetName: asset.name,
      assetType: logFileTypeOf(asset.type),
      assetId: asset.id,
    });
    const logType =
      effect === 'duplicate' ? 'DuplicateSkipped' : effect === 'updated' ? 'FileUpdated' : logTypes.success;
    const rows: LogRow[] = [
      row('FileBegin', path),
      ...warnings.map((warning) => row(logTypes.warning, `${path}: ${warning}`)),
      row(logType, path),
    ];
    for (const made of generated) {
      rows.push({
        logType: logTypes.success,
        message: `${path}: ${made.name}`,
        assetName: made.name,
        assetType: logFileTypeOf(made.type),
        assetId: made.id,
      });
    }
    return {
      outcome:
        effect === 'duplicate'
          ? 'duplicate'
          : warnings.length > 0
            ? 'warning'
            : effect === 'updated'
              ? 'update'
              : 'success',
      rows,
      ...(transferred ? { transfers: { success: 1 } } : {}),
    };
  }
}

/** The options of a run's details, looked up when it runs: what they name may be gone since it was submitted. */
export async function optionsOfRun(context: RunContext): Promise<IngestOptions> {
  const { services, company, details, run } = context;
  try {
    return await ingestOptionsOf(services.db, company, details as UploadOptions, run.kind);
  } catch (error) {
    if (error instanceof IpsFault) throw new RunFailure(error.reason, { cause: error });
    throw error;
  }
}

async function* itemsOf<From, To>(
  source: Iterable<From> | AsyncIterable<From>,
  map: (value: From) => To,
): AsyncGenerator<To> {
  for await (const value of source) yield map(value);
}
