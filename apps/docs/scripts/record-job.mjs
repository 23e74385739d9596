// Records one job from submission to log, for the pages of the types that show it: an upload by URL on a local server, with the pictures of
// the demo. Run it with `npm run record-job -w apps/docs` when an answer changes its form; what it writes is committed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIpsClient } from '@ips-sdk/client';
import { createIpsServer } from '@ips-sdk/server';
import { startImageHost } from '../../../scripts/demo/image-host.mjs';
import { renderImages } from '../../../scripts/demo/render-images.mjs';
import { STORY_FILE } from '../src/reference/job-story.ts';

const IMAGES = 'https://images.example.com';
const folder = mkdtempSync(join(tmpdir(), 'ips-record-job-'));
const names = (await renderImages(folder)).slice(0, 3);
// Slow enough to see the job at work.
const host = await startImageHost(folder, { bytesPerSecond: 30_000 });
const server = await createIpsServer({ company: 'Demo Shoes', allowPrivateAddresses: true, timeZone: 'UTC' });
const ips = createIpsClient({
  endpoint: server.endpoints.soap,
  auth: { user: server.admin.email, password: server.admin.password },
  app: { name: 'Demo', version: '1.0' },
  company: server.company,
});

const { companyHandle } = (await ips.getCompanyInfo({ companyName: server.company })).companyInfo;
const submit = {
  companyHandle,
  jobName: 'Spring shoes',
  execTime: new Date(Date.now() + 3000).toISOString(),
  uploadUrlsJob: {
    urlArray: names.map((name) => ({
      sourceUrl: `${host.url}/${name}`,
      destPath: `DemoShoes/Spring/${name}`,
    })),
    overwrite: true,
    readyForPublish: true,
    createMask: false,
    emailSetting: 'None',
  },
};
const { jobHandle } = await ips.submitJob(submit);
const scheduled = (await ips.getScheduledJobs({})).jobArray.find((job) => job.name === submit.jobName);

/** Asks until there is an answer. */
async function until(ask) {
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const active = await until(async () =>
  (await ips.getActiveJobs({})).jobArray.find(
    (job) => job.originalName === submit.jobName && job.state === 'Running' && job.progress > 30,
  ),
);
const log = await until(async () =>
  (await ips.getJobLogs({})).jobLogArray.find(
    (each) => each.originalJobName === submit.jobName && each.endDate !== undefined,
  ),
);
const details = (await ips.getJobLogDetails({ jobHandle: log.jobHandle })).jobLogArray[0];
await ips.close();
await server.stop();
host.close();
rmSync(folder, { recursive: true });

if (scheduled === undefined || details === undefined) throw new Error('the job is in none of the lists');
const story = { submit, jobHandle, scheduled, active, log, details: details.detailArray ?? [] };
const text = JSON.stringify(story, undefined, 2)
  .replaceAll(host.url, IMAGES)
  .replaceAll(active.serverName, 'demo-server:1');
writeFileSync(STORY_FILE, `${text}\n`);
