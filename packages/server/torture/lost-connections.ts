// The database ends all connections, again and again, while uploads and their publishes run. Each round is one upload and one publish
// with exact counts. It needs a PostgreSQL server: IPS_TEST_DATABASE_URL.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { runAlone, type ScenarioOptions, type ScenarioResult, skipped } from './support/scenario.ts';
import { startServer, type TorturedServer } from './support/server.ts';
import { servePictures, uploadAndPublish } from './support/upload-round.ts';

const FILES = 25;

export const name = 'lost connections to the database';

export async function run({ short, log }: ScenarioOptions): Promise<ScenarioResult> {
  const given = process.env['IPS_TEST_DATABASE_URL'];
  if (given === undefined || given === '') return skipped('IPS_TEST_DATABASE_URL names no PostgreSQL server');
  const rounds = short ? 2 : 20;
  const database = `ips_torture_${randomUUID().replaceAll('-', '')}`;
  const administrator = new pg.Client({ connectionString: given });
  await administrator.connect();
  await administrator.query(`create database ${database}`);
  const databaseUrl = new URL(given);
  databaseUrl.pathname = `/${database}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'ips-lost-connections-'));
  const pictures = await servePictures(100);
  let server: TorturedServer | undefined;
  let over = false;
  let ended = 0;
  let killing: Promise<void> | undefined;
  let survived = 0;
  try {
    server = await startServer(['--data', dataDir, '--database-url', databaseUrl.href, '--allow-private']);
    const { child, client } = server;
    killing = (async () => {
      while (!over) {
        const { rowCount } = await administrator.query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
          [database],
        );
        ended += rowCount ?? 0;
        await pause(300 + Math.random() * 1200);
      }
    })();
    for (let round = 1; round <= rounds && child.exitCode === null; round += 1) {
      const wrong = await uploadAndPublish(() => client, pictures.url, round, FILES);
      if (wrong.length === 0) survived += 1;
      else log(`round ${round}: ${wrong.join('; ')}`);
    }
    if (child.exitCode !== null) log(`the server ended with ${child.exitCode}`);
    log(`${ended} connections were ended`);
    return { tried: rounds, survived, lost: rounds - survived };
  } finally {
    over = true;
    await killing;
    await server?.kill();
    pictures.close();
    await administrator.query(`drop database ${database} with (force)`);
    await administrator.end();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await runAlone(import.meta.url, name, run);
