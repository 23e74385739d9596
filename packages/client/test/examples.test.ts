import { afterAll, beforeAll } from 'vitest';
import { describeExamples } from '../../../scripts/describe-examples.js';
import { startExampleService } from './support/example-service.js';

let service: Awaited<ReturnType<typeof startExampleService>>;
beforeAll(async () => {
  service = await startExampleService();
  process.env['IPS_ENDPOINT'] = service.endpoint;
  process.env['IPS_PASSWORD'] = 'secret';
});
afterAll(async () => {
  delete process.env['IPS_ENDPOINT'];
  delete process.env['IPS_PASSWORD'];
  await service.stop();
});

const CLIENT =
  "import { createIpsClient } from '@ips-sdk/client'; " +
  "const ips = createIpsClient({ endpoint: process.env['IPS_ENDPOINT'], company: 'MyCompany', " +
  "auth: { user: 'ann@example.com', password: 'secret' } }); ";

// Examples of methods begin where readers have a client, and a job.
describeExamples(new URL('../', import.meta.url), (code) => {
  if (!/\bips\.|\bjob\./.test(code) || code.includes('createIpsClient(')) return code;
  return (
    CLIENT +
    (/const job\b/.test(code) || !/\bjob\./.test(code) ? '' : 'const job = await ips.publish(); ') +
    code
  );
});
