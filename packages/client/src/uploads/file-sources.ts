import { createReadStream } from 'node:fs';
import { lstat, opendir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { source as isSource } from '../option-checks.js';
import { destFolderBelow, destPathOf, repeatedFolderWarnings } from './dest-path.js';
import { type FileRules, FileSelection, type LeftOut } from './file-rules.js';
import type { TrackedFile } from './tracker.js';
import { FileSourceError, UploadInputError, type UploadProblem } from './upload-error.js';

/** Chunks of bytes. */
export type ByteStream = AsyncIterable<Uint8Array>;

/** A file, a folder or a stream to upload. */
export type FileSource =
  /** Path of a file, or of a folder to upload with its subfolders. */
  | string
  | {
      readonly path: string;
      /** Destination below `destFolder`: the path of a file, or of a folder for the content of a folder. */
      readonly destPath?: string | undefined;
    }
  | {
      /**
       * The content. A stream can be read only once, so its upload fails if the connection breaks. A function that opens the stream is
       * called again for a retry.
       */
      readonly content: Uint8Array | ByteStream | (() => ByteStream | Promise<ByteStream>);
      /** Destination path below `destFolder`. */
      readonly destPath: string;
      /** Length in bytes, if known. */
      readonly size?: number | undefined;
    };

/** A file to upload. */
export interface LocalFile extends TrackedFile {
  readonly size: number | undefined;
  /** Whether the content can be read again. */
  readonly repeatable: boolean;
  /** @throws FileSourceError when the file cannot be read or its size has changed. */
  read(): ByteStream;
}

/** Options for finding files. */
export interface WalkFilesOptions extends FileRules {
  /** Destination folder. */
  readonly destFolder: string;
  readonly signal?: AbortSignal | undefined;
}

/** The result of `findFiles`. */
export interface FoundFiles {
  readonly files: readonly LocalFile[];
  /** Skipped files and folders. */
  readonly leftOut: readonly LeftOut[];
  /** Messages about probable mistakes, such as a destination that repeats a folder. */
  readonly warnings: readonly string[];
}

/** The state of a search for files. */
interface Search {
  readonly selection: FileSelection;
  readonly leftOut: LeftOut[];
  readonly destFolder: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Finds the files to upload. Files of a folder are sorted by name.
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
            problem: `expected a unique destination, found ${file.destPath}, which is also that of ${twin}`,
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
  isSource(source, 'source');
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

/** Whether to upload a file. `isIncluded` means that `include` matches a parent folder. */
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
  // A link to a parent folder would cause an endless loop.
  const real = await realpath(folder);
  if (above.has(real)) return;
  const within = new Set([...above, real]);
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) names.push(name);
  for (const name of names.sort()) {
    search.signal?.throwIfAborted();
    const path = join(folder, name);
    const status = await stat(path).catch(unlessMissing);
    const isFolder = status?.isDirectory() ?? false;
    const found = { path, below: relative(given.root, path), isFolder, isGiven: false };
    const rule = search.selection.leavesOut(found);
    if (rule !== undefined) {
      search.leftOut.push({ path: isFolder ? `${path}${sep}` : path, rule });
    } else if (status === undefined) {
      // Without a link, it was removed after its folder was read.
      if (await isLink(path)) search.leftOut.push({ path, rule: 'link' });
    } else if (!isFolder && !status.isFile()) {
      search.leftOut.push({ path, rule: 'special' });
    } else if (isFolder) {
      yield* filesBelow(search, given, within, path, isIncluded || search.selection.includes(found));
    } else if (isChosen(search, found, isIncluded)) {
      yield fileOnDisk(path, destPathOf(given.destFolder, found.below), status);
    }
  }
}

/** Links to nothing, and to each other. */
const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (!MISSING.has(error.code ?? '')) throw error;
}

async function isLink(path: string): Promise<boolean> {
  return (await lstat(path).catch(unlessMissing))?.isSymbolicLink() ?? false;
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

/** Passes bytes through, and fails if their number differs from the announced size, which would corrupt the request. */
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
    const found = read > size ? 'more' : read;
    throw new FileSourceError(destPath, `expected ${size} bytes, found ${found}: the file has changed`);
  }
}

function nameOf(source: FileSource): string {
  if (typeof source === 'string') return source;
  if (source === null || typeof source !== 'object') return String(source);
  return 'path' in source ? source.path : source.destPath;
}
