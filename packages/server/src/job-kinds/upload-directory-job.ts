import { lstat, opendir, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { and, desc, eq, ne, sql } from 'drizzle-orm';
import { requirePlaces } from '../access/permissions/places.js';
import { READ_WRITE } from '../access/permissions/rights.js';
import { ingestOptionsOf } from '../assets/ingest-options.js';
import { cleanPath, destinationPath } from '../assets/upload-path.js';
import * as t from '../db/schema.js';
import { ItemFailure, RunFailure } from '../failures.js';
import { invalidParameter } from '../faults.js';
import { fileChunks } from '../files/file-chunks.js';
import { FileTooLargeError, type StoredFile } from '../files/file-store.js';
import type { JobKind } from '../jobs/job-kind.js';
import type { RunContext } from '../jobs/run-context.js';
import { withUploadDefaults } from './upload-defaults.js';
import { type Arrival, UPLOAD_LOG_TYPES, UploadRun } from './upload-run.js';

/** Maximum files of one run. */
const MAX_FILES = 1_000_000;

/** Uploads the files in a directory on the server. With a schedule, each run uploads only new and changed files. */
export const uploadDirectoryJob: JobKind<'uploadDirectoryJob'> = {
  kind: 'uploadDirectoryJob',
  type: 'UploadFromServerDirectory',
  logTypes: UPLOAD_LOG_TYPES,
  check: async (details, place) => {
    const company = place.company;
    stepsOf(details.serverDir);
    const field = 'uploadDirectoryJob/destFolder';
    const file = details.destFolder
      ? destinationPath(company, `${details.destFolder}/file`, field)
      : `${company.rootPath}file`;
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    await requirePlaces(place.db, place.viewer, [folder], READ_WRITE, () => field);
    await ingestOptionsOf(place.db, company, details, 'uploadDirectoryJob');
  },
  shown: (details, settings) => withUploadDefaults({ postJobOnlyIfFiles: false, ...details }, settings),
  run: async (context) => {
    const { details, services, run } = context;
    const directory = await directoryOf(services.config.serverRoot, details.serverDir);
    const known = await seenBefore(context);
    const there = await filesIn(directory, details.includeSubfolders, context.signal);
    const found = there.filter((file) => !known.has(keyOf(file)));
    if (details.processMetadataFiles && run.counters.total === 0) {
      await context.log({
        logType: context.logTypes.warning,
        message: 'this server does not read metadata files; they are uploaded like other files',
      });
    }
    const upload = await UploadRun.begin(context, found.length);
    await upload.announce(found.length);
    await upload.add(found.map((file) => arrivalOf(context, file)));
    await rememberSeen(context, there.map(keyOf));
    upload.end();
    return 'done';
  },
};

/** A file to upload. */
interface FoundFile {
  readonly path: string;
  /** Relative to the directory of the job, with slashes. */
  readonly name: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

const KEY = 'file/';

/** The key of a file, which changes when the file changes. */
const keyOf = ({ name, size, modified }: FoundFile): string => `${KEY}${name}|${size}|${modified}`;

/** The path segments of a `serverDir`. */
function stepsOf(serverDir: string): string[] {
  const steps = serverDir
    .replaceAll('\\', '/')
    .split('/')
    .filter((step) => step !== '' && step !== '.');
  if (steps.some((step) => step === '..' || /\p{Cc}|:/u.test(step))) {
    throw invalidParameter(
      'uploadDirectoryJob/serverDir',
      serverDir,
      'a path inside the served directory, without ".."',
    );
  }
  return steps;
}

/** The directory of a `serverDir`, which is inside the root even after links are followed. */
async function directoryOf(serverRoot: string, serverDir: string): Promise<string> {
  const root = await realpath(serverRoot).catch(() => {
    throw new RunFailure('the server has no directory to upload from');
  });
  let directory: string;
  try {
    directory = await realpath(resolve(root, ...stepsOf(serverDir)));
    if (!(await stat(directory)).isDirectory()) throw new RunFailure(`"${serverDir}" is not a directory`);
  } catch (error) {
    if (error instanceof RunFailure) throw error;
    throw new RunFailure(`the directory "${serverDir}" does not exist`, { cause: error });
  }
  if (!isWithin(root, directory)) throw new RunFailure(`"${serverDir}" is outside the served directory`);
  return directory;
}

function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}

/** The files in a directory by name, without links and hidden files. */
async function filesIn(directory: string, deep: boolean, signal: AbortSignal): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const open = [directory];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for await (const entry of await opendir(next)) {
      signal.throwIfAborted();
      if (entry.name.startsWith('.')) continue;
      const path = join(next, entry.name);
      if (entry.isDirectory()) {
        if (deep) open.push(path);
        continue;
      }
      if (!entry.isFile()) continue;
      const { size, mtimeMs } = await lstat(path);
      found.push({
        path,
        name: relative(directory, path).replaceAll(sep, '/'),
        size,
        modified: Math.trunc(mtimeMs),
      });
      if (found.length > MAX_FILES) throw new RunFailure(`the directory has more than ${MAX_FILES} files`);
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Field in a run's state for the keys of the files that it found. */
const SEEN = 'seenFiles';

/** The files found by the last run of the same job, including failed ones. They are skipped until they change. */
async function seenBefore({ services, run }: RunContext): Promise<ReadonlySet<string>> {
  if (run.triggerId === null) return new Set();
  const [last] = await services.db
    .select({ state: t.runs.progressState })
    .from(t.runs)
    .where(earlierRuns(run.triggerId, run.id))
    .orderBy(desc(t.runs.id))
    .limit(1);
  return new Set(last?.state[SEEN] as string[] | undefined);
}

/** Stores the files found in this run and removes those of earlier runs. */
async function rememberSeen(context: RunContext, keys: readonly string[]): Promise<void> {
  const { run } = context;
  const { triggerId } = run;
  if (triggerId === null) return;
  await context.transaction(async (tx) => {
    await tx
      .update(t.runs)
      .set({ progressState: sql`${t.runs.progressState} - ${SEEN}::text` })
      .where(earlierRuns(triggerId, run.id));
    await tx
      .update(t.runs)
      .set({ progressState: { ...run.progressState, [SEEN]: keys } })
      .where(eq(t.runs.id, run.id));
  });
}

const earlierRuns = (triggerId: number, runId: number) =>
  and(
    eq(t.runs.triggerId, triggerId),
    ne(t.runs.id, runId),
    // The name is part of the text, as in the condition of the index.
    sql`jsonb_exists(${t.runs.progressState}, '${sql.raw(SEEN)}')`,
  );

function arrivalOf(context: RunContext<'uploadDirectoryJob'>, file: FoundFile): Arrival {
  const { company, details, services } = context;
  return {
    key: keyOf(file),
    path: cleanPath(company, `${details.destFolder ?? ''}/${file.name}`, 'uploadDirectoryJob/destFolder'),
    transferred: true,
    fetch: (signal) =>
      copy(file, services.config.limits.maxFileBytes, (path, maxBytes) =>
        services.files.put(fileChunks(path, signal), { maxBytes }),
      ),
  };
}

async function copy(
  { path, size, modified }: FoundFile,
  maxBytes: number,
  put: (path: string, maxBytes: number) => Promise<StoredFile>,
): Promise<StoredFile> {
  let stored: StoredFile;
  try {
    // The file may have been replaced by a link since it was listed.
    if (!(await lstat(path)).isFile()) throw new ItemFailure('it is no longer a file');
    stored = await put(path, maxBytes);
  } catch (error) {
    if (error instanceof FileTooLargeError) throw new ItemFailure(error.message, { cause: error });
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new ItemFailure('it was removed in the meantime', { cause: error });
    if (code === 'EACCES' || code === 'EPERM')
      throw new ItemFailure('the server has no permission to read it', { cause: error });
    throw error;
  }
  const after = await lstat(path).catch(() => undefined);
  if (stored.size !== size || (after !== undefined && Math.trunc(after.mtimeMs) !== modified))
    throw new ItemFailure('it changed while it was being read; the next run will pick it up again');
  return stored;
}
