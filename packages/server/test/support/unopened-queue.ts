// A server whose queue is never opened, as a process of its own.
import { PgBoss } from 'pg-boss';
import { createIpsServer } from '../../dist/create-server.js';

PgBoss.prototype.start = () => new Promise(() => undefined);
const [dataDir] = process.argv.slice(2);
const server = await createIpsServer({ dataDir, allowPrivateAddresses: true });
process.stdout.write(`listening on ${server.url}\n`);
