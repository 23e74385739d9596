// The command line as `npx` finds it. Nothing is sent: a dry run shows what would be.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

const env = { ...process.env, IPS_REGION: 'na', IPS_USER: 'ann@example.com', IPS_PASSWORD: 'secret-1' };
const ips = (...args) =>
  execFileSync('npx', ['--no-install', 'ips', ...args], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const version = ips('--version').trim();
assert.match(version, /^\d+\.\d+\.\d+/);
ips('validate', 'job.json', '--type', 'submitJobParam');
const xml = ips('call', 'submitJob', '--input', 'job.json', '--dry-run');
assert.match(xml, /<execSchedule>0 0 2 \* \* \?<\/execSchedule>/);
assert.ok(!xml.includes('secret-1'), 'a dry run shows no passwords');
console.log(`ips ${version} shows what it would send`);
