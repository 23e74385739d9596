// Adds an empty database to the package, from which embedded ones are copied: creating one takes seconds.
import pino from 'pino';
import { shipTemplate } from '../dist/db/template.js';
import { BossQueue } from '../dist/jobs/boss-queue.js';

await shipTemplate(async (queue, db) => {
  // A process with this role only creates the queues.
  const config = { role: 'api', workers: 0, serverName: 'template' } as const;
  const boss = new BossQueue({ queue, db, exclusive: true }, config, pino());
  await boss.open();
  await boss.stop();
});
