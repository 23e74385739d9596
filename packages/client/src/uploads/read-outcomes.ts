import type { JobLogDetail } from '@ips-sdk/types';
import { isFailureRow, isWarningRow, type JobVerdict } from '../jobs/verdict.js';
import type { UploadStatus } from './outcome.js';

/** A file that a job was given. */
export interface SentFile {
  readonly destPath: string;
  readonly source: string | undefined;
}

/** What a log says of one file. */
export interface LoggedOutcome {
  readonly status: UploadStatus;
  readonly reason: string | undefined;
  readonly warnings: readonly string[];
  readonly assetHandle: string | undefined;
}

interface Found {
  status: UploadStatus;
  reason: string | undefined;
  assetHandle: string | undefined;
  readonly warnings: string[];
}

/** Of two rows about one file the stronger counts: an update is reported as a success too, and a failure outdoes both. */
const STRENGTH: Readonly<Record<UploadStatus, number>> = {
  unknown: 0,
  succeeded: 1,
  duplicate: 2,
  updated: 3,
  failed: 4,
};

/**
 * Reads what became of each file out of the rows of a job's log. A row names the asset, whose name is that of the file without its
 * suffix, and holds a message in which the file may be named; which it is differs by what happened.
 */
export function readOutcomes(
  files: readonly SentFile[],
  rows: readonly JobLogDetail[],
  verdict: JobVerdict,
): LoggedOutcome[] {
  const names = new FileNames(files);
  const found = files.map(
    (): Found => ({ status: 'unknown', reason: undefined, assetHandle: undefined, warnings: [] }),
  );
  const homeless: JobLogDetail[] = [];
  for (const row of rows) {
    const status = statusOf(row);
    const warning = isWarningRow(row);
    if (status === undefined && !warning) continue;
    const index = names.find(row);
    const file = index === undefined ? undefined : found[index];
    if (file === undefined) {
      if (status === 'failed') homeless.push(row);
      continue;
    }
    if (warning) file.warnings.push(row.logMessage);
    file.warnings.push(...(row.auxArray ?? []).map((aux) => aux.logMessage));
    file.assetHandle = row.assetHandle ?? file.assetHandle;
    if (status === undefined || STRENGTH[status] < STRENGTH[file.status]) continue;
    file.status = status;
    file.reason = status === 'failed' ? row.logMessage || row.logType : undefined;
  }
  settleRest(found, homeless, verdict);
  return found;
}

function statusOf(row: JobLogDetail): UploadStatus | undefined {
  switch (row.logType) {
    case 'UploadSuccess':
      return 'succeeded';
    case 'FileUpdated':
      return 'updated';
    case 'DuplicateSkipped':
      return 'duplicate';
    case 'FileCancel':
      return 'failed';
    default:
      return isFailureRow(row) ? 'failed' : undefined;
  }
}

/** Decides on the files that no row names, as far as the rest of the log allows. */
function settleRest(found: readonly Found[], homeless: readonly JobLogDetail[], verdict: JobVerdict): void {
  const rest = found.filter((file) => file.status === 'unknown');
  if (rest.length === 0) return;
  const { counts, log } = verdict;
  const good = counts.succeeded + counts.updated + counts.duplicates;
  const fatal = homeless.find((row) => row.logType === 'FatalError');
  const only = rest.length === 1 && homeless.length === 1 ? homeless[0] : undefined;
  for (const file of rest) {
    const cause = only ?? fatal;
    if (cause !== undefined)
      Object.assign(file, { status: 'failed', reason: cause.logMessage || cause.logType });
    else if (log.fatalError)
      Object.assign(file, { status: 'failed', reason: 'the job ended with a fatal error' });
    else if (verdict.status === 'stopped')
      Object.assign(file, { status: 'failed', reason: 'the job was stopped' });
    else if (homeless.length === 0 && counts.failed === 0 && good >= found.length) file.status = 'succeeded';
    else
      file.reason = `the log of the job says nothing of it (${homeless.length} of its errors name no file)`;
  }
}

/** Finds the file that a row is about. */
class FileNames {
  /** By path, name and name without suffix; `-1` for what more than one file is called. */
  readonly #byName = new Map<string, number>();
  /** Names as they may stand in a message, the longest first, so that none is found inside of another. */
  readonly #inMessages: readonly (readonly [name: string, index: number])[];

  constructor(files: readonly SentFile[]) {
    const inMessages: [string, number][] = [];
    for (const [index, { destPath, source }] of files.entries()) {
      const name = destPath.slice(destPath.lastIndexOf('/') + 1);
      const stem = name.replace(/\.[^.]+$/, '');
      for (const key of new Set([destPath, name, stem])) {
        this.#byName.set(key, this.#byName.has(key) ? -1 : index);
      }
      inMessages.push([destPath, index], [name, index]);
      if (source !== undefined) inMessages.push([source, index]);
    }
    this.#inMessages = inMessages.sort(([a], [b]) => b.length - a.length);
  }

  find({ assetName, logMessage }: JobLogDetail): number | undefined {
    const exact = this.#byName.get(assetName ?? '') ?? this.#byName.get(logMessage);
    if (exact !== undefined && exact >= 0) return exact;
    const texts = [logMessage, assetName ?? ''];
    let best: readonly [name: string, index: number] | undefined;
    for (const candidate of this.#inMessages) {
      const [name, index] = candidate;
      if (best !== undefined && name.length < best[0].length) break;
      if (index === best?.[1] || !texts.some((text) => holds(text, name))) continue;
      // A name that two files share, in different folders, tells nothing.
      if (best !== undefined) return undefined;
      best = candidate;
    }
    return best?.[1];
  }
}

/** Whether a text holds a name as a whole: `red.tif` is not in `dark-red.tif`. */
function holds(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0 && name !== ''; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + name.length] ?? ' ';
    if (!/[\p{L}\p{N}_-]/u.test(before) && !/[\p{L}\p{N}_-]/u.test(after)) return true;
  }
  return false;
}
