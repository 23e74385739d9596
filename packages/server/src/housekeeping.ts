import { cleanUpTrash } from './assets/trash-cleanup.js';
import { removeOldPortalEvents } from './companies/old-portal-events.js';
import { mailTrashCleanup } from './companies/trash-mail.js';
import { removeStrayFiles } from './files/unused-files.js';
import { removeExpiredExports } from './publish/export-archive.js';
import type { Services } from './services.js';

/** The nightly housekeeping: empties the trash and reports it, and removes expired exports, old events and unused files. */
export async function keepHouse(services: Services): Promise<void> {
  await cleanUpTrash(services);
  await mailTrashCleanup(services);
  await removeExpiredExports(services);
  await removeOldPortalEvents(services);
  const { kept, ...counts } = await removeStrayFiles(services);
  if (kept !== undefined) {
    services.log.error(
      counts,
      `unused files were kept: ${kept}; run "ips-server check", and restore the database from a backup if needed`,
    );
  }
}
