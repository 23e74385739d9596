// The disk of the data directory becomes full during an upload, again and again. Every file is accepted or refused with the reason,
// the server stays and accepts files again when there is room, and in the end the files and the database agree. It needs root, to
// mount a small disk.

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobLog } from '@ips-sdk/types';
import { runAlone, type ScenarioOptions, type ScenarioResult, skipped } from './support/scenario.ts';
import { BIN, startServer, type TorturedServer } from './support/server.ts';
import { logsOf } from './support/upload-round.ts';

/** Bytes of the disk, of which the database takes about a third, of each file, and that are left when it is filled up. */
const DISK = 192 * 2 ** 20;
const FILE = 500_000;
const ROOM = 3 * 2 ** 20;
const FILES = 16;

/** Milliseconds for one upload. A run waits for room before it gives up. */
const LIMIT = 300_000;

export const name = 'a full disk';

export async function run({ short, log }: ScenarioOptions): Promise<ScenarioResult> {
  const disk = mkdtempSync(join(tmpdir(), 'ips-full-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', disk]).status === 0;
  if (!mounted) {
    rmSync(disk, { recursive: true, force: true });
    return skipped('no small disk can be mounted here: that takes root');
  }
  const dataDir = join(disk, 'data');
  const ballast = join(disk, 'ballast');
  mkdirSync(dataDir);
  const sources = await serveNoise();
  const rounds = short ? 1 : 25;
  let survived = 0;
  let server: TorturedServer | undefined;
  try {
    server = await startServer(['--data', dataDir, '--allow-private']);
    const { child, client } = server;
    for (let round = 1; round <= rounds && child.exitCode === null; round += 1) {
      const wrong: string[] = [];
      const upload = async (jobName: string, files: number): Promise<JobLog | undefined> => {
        await client.submitJob({
          jobName,
          uploadUrlsJob: {
            overwrite: true,
            readyForPublish: true,
            createMask: false,
            emailSetting: 'None',
            urlArray: Array.from({ length: files }, (_, number) => ({
              sourceUrl: `${sources.url}/${round}/${number}.css`,
              destPath: `SampleCompany/${jobName.replaceAll(' ', '-')}-${number}.css`,
            })),
          },
        });
        return ended(() => client, jobName);
      };
      fill(ballast, ROOM);
      const emptying = setTimeout(() => rmSync(ballast, { force: true }), 8000);
      const full = await upload(`Full ${round}`, FILES);
      clearTimeout(emptying);
      rmSync(ballast, { force: true });
      if (full === undefined) wrong.push('the upload to a full disk did not end');
      else wrong.push(...problemsOf(full, FILES));
      const after = await upload(`Room ${round}`, 2);
      if (after?.fileSuccessCount !== 2) wrong.push('an upload after there was room again did not succeed');
      if (wrong.length === 0) survived += 1;
      else log(`round ${round}: ${wrong.join('; ')}`);
      log(`round ${round}: ${full?.fileSuccessCount} accepted, ${full?.fileErrorCount} refused`);
    }
    if (child.exitCode !== null) log(`the server ended with ${child.exitCode}`);
    await server.kill();
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'check', '--data', dataDir], {
      encoding: 'utf8',
    });
    if (status === 0) survived += 1;
    else log(`check ended with ${status}: ${stdout}${stderr}`);
    return { tried: rounds + 1, survived, lost: rounds + 1 - survived };
  } finally {
    await server?.kill();
    sources.close();
    spawnSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}

/** Leaves some bytes of a disk free. */
function fill(file: string, room: number): void {
  const { bavail, bsize } = statfsSync(join(file, '..'));
  writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - room)));
}

function problemsOf({ detailArray, fileSuccessCount, fileErrorCount }: JobLog, files: number): string[] {
  const rows = (type: string): string[] =>
    (detailArray ?? []).filter(({ logType }) => logType === type).map(({ logMessage }) => logMessage ?? '');
  const [accepted, refused] = [rows('UploadSuccess'), rows('UploadError')];
  const wrong: string[] = [];
  if (accepted.length + refused.length !== files)
    wrong.push(`${accepted.length} rows of success and ${refused.length} of failure for ${files} files`);
  if (fileSuccessCount !== accepted.length || fileErrorCount !== refused.length)
    wrong.push(`counted ${fileSuccessCount} and ${fileErrorCount}`);
  const unnamed = refused.filter((text) => !text.includes('the disk is full'));
  if (unnamed.length > 0) wrong.push(`a refusal without the reason: ${unnamed[0]}`);
  return wrong;
}

async function ended(client: () => TorturedServer['client'], jobName: string): Promise<JobLog | undefined> {
  const end = performance.now() + LIMIT;
  while (performance.now() < end) {
    const [found] = await logsOf(client, { originalName: jobName });
    if (found?.endDate !== undefined) return found;
    await pause(300);
  }
  return undefined;
}

/** Serves another style sheet under each path, which does not get smaller. */
async function serveNoise(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((_, response) => response.end(randomBytes(FILE / 2).toString('hex')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

await runAlone(import.meta.url, name, run);
