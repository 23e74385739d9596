// Prints the settings of deploy/compose.yaml with random secrets:
//
//   node deploy/make-env.mjs > deploy/.env
//   node deploy/make-env.mjs --public-url https://ips.example.com --company MyCompany --admin ann@example.com > deploy/.env
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    'public-url': { type: 'string', default: 'http://127.0.0.1:8080' },
    company: { type: 'string', default: 'MyCompany' },
    admin: { type: 'string', default: 'admin@example.com' },
  },
});
const hex = (bytes) => randomBytes(bytes).toString('hex');
const settings = {
  IPS_PUBLIC_URL: values['public-url'],
  IPS_COMPANY: values.company,
  IPS_ADMIN: values.admin,
  IPS_ADMIN_PASSWORD: hex(16),
  IPS_NOTIFICATION_SECRET: hex(32),
  POSTGRES_PASSWORD: hex(24),
  S3_ACCESS_KEY: `GK${hex(16)}`,
  S3_SECRET_KEY: hex(32),
  GARAGE_RPC_SECRET: hex(32),
};
for (const [name, value] of Object.entries(settings)) {
  if (/[\n'$\\]/.test(value))
    throw new Error(`${name}: found "${value}", expected no quotes, $, \\ and line breaks`);
}

const example = readFileSync(new URL('env.example', import.meta.url), 'utf8');
// The head of the example describes how to make this file.
const lines = example.slice(example.indexOf('\n\n') + 2).split('\n');
const filled = lines.map((line) => {
  const name = /^(\w+)=$/.exec(line)?.[1];
  if (name === undefined) return line;
  if (settings[name] === undefined) throw new Error(`${name} has no value`);
  return `${name}='${settings[name]}'`;
});
process.stdout.write(filled.join('\n'));
