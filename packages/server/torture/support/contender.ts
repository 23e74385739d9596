// A process that tries to own a data directory when it is told to, and holds on to it.
import { DirectoryInUseError, DirectoryLock } from '../../dist/db/directory-lock.js';

const [directory = ''] = process.argv.slice(2);
let lock: DirectoryLock | undefined;

process.on('message', async () => {
  try {
    // The file system was probed before the first round.
    lock = await DirectoryLock.acquire(directory, async () => 'unknown');
    process.send?.({ held: true, pid: process.pid });
  } catch (error) {
    process.send?.({
      held: false,
      pid: process.pid,
      error: error instanceof DirectoryInUseError ? undefined : String(error),
    });
  }
});
process.on('disconnect', () => {
  lock?.release();
  process.exit();
});
process.send?.('ready');
