import type { JobLogDetail } from '@ips-sdk/types';
import { isFailureRow, isWarningRow, type JobVerdict } from '../jobs/verdict.js';
import type { UploadStatus } from './outcome.js';

/** A file of a job. */
export interface SentFile {
  readonly destPath: string;
  readonly source: string | undefined;
}

/** The outcome of a file according to a log. */
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

/** The precedence of rows about the same file. An update is also logged as a success, and a failure overrides both. */
const STRENGTH: Readonly<Record<UploadStatus, number>> = {
  unknown: 0,
  skipped: 0,
  succeeded: 1,
  duplicate: 2,
  updated: 3,
  failed: 4,
};

/**
 * Reads the outcome of each file from the log of a job. Depending on its type, a row contains the name of the asset, which is the file name
 * without its suffix, or the file name in its message.
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
  const ambiguous = new Map<string, Twins>();
  for (const row of rows) {
    const status = statusOf(row);
    const warning = isWarningRow(row);
    if (status === undefined && !warning) continue;
    const indexes = names.find(row);
    const [index] = indexes;
    const file = index === undefined ? undefined : found[index];
    if (file === undefined) {
      if (status === 'failed') homeless.push(row);
      continue;
    }
    if (indexes.length > 1) {
      const key = indexes.join();
      const twins = ambiguous.get(key) ?? { files: indexes.flatMap((i) => found[i] ?? []), rows: [] };
      ambiguous.set(key, twins);
      if (status !== undefined) twins.rows.push({ status, row });
      continue;
    }
    if (warning) file.warnings.push(row.logMessage);
    file.warnings.push(...(row.auxArray ?? []).map((aux) => aux.logMessage));
    file.assetHandle = row.assetHandle ?? file.assetHandle;
    if (status === undefined || STRENGTH[status] < STRENGTH[file.status]) continue;
    file.status = status;
    file.reason = status === 'failed' ? row.logMessage || row.logType : undefined;
  }
  for (const twins of ambiguous.values()) settleTwins(twins);
  settleRest(found, homeless, verdict);
  return found;
}

/** Files with the same name in different folders, and the rows about any of them. */
interface Twins {
  readonly files: readonly Found[];
  readonly rows: { readonly status: UploadStatus; readonly row: JobLogDetail }[];
}

/** Rows with the same outcome apply to all files of their name. If only some failed, the log does not show which. */
function settleTwins({ files, rows }: Twins): void {
  const open = files.filter((file) => file.status === 'unknown');
  const count = (status: UploadStatus): number => rows.filter((one) => one.status === status).length;
  const failures = rows
    .filter(({ status }) => status === 'failed')
    .map(({ row }) => row.logMessage || row.logType);
  if (failures.length > 0) {
    const all = failures.length >= open.length;
    for (const [i, file] of open.entries()) {
      file.status = all ? 'failed' : 'unknown';
      file.reason = all
        ? failures[i]
        : `${failures.length} of ${files.length} files with this name failed: ${failures[0]}`;
    }
    return;
  }
  const status = (['updated', 'duplicate', 'succeeded'] as const).find((one) => count(one) >= open.length);
  const good = count('succeeded') + count('duplicate') >= open.length;
  for (const file of open) file.status = status ?? (good ? 'succeeded' : 'unknown');
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

/** Determines the outcome of files without a row, as far as the rest of the log allows. */
function settleRest(found: readonly Found[], homeless: readonly JobLogDetail[], verdict: JobVerdict): void {
  const rest = found.filter((file) => file.status === 'unknown' && file.reason === undefined);
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
    else file.reason = `not mentioned in the log of the job (${homeless.length} of its errors name no file)`;
  }
}

/** Finds the file of a row. */
class FileNames {
  /** Files by path, by name and by name without suffix. */
  readonly #byName = new Map<string, number[]>();
  /** Names that a message may contain, longest first, so none matches inside another. */
  readonly #inMessages: readonly string[];

  constructor(files: readonly SentFile[]) {
    const inMessages = new Set<string>();
    const note = (name: string, index: number): void => {
      const known = this.#byName.get(name);
      if (known === undefined) this.#byName.set(name, [index]);
      else known.push(index);
    };
    for (const [index, { destPath, source }] of files.entries()) {
      const name = destPath.slice(destPath.lastIndexOf('/') + 1);
      const inMessage = [destPath, name, ...(source === undefined ? [] : [source])];
      for (const one of new Set([...inMessage, name.replace(/\.[^.]+$/, '')])) note(one, index);
      for (const one of inMessage) if (one !== '') inMessages.add(one);
    }
    this.#inMessages = [...inMessages].sort((a, b) => b.length - a.length);
  }

  /** The files that a row may concern, by the most specific name in it. */
  find({ assetName, logMessage }: JobLogDetail): readonly number[] {
    const named = this.#byName.get(assetName ?? '') ?? this.#byName.get(logMessage);
    if (named?.length === 1) return named;
    const texts = [logMessage, assetName ?? ''];
    const best = this.#inMessages.find((name) => texts.some((text) => holds(text, name)));
    return (best === undefined ? undefined : this.#byName.get(best)) ?? named ?? [];
  }
}

/** Whether a text contains a whole name: `red.tif` is not in `dark-red.tif`. */
function holds(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + name.length] ?? ' ';
    if (!/[\p{L}\p{N}_-]/u.test(before) && !/[\p{L}\p{N}_-]/u.test(after)) return true;
  }
  return false;
}
