// A fresh database on the PostgreSQL server that IPS_TEST_DATABASE_URL names.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { TestContext } from 'vitest';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Creates a database or, where there is no server, skips the test and says why. */
export async function freshDatabase(context: TestContext): Promise<TestDatabase> {
  const server = process.env['IPS_TEST_DATABASE_URL'];
  if (server === undefined || server === '')
    return context.skip('IPS_TEST_DATABASE_URL names no PostgreSQL server');
  const name = `ips_test_${randomUUID().replaceAll('-', '')}`;
  const statement = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(text);
    await client.end();
  };
  await statement(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => statement(`drop database ${name} with (force)`) };
}
