// Makes the settings of deploy/compose.yaml, with random secrets:
//
//   node deploy/make-env.mjs --to deploy/.env --company MyCompany --admin ann@example.com
//
// It never changes a file that exists: the volumes of the database and the store keep the passwords of their first start.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const HELP = `Makes the settings of deploy/compose.yaml, with random secrets.

Usage: node deploy/make-env.mjs [options]

  --to FILE           new file to write, such as deploy/.env; without it, the settings
                      are printed
  --public-url URL    URL that clients use (default http://127.0.0.1:8080)
  --company NAME      company that the first start creates (default MyCompany)
  --admin EMAIL       its administrator (default admin@example.com)
  --help              show this help
`;

class UsageError extends Error {}

try {
  main();
} catch (error) {
  // parseArgs explains what it does not know.
  if (!(error instanceof UsageError) && !error.code?.startsWith('ERR_PARSE_ARGS_')) throw error;
  process.stderr.write(`make-env: ${error.message}\nTry --help.\n`);
  process.exitCode = 2;
}

function main() {
  const { values } = parseArgs({
    options: {
      to: { type: 'string' },
      'public-url': { type: 'string', default: 'http://127.0.0.1:8080' },
      company: { type: 'string', default: 'MyCompany' },
      admin: { type: 'string', default: 'admin@example.com' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const text = filled({
    IPS_PUBLIC_URL: checked('public-url', values['public-url'], isHttpUrl, 'an http or https URL'),
    IPS_COMPANY: checked(
      'company',
      values.company,
      (name) => name.trim() !== '' && name.length <= 100 && !/[/|]/.test(name) && !/^\.+$/.test(name.trim()),
      'a name of 1 to 100 characters, without slashes and "|"',
    ),
    IPS_ADMIN: checked(
      'admin',
      values.admin,
      // A colon would end the address: a password may follow it in --admin of ips-server.
      (email) => /^[^\s@|:]+@[^\s@|:]+$/.test(email),
      'an e-mail address',
    ),
    IPS_ADMIN_PASSWORD: hex(16),
    IPS_NOTIFICATION_SECRET: hex(32),
    POSTGRES_PASSWORD: hex(24),
    S3_ACCESS_KEY: `GK${hex(16)}`,
    S3_SECRET_KEY: hex(32),
    GARAGE_RPC_SECRET: hex(32),
  });
  if (values.to === undefined) process.stdout.write(text);
  else writeNew(values.to, text);
}

function hex(bytes) {
  return randomBytes(bytes).toString('hex');
}

/** The value of an option. Quotes, dollar signs and backslashes mean something else in a file of Compose. */
function checked(name, value, isRight, expected) {
  const found = `--${name}: found ${JSON.stringify(value)}, expected`;
  if (/[\p{Cc}'$\\]/u.test(value))
    throw new UsageError(`${found} no quotes, dollar signs, backslashes or control characters`);
  if (!isRight(value)) throw new UsageError(`${found} ${expected}`);
  return value;
}

function isHttpUrl(text) {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}

/** The example, without its head, which describes how to make this file. */
function filled(settings) {
  const example = readFileSync(new URL('env.example', import.meta.url), 'utf8');
  const lines = example.slice(example.indexOf('\n\n') + 2).split('\n');
  return lines
    .map((line) => {
      const name = /^(\w+)=$/.exec(line)?.[1];
      if (name === undefined) return line;
      if (settings[name] === undefined) throw new Error(`${name} has no value`);
      return `${name}='${settings[name]}'`;
    })
    .join('\n');
}

/** Writes a file that only its owner can read. */
function writeNew(path, text) {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (error.code === 'EEXIST')
      throw new UsageError(
        `--to: ${path} exists, and the database and the store keep the passwords of their first start. Add what is ` +
          'missing to the file, or remove it together with their volumes',
      );
    throw new UsageError(`--to: ${path} cannot be written: ${error.code}`);
  }
}
