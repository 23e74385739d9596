import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeExamples } from '../../../scripts/testing/describe-examples.js';
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
  if (!/\bips\.|\bjob\./.test(code) || /create(?:Ips|Mock)Client\(/.test(code)) return code;
  return (
    CLIENT +
    (/const job\b/.test(code) || !/\bjob\./.test(code) ? '' : 'const job = await ips.publish(); ') +
    code
  );
});

it('the README has a row for every option', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, options = ''] =
    /export interface IpsClientOptions \{(.*?)\n\}/s.exec(read('../src/options.ts')) ?? [];
  const names = [...options.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(15);
  const table = read('../README.md').split('## Options')[1]?.split('\n## ')[0];
  for (const name of names) expect(table).toContain(`\`${name}\``);
});
