// Executes docs/operations.md: its blocks for shells, in order, in one folder, against a PostgreSQL server and a bucket.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { expect, it } from 'vitest';
import { markdownExamples } from '../../../scripts/testing/examples.js';
import { BUCKET, S3_KEYS, startS3 } from './support/s3-service.js';
import { freshDatabase } from './support/test-database.js';

const GUIDE = fileURLToPath(new URL('../../../docs/operations.md', import.meta.url));
const BIN = fileURLToPath(new URL('../bin/ips-server.js', import.meta.url));
const blocks = markdownExamples(GUIDE);

it('has only blocks that are executed, and configuration', () => {
  expect(
    blocks.map(({ language, info }) => `${language} ${info}`.trim()).filter((kind) => kind !== 'sh'),
  ).toEqual(['yaml']);
});

it.skipIf(process.platform === 'win32')('its commands run as they stand', async (context) => {
  const { url, drop } = await freshDatabase(context);
  const home = mkdtempSync(join(tmpdir(), 'ips-operations-guide-'));
  const besides = (suffix: string) => {
    const other = new URL(url);
    other.pathname = `${other.pathname}_${suffix}`;
    return { url: other.href, name: other.pathname.slice(1) };
  };
  const restored = besides('restored');
  const ofBucket = besides('bucket');
  const s3 = await startS3();
  try {
    mkdirSync(join(home, 'bin'));
    writeFileSync(join(home, 'bin/ips-server'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
    chmodSync(join(home, 'bin/ips-server'), 0o755);
    // Only the ports differ: others may use those of the guide.
    const ports = await freePorts(6);
    const portOf = (code: string): string =>
      ['8080', '8081', '8082', '8083', '8084', '8085'].reduce(
        (text, port, at) => text.replaceAll(port, String(ports[at])),
        code,
      );
    const script = blocks
      .filter(({ language }) => language === 'sh')
      .map(({ name, code }) => `echo "== ${name}"\n${portOf(code)}`)
      .join('\n');
    const output = await run(`trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT\n${script}`, home, {
      PATH: `${join(home, 'bin')}:${process.env['PATH']}`,
      DATABASE_URL: url,
      DATA: join(home, 'data'),
      RESTORED_URL: restored.url,
      RESTORED_DATABASE: restored.name,
      BUCKET_DATABASE_URL: ofBucket.url,
      BUCKET_DATABASE: ofBucket.name,
      FILE_STORE: `s3://${BUCKET}/guide?endpoint=${s3.url}`,
      ...S3_KEYS,
      IPS_ADMIN_PASSWORD: 'a password of the guide',
      IPS_NOTIFICATION_SECRET: 'a secret of the guide',
    });
    expect(output).toContain('backup-1.tar');
    expect(s3.paths().length).toBeGreaterThan(0);
    expect(output).toMatch(/^ips_job_queue_oldest_seconds 0$/m);
    expect(output).toMatch(/^[\da-f]{64}$/m);
    expect(output.match(/"status":"ok"/g)).toHaveLength(6);
    expect(readFileSync(join(home, 'worker.log'), 'utf8')).toContain('SIGTERM');
  } finally {
    for (const { name } of [restored, ofBucket])
      await statement(url, `drop database if exists "${name}" with (force)`);
    await drop();
    await s3.stop();
    rmSync(home, { recursive: true, force: true });
  }
});

async function statement(connectionString: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(text);
  await client.end();
}

function run(script: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      'bash',
      ['--norc', '-euo', 'pipefail', '-c', script],
      { cwd, env: { ...env, HOME: cwd, TZ: 'UTC' }, timeout: 110_000, maxBuffer: 2 ** 24 },
      (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`${error.message}\n${stdout}\n${stderr}`)),
    );
  });
}

/** Ports that nothing listens on. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          }),
        ),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
