import { createReadStream } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { destFolderBelow, destPathOf, repeatedFolderWarnings } from './dest-path.js';
import { type FileRules, FileSelection, type LeftOut } from './file-rules.js';
import type { TrackedFile } from './tracker.js';
import { FileSourceError, UploadInputError, type UploadProblem } from './upload-error.js';

/** Bytes, piece by piece. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** What can be uploaded. */
export type FileSource =
  /** The path of a file, or of a folder whose files are all uploaded, with the folders below it. */
  | string
  | {
      readonly path: string;
      /** Where it goes, below `destFolder`: the name of a file, or a folder for the files of a folder. */
      readonly destPath?: string | undefined;
    }
  | {
      /**
       * The bytes. A stream can be read only once, so it is lost when the connection breaks; a function that opens the stream is
       * called again.
       */
      readonly content: Uint8Array | ByteStream | (() => ByteStream | Promise<ByteStream>);
      /** Where it goes, below `destFolder`. */
      readonly destPath: string;
      /** The length in bytes, where it is known. */
      readonly size?: number | undefined;
    };

/** A file that can be sent. */
export interface LocalFile extends TrackedFile {
  readonly size: number | undefined;
  /** Whether its bytes can be read again. */
  readonly repeatable: boolean;
  /** @throws FileSourceError when it cannot be read, or its size has changed. */
  read(): ByteStream;
}

/** Options of the search for files. */
export interface WalkFilesOptions extends FileRules {
  /** The folder where all files go. */
  readonly destFolder: string;
  readonly signal?: AbortSignal | undefined;
}

/** The files to upload. */
export interface FoundFiles {
  readonly files: readonly LocalFile[];
  /** What rules left out. */
  readonly leftOut: readonly LeftOut[];
  /** What is probably not meant, in words. */
  readonly warnings: readonly string[];
}

/** A search: its rules, and what they left out so far. */
interface Search {
  readonly selection: FileSelection;
  readonly leftOut: LeftOut[];
  readonly destFolder: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Finds the files to upload; those of a folder in the order of their names.
 *
 * @throws UploadInputError when a path does not exist, or two files have the same destination.
 */
export async function findFiles(
  sources: Iterable<FileSource> | AsyncIterable<FileSource>,
  options: WalkFilesOptions,
): Promise<FoundFiles> {
  const files: LocalFile[] = [];
  const { destFolder, signal } = options;
  const search: Search = { selection: new FileSelection(options), leftOut: [], destFolder, signal };
  const problems: UploadProblem[] = [];
  const places = new Map<string, string>();
  let index = -1;
  for await (const source of sources) {
    index += 1;
    options.signal?.throwIfAborted();
    try {
      for await (const file of filesOf(source, search)) {
        const twin = places.get(file.destPath);
        const from = file.source ?? file.destPath;
        if (twin !== undefined)
          problems.push({
            index,
            value: from,
            problem: `which has the same destination as ${twin}: ${file.destPath}`,
          });
        places.set(file.destPath, from);
        files.push(file);
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      problems.push({ index, value: nameOf(source), problem: (error as Error).message });
    }
  }
  if (problems.length > 0) throw new UploadInputError(problems);
  const warnings = repeatedFolderWarnings(files.map(({ destPath }) => destPath));
  return { files, leftOut: search.leftOut, warnings };
}

async function* filesOf(source: FileSource, search: Search): AsyncGenerator<LocalFile> {
  const { selection, leftOut, destFolder } = search;
  if (typeof source === 'object' && 'content' in source) {
    yield fileOfContent(source, destFolder);
    return;
  }
  const { path, destPath } = typeof source === 'string' ? { path: source, destPath: undefined } : source;
  const status = await stat(path);
  if (!status.isFile() && !status.isDirectory()) throw new Error('expected a file or a folder');
  const isFolder = status.isDirectory();
  const found = { path, below: basename(resolve(path)), isFolder, isGiven: true };
  const rule = selection.leavesOut(found);
  if (rule !== undefined) leftOut.push({ path: isFolder ? `${path}${sep}` : path, rule });
  else if (isFolder) {
    const folder = { root: resolve(path), destFolder: destFolderBelow(destFolder, destPath ?? '') };
    yield* filesBelow(search, folder, new Set(), folder.root, selection.includes(found));
  } else if (isChosen(search, found, false)) {
    yield fileOnDisk(path, destPathOf(destFolder, destPath ?? basename(path)), status);
  }
}

/** Whether a file is uploaded. `isIncluded` says that a folder above it was named by the rules. */
function isChosen(
  { selection, leftOut }: Search,
  found: {
    readonly path: string;
    readonly below: string;
    readonly isFolder: boolean;
    readonly isGiven: boolean;
  },
  isIncluded: boolean,
): boolean {
  const rule = !isIncluded && !selection.includes(found) ? 'include' : 'filter';
  if (rule === 'filter' && selection.passes(found.path)) return true;
  leftOut.push({ path: found.path, rule });
  return false;
}

async function* filesBelow(
  search: Search,
  given: { readonly root: string; readonly destFolder: string },
  above: ReadonlySet<string>,
  folder: string,
  isIncluded: boolean,
): AsyncGenerator<LocalFile> {
  // A link to a folder above it would never end.
  const real = await realpath(folder);
  if (above.has(real)) return;
  const within = new Set([...above, real]);
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) names.push(name);
  for (const name of names.sort()) {
    search.signal?.throwIfAborted();
    const path = join(folder, name);
    const status = await stat(path);
    if (!status.isDirectory() && !status.isFile()) continue;
    const isFolder = status.isDirectory();
    const found = { path, below: relative(given.root, path), isFolder, isGiven: false };
    const rule = search.selection.leavesOut(found);
    if (rule !== undefined) {
      search.leftOut.push({ path: isFolder ? `${path}${sep}` : path, rule });
    } else if (isFolder) {
      yield* filesBelow(search, given, within, path, isIncluded || search.selection.includes(found));
    } else if (isChosen(search, found, isIncluded)) {
      yield fileOnDisk(path, destPathOf(given.destFolder, found.below), status);
    }
  }
}

function fileOnDisk(
  path: string,
  destPath: string,
  { size, mtimeMs }: { size: number; mtimeMs: number },
): LocalFile {
  return {
    key: `${destPath}:${size}:${Math.floor(mtimeMs)}`,
    destPath,
    source: path,
    size,
    repeatable: true,
    read: () => checked(createReadStream(path, { highWaterMark: 256 * 1024 }), destPath, size),
  };
}

function fileOfContent(
  { content, destPath: name, size: given }: Extract<FileSource, { readonly content: unknown }>,
  destFolder: string,
): LocalFile {
  const destPath = destPathOf(destFolder, name);
  const size = content instanceof Uint8Array ? content.byteLength : given;
  if (size !== undefined && (!Number.isSafeInteger(size) || size < 0))
    throw new Error(`expected a length in bytes, found ${size}`);
  const open = async (): Promise<ByteStream> => {
    if (content instanceof Uint8Array) return once(content);
    return typeof content === 'function' ? content() : content;
  };
  return {
    key: `${destPath}:${size ?? ''}`,
    destPath,
    source: undefined,
    size,
    repeatable: content instanceof Uint8Array || typeof content === 'function',
    read: () => checked(open(), destPath, size),
  };
}

async function* once(bytes: Uint8Array): ByteStream {
  yield bytes;
}

/** Passes bytes on, and fails when their number differs from the announced one, which would corrupt the request. */
async function* checked(
  source: ByteStream | Promise<ByteStream>,
  destPath: string,
  size: number | undefined,
): ByteStream {
  let read = 0;
  try {
    for await (const chunk of await source) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      read += bytes.byteLength;
      if (size !== undefined && read > size) break;
      yield bytes;
    }
  } catch (error) {
    throw new FileSourceError(destPath, (error as Error).message, error);
  }
  if (size !== undefined && read !== size) {
    const found = read > size ? `more than the ${size}` : `${read} of the ${size}`;
    throw new FileSourceError(
      destPath,
      `${found} bytes that it had at first were read; the file has changed`,
    );
  }
}

function nameOf(source: FileSource): string {
  if (typeof source === 'string') return source;
  if (source === null || typeof source !== 'object') return String(source);
  return 'path' in source ? source.path : source.destPath;
}
