import type { JobKind as KindName } from '@ips-sdk/types/jobs';
import { IpsFault } from '@ips-sdk/wire';
import { READ_WRITE } from '../access/permissions/rights.js';
import { commitIngest, commitNewFiles, type Ingested } from '../assets/commit-ingest.js';
import { type PreparedIngest, prepareIngest } from '../assets/ingest.js';
import { type IngestOptions, ingestOptionsOf, type UploadOptions } from '../assets/ingest-options.js';
import type { IngestPlace } from '../assets/ingest-place.js';
import { logFileTypeOf } from '../assets/log-file-types.js';
import { cleanPath } from '../assets/upload-path.js';
import type { Db } from '../db/db.js';
import { ItemFailure, RunFailure } from '../failures.js';
import type { StoredFile } from '../files/file-store.js';
import { ArchiveError, type UnpackedFile, unpackArchive } from '../files/unpack-archive.js';
import { typeOfStored } from '../images/stored-file-type.js';
import type { Item, ItemResult, LogRow, Together } from '../jobs/item.js';
import type { RunContext } from '../jobs/run-context.js';
import type { Task } from '../jobs/run-progress.js';
import { checkPlace } from './permitted-items.js';
import { placeOf } from './reprocess-item.js';

/** Files that one run processes at once. */
const UPLOAD_CONCURRENCY = 4;

/** Files that share a transaction at most: as many as are ready in a short time. */
const COMMITTED_AT_ONCE = 50;

/** Log types that the three kinds of uploads share. */
export const UPLOAD_LOG_TYPES = {
  begin: 'BeginUpload',
  beginMessage: 'Upload has begun!',
  end: 'EndUpload',
  success: 'UploadSuccess',
  error: 'UploadError',
  warning: 'UploadWarning',
} as const;

/** The tasks of an upload, by their names in the service. */
const UPLOAD_TASK = 'com.scene7.upload.UploadAsyncTaskMonitor';
const AUTO_SET_TASK = 'com.scene7.autoset.AutoSetAsyncTaskMonitor';

/** A file to add to the catalog. */
export interface Arrival {
  /** Identifies it within the run. */
  readonly key: string;
  /** Path from the company's root, including the file name. */
  readonly path: string;
  /** Stores it in the file store. An `ItemFailure` becomes a row. */
  fetch(signal: AbortSignal, progress: (fraction: number, message?: string) => void): Promise<StoredFile>;
  /** Whether it counts as a transfer in the log. */
  readonly transferred: boolean;
}

/** A file that is ready to become an asset. */
interface Ready {
  readonly prepared: PreparedIngest;
  readonly transferred: boolean;
}

/** An unpacked archive whose files are in the catalog. */
interface Unpacked {
  readonly archive: string;
  readonly files: number;
  readonly transferred: boolean;
}

type Outcome = Ready | Unpacked;

/** Adds the files of a run to the catalog. */
export class UploadRun<Kind extends KindName> {
  readonly #context: RunContext<Kind>;
  readonly #options: IngestOptions;
  readonly #place: IngestPlace;
  readonly #task: Task;
  readonly #autoSets: Task;
  readonly #together: Together<Outcome> = {
    most: COMMITTED_AT_ONCE,
    commit: (tx, outcomes) => this.#commitTogether(tx, outcomes),
  };
  #total: number;

  private constructor(context: RunContext<Kind>, options: IngestOptions, total: number) {
    this.#context = context;
    this.#options = options;
    this.#task = context.task(UPLOAD_TASK, total);
    this.#autoSets = context.task(AUTO_SET_TASK, 0);
    context.progress.phase = 'Optimizing files';
    this.#total = total;
    this.#place = placeOf(context);
  }

  /** Begins a run. */
  static async begin<Kind extends KindName>(
    context: RunContext<Kind>,
    total: number,
  ): Promise<UploadRun<Kind>> {
    const upload = new UploadRun(context, await optionsOfRun(context), total);
    // Both tasks are shown from the start, not only once the first file has made progress.
    await context.progress.flush();
    return upload;
  }

  /** Adds to the number of files. */
  addTotal(files: number): void {
    this.#total += files;
    this.#task.total = this.#total;
  }

  /** Records the number of files in the log, once: archives add their contents later. */
  async announce(files: number): Promise<void> {
    if (this.#context.run.counters.total === 0) await this.#context.setTotal(files);
  }

  async add(arrivals: Iterable<Arrival> | AsyncIterable<Arrival>): Promise<void> {
    await this.#context.items(
      this.#task,
      itemsOf(arrivals, (arrival) => this.#item(arrival)),
      { concurrency: UPLOAD_CONCURRENCY, together: this.#together },
    );
  }

  end(): void {
    this.#task.end('Done');
    this.#autoSets.end('Done');
  }

  #item(arrival: Arrival): Item<Outcome> {
    const { path, transferred } = arrival;
    return {
      key: arrival.key,
      name: path.slice(path.lastIndexOf('/') + 1),
      prepare: async (signal, progress) => {
        await this.#checkFolder(path);
        const stored = await arrival.fetch(signal, (fraction, message) => progress(fraction / 2, message));
        progress(0.5);
        if (this.#options.unCompress) {
          const unpacked = await this.#unpack(arrival, stored, signal);
          if (unpacked !== undefined) return unpacked;
        }
        const prepared = await prepareIngest(
          this.#place,
          { path, stored },
          this.#options,
          signal,
          (fraction, message) => progress(0.5 + fraction / 2, message),
        );
        return { prepared, transferred };
      },
      commit: async (tx, outcome) =>
        'archive' in outcome
          ? this.#commitArchive(tx, outcome)
          : this.#result(outcome, await commitIngest(tx, this.#place, outcome.prepared)),
    };
  }

  async #commitArchive(tx: Db, { archive, files, transferred }: Unpacked): Promise<ItemResult> {
    await this.#context.count(tx, { total: files });
    return {
      outcome: 'success',
      rows: [
        { logType: 'FileBegin', message: archive, assetType: 'Zip' },
        {
          logType: this.#context.logTypes.success,
          message: `${files === 1 ? '1 file was' : `${files} files were`} unpacked from ${archive}.`,
          assetType: 'Zip',
        },
      ],
      ...(transferred ? { transfers: { success: 1 } } : {}),
    };
  }

  /** Commits those files together that become new assets and nothing else. */
  async #commitTogether(tx: Db, outcomes: readonly Outcome[]): Promise<(ItemResult | undefined)[]> {
    const files = outcomes.filter((outcome) => 'prepared' in outcome);
    const ingested = await commitNewFiles(
      tx,
      this.#place,
      files.map(({ prepared }) => prepared),
    );
    const results = new Map<Outcome, ItemResult>();
    for (const [at, file] of files.entries()) {
      const made = ingested[at];
      if (made !== undefined) results.set(file, this.#result(file, made));
    }
    return outcomes.map((outcome) => results.get(outcome));
  }

  /**
   * Unpacks an archive and adds its files to the catalog, each as a separate item. After a crash, the archive is unpacked again, and
   * finished files are skipped.
   *
   * @returns `undefined` for anything but an archive.
   */
  async #unpack(arrival: Arrival, stored: StoredFile, signal: AbortSignal): Promise<Unpacked | undefined> {
    const { services } = this.#context;
    const { limits } = services.config;
    const type = await typeOfStored(services.files, stored.hash, arrival.path);
    if (type?.type !== 'Zip') return undefined;
    const archive = {
      path: await services.files.path(stored.hash),
      size: stored.size,
      mediaType: type.mediaType,
    };
    const bounds = {
      maxEntries: limits.maxArchiveEntries,
      maxBytes: limits.maxArchiveBytes,
      maxFileBytes: limits.maxFileBytes,
    };
    let files: readonly UnpackedFile[];
    try {
      files = await unpackArchive(archive, services.files, bounds, signal);
    } catch (error) {
      if (error instanceof ArchiveError) throw new ItemFailure(error.message, { cause: error });
      throw error;
    }
    this.addTotal(files.length);
    const folder = arrival.path.slice(0, arrival.path.lastIndexOf('/') + 1);
    const inside = itemsOf(files, (file): Item<Outcome> => {
      const one: Arrival = {
        key: `${arrival.key}!${file.path}`,
        path: this.#pathInside(`${folder}${file.path}`),
        transferred: false,
        fetch: async () => file.stored,
      };
      // Nested archives are not unpacked.
      return { ...this.#item(one), prepare: this.#prepareInside(one) };
    });
    await this.#context.items(this.#task, inside, { concurrency: 1, together: this.#together });
    return { archive: arrival.path, files: files.length, transferred: arrival.transferred };
  }

  /** @throws ItemFailure if the submitter may not add files to the folder of a path. */
  #checkFolder(path: string): Promise<void> {
    return checkPlace(this.#context, path.slice(0, path.lastIndexOf('/') + 1), READ_WRITE);
  }

  #pathInside(path: string): string {
    try {
      return cleanPath(this.#context.company, path, 'a path in the archive');
    } catch (error) {
      if (error instanceof IpsFault) throw new ItemFailure(error.reason, { cause: error });
      throw error;
    }
  }

  #prepareInside({ path, fetch, transferred }: Arrival): Item<Outcome>['prepare'] {
    return async (signal, progress) => {
      await this.#checkFolder(path);
      const stored = await fetch(signal, progress);
      const prepared = await prepareIngest(this.#place, { path, stored }, this.#options, signal, progress);
      return { prepared, transferred };
    };
  }

  #result({ prepared, transferred }: Ready, { effect, asset, warnings, generated }: Ingested): ItemResult {
    const { logTypes } = this.#context;
    const { path } = prepared.file;
    const row = (logType: string, message: string): LogRow => ({
      logType,
      message,
      assetName: asset.name,
      assetType: logFileTypeOf(asset.type),
      assetId: asset.id,
    });
    // The sentence is from the service and the same for both.
    const processed = `${path} was processed into IPS.`;
    const outcome = {
      created: row(logTypes.success, processed),
      updated: row('FileUpdated', processed),
      duplicate: row('DuplicateSkipped', `${path} is already in the catalog and was skipped.`),
    }[effect];
    const rows: LogRow[] = [
      row('FileBegin', path),
      ...warnings.map((warning) => row(logTypes.warning, `${path}: ${warning}`)),
      outcome,
    ];
    for (const made of generated) {
      rows.push({
        logType: logTypes.success,
        message: `The asset ${made.name} was created from the file ${path}.`,
        assetName: made.name,
        assetType: logFileTypeOf(made.type),
        assetId: made.id,
      });
    }
    return {
      outcome: effect === 'duplicate' ? 'duplicate' : effect === 'updated' ? 'update' : 'success',
      // The file is in the catalog nevertheless.
      warned: warnings.length > 0,
      rows,
      ...(transferred ? { transfers: { success: 1 } } : {}),
    };
  }
}

/** The options in a run's details, resolved when it runs, because objects may have been removed since the job was submitted. */
export async function optionsOfRun(context: RunContext): Promise<IngestOptions> {
  const { services, company, details, run } = context;
  if (((details as UploadOptions).autoSetCreationOptions?.autoSetsArray ?? []).length > 0) {
    const message =
      'no set was created: uploads to this server do not create sets; use automatedSetGenerationJob';
    await context.once('automated-sets', (tx) =>
      context.addRows(tx, [{ logType: context.logTypes.warning, message }]),
    );
  }
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
