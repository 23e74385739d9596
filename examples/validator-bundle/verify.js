import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { isJob } from './dist/check-job.js';

const job = {
  companyHandle: 'c|6',
  jobName: 'Nightly',
  imageServingPublishJob: { publishType: 'Full', emailSetting: 'None' },
};
assert.equal(isJob(job), true);
assert.equal(isJob({ ...job, jobName: 7 }), false);
const { size } = statSync(new URL('dist/check-job.js', import.meta.url));
console.log(`one validator in a bundle: ${Math.round(size / 1024)} KiB`);
assert.ok(size < 200 * 1024, 'the bundle holds more than the validator that it asks for');
