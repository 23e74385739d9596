// A package registry on loopback for rehearsals: verdaccio with only our scope, its storage deleted at the end.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Starts a registry.
 *
 * @returns Its `url` without a trailing slash, a `userconfig` for npm to publish to it and install from it, and `stop`.
 */
export async function startRegistry() {
  const folder = mkdtempSync(join(tmpdir(), 'ips-registry-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(
    join(folder, 'config.yaml'),
    [
      `storage: ${JSON.stringify(join(folder, 'storage'))}`,
      'auth: { htpasswd: { file: ./htpasswd } }',
      'max_body_size: 200mb',
      "packages: { '@ips-sdk/*': { access: $all, publish: $all, unpublish: $all } }",
      'log: { type: stdout, format: pretty, level: error }',
      '',
    ].join('\n'),
  );
  // The user's own settings stay: certificates, proxies, where everybody else's packages come from. npm wants to see a token
  // before it publishes, whatever it is.
  const own = execFileSync('npm', ['config', 'get', 'userconfig'], { encoding: 'utf8' }).trim();
  const settings = existsSync(own) ? readFileSync(own, 'utf8') : '';
  writeFileSync(
    join(folder, 'npmrc'),
    `${settings}\n//127.0.0.1:${port}/:_authToken=rehearsal\n@ips-sdk:registry=${url}/\n`,
  );
  const bin = fileURLToPath(new URL('../node_modules/verdaccio/bin/verdaccio', import.meta.url));
  const child = spawn(
    process.execPath,
    [bin, '--config', join(folder, 'config.yaml'), '--listen', `127.0.0.1:${port}`],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const stop = async () => {
    if (child.exitCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', () => child.kill('SIGKILL'));
  for (let waited = 0; ; waited += 200) {
    if (child.exitCode !== null || waited > 60_000) {
      await stop();
      throw new Error(`the registry did not start: ${errors}`);
    }
    if (await answers(`${url}/-/ping`)) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return { url, userconfig: join(folder, 'npmrc'), stop };
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
