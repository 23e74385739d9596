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

/** Where a restore collects what is to replace the database and the files. */
const INCOMING = 'restore.incoming';

/** What was replaced, until it is removed. */
const REPLACED = 'restore.replaced';

/** The file that makes a replacement valid. */
const COMPLETE = 'complete';

/** An empty directory to collect a replacement in. Whoever calls it owns the data directory. */
export function beginReplacement(directory: string): string {
  const incoming = join(directory, INCOMING);
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { mode: 0o700 });
  return incoming;
}

/** Removes what was collected. */
export function discardReplacement(directory: string): void {
  rmSync(join(directory, INCOMING), { recursive: true, force: true });
}

/** Declares what was collected complete and puts it in place. From here on it will be, whatever happens to this process. */
export function commitReplacement(directory: string): void {
  const incoming = join(directory, INCOMING);
  syncDirectory(incoming);
  writeFileSync(join(incoming, COMPLETE), '', { mode: 0o600, flush: true });
  syncDirectory(incoming);
  finishReplacement(directory);
}

/**
 * Finishes a replacement that was complete when its process died, and discards one that was not. Whoever calls it owns the data
 * directory.
 */
export function finishReplacement(directory: string): void {
  const incoming = join(directory, INCOMING);
  const replaced = join(directory, REPLACED);
  if (existsSync(join(incoming, COMPLETE))) {
    mkdirSync(replaced, { recursive: true, mode: 0o700 });
    for (const name of [FILES, DATABASE]) {
      // Already in place when it is no longer among what is to come.
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

/** Makes the names in a directory durable; Windows does that by itself. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
