import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DATABASE, FILES } from './data-directory.js';

/** The directory where a restore collects the new database and files. */
const INCOMING = 'restore.incoming';

/** The replaced files, until they are removed. */
const REPLACED = 'restore.replaced';

/** The file that makes a replacement valid. */
const COMPLETE = 'complete';

/** An empty directory to collect a replacement in. The caller must own the data directory. */
export function beginReplacement(directory: string): string {
  const incoming = join(directory, INCOMING);
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { mode: 0o700 });
  return incoming;
}

/** Removes the collected files. */
export function discardReplacement(directory: string): void {
  rmSync(join(directory, INCOMING), { recursive: true, force: true });
}

/**
 * Marks the collected files as complete and moves them into place. From then on, the replacement will finish
 * even if this process dies.
 */
export function commitReplacement(directory: string): void {
  const incoming = join(directory, INCOMING);
  syncDirectory(incoming);
  writeFileSync(join(incoming, COMPLETE), '', { mode: 0o600, flush: true });
  syncDirectory(incoming);
  finishReplacement(directory);
}

/**
 * Finishes a replacement that was complete when its process died, or discards an incomplete one. The caller
 * must own the data directory.
 */
export function finishReplacement(directory: string): void {
  const incoming = join(directory, INCOMING);
  const replaced = join(directory, REPLACED);
  if (existsSync(join(incoming, COMPLETE))) {
    mkdirSync(replaced, { recursive: true, mode: 0o700 });
    for (const name of [FILES, DATABASE]) {
      // Already moved if it is missing from the collected files.
      if (!existsSync(join(incoming, name))) continue;
      if (existsSync(join(directory, name))) {
        rmSync(join(replaced, name), { recursive: true, force: true });
        renameSync(join(directory, name), join(replaced, name));
      }
      renameSync(join(incoming, name), join(directory, name));
    }
    syncDirectory(directory);
  }
  rmSync(incoming, { recursive: true, force: true });
  rmSync(replaced, { recursive: true, force: true });
}

/** Flushes the entries of a directory to disk. Windows does this itself. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
