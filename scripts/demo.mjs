// The main job from end to end, as a user would do it: the command line and the client against a job server on this machine. Needs
// nothing beyond what npm installed. With --keep, the server keeps running.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, styleText } from 'node:util';
import { createIpsClient } from '@ips-sdk/client';
import { startImageHost } from './demo/image-host.mjs';
import { renderImages } from './demo/render-images.mjs';

const { keep } = parseArgs({ options: { keep: { type: 'boolean', default: false } } }).values;
const root = fileURLToPath(new URL('../', import.meta.url));
const ips = join(root, 'packages/cli/bin/ips.js');
const folder = mkdtempSync(join(tmpdir(), 'ips-demo-'));
const data = join(folder, 'server');
// The demo has its own settings: it neither reads nor changes the user's profiles.
const environment = {
  ...process.env,
  IPS_CONFIG_DIR: join(folder, 'config'),
  IPS_STATE_DIR: join(folder, 'state'),
  IPS_PROFILE: 'demo',
  IPS_ADMIN_PASSWORD: 'demo-password-1',
};
const started = performance.now();
let current;
let host;
let stopped = false;

process.on('exit', stop);
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.on(signal, () => {
    current?.kill('SIGINT');
    process.exit(code);
  });
}

title('A job server on this machine');
await run(
  'server',
  'start',
  '--data',
  data,
  '--company',
  'Demo Shoes',
  '--admin',
  'ada@example.com',
  '--allow-private',
  '--profile',
  'demo',
);
await run('whoami');

title('A folder, and pictures for it');
await run('folder', 'create', '/Spring');
const pictures = join(folder, 'pictures');
const names = await renderImages(pictures);
// Slow enough to watch the job.
host = await startImageHost(pictures, { bytesPerSecond: 50_000 });
const [first, ...others] = names;
const posted = join(folder, 'photos');
mkdirSync(posted);
for (const name of names.slice(0, 3)) copyFileSync(join(pictures, name), join(posted, name));
say(`rendered ${names.length} pictures: ${names.join(', ')}`);

title('Upload three files by POST');
await run('upload', posted, '--to', 'DemoShoes/Spring/', '--name', 'Photos');

title('Upload three more, which the server fetches by URL');
const list = others.slice(2).map((name) => `${host.url}/${name},DemoShoes/Spring/${name}`);
await run(
  'job',
  'submit',
  'uploadUrlsJob',
  '--input',
  uploadInput(list),
  '--name',
  'From the web',
  '--watch',
  '--exit-status',
);

title('What the logs say');
await run('job', 'list');
await run('job', 'log', 'From the web');

title('The assets');
await run('asset', 'search', '--folder', 'DemoShoes/Spring/');

title('Publish, and look at a picture in two sizes');
await run('publish');
const client = await connect();
const company = 'DemoShoes';
for (const query of ['wid=1200', 'wid=200&hei=200&fit=crop&fmt=webp']) {
  const asset = first.replace(/\.\w+$/, '');
  const url = new URL(`/is/image/${company}/${asset}?${query}`, client.endpoints.soap);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  const bytes = (await response.arrayBuffer()).byteLength;
  say(
    `GET ${url.pathname}${url.search} → ${response.headers.get('content-type')}, ${bytes.toLocaleString('en-US')} bytes`,
  );
}

title('Publish every night from now on');
await run(
  'job',
  'schedule',
  '0 0 2 * * ?',
  'imageServingPublishJob',
  '-f',
  'publishType=Incremental',
  '-f',
  'emailSetting=None',
  '--name',
  'Nightly publish',
);

title('Stop a job that would run for a long time');
const slow = await client.jobs.submit(
  'uploadUrlsJob',
  details([`${host.url}/endless.jpg,DemoShoes/Spring/endless.jpg`]),
  { name: 'Endless' },
);
await untilAtWork(slow);
await run('job', 'stop', 'Endless', '--yes');
const verdict = await slow.wait({ timeout: 30_000 });
say(`its log says: ${verdict.status}`);
if (verdict.status !== 'stopped') throw new Error(`the job should be stopped, but is ${verdict.status}`);

const { console: consoleUrl } = serverState();
await client.close();
title('Done');
const seconds = Math.round((performance.now() - started) / 1000);
say(`From nothing to published pictures in ${seconds} seconds.`);
if (keep) {
  say(`The server keeps running. See its jobs in a browser: ${consoleUrl}`);
  say(`  user ada@example.com, password ${environment.IPS_ADMIN_PASSWORD}`);
  say('In a shell:');
  say(`  IPS_CONFIG_DIR=${environment.IPS_CONFIG_DIR} IPS_PROFILE=demo npx ips job list`);
  say(`  npx ips server stop --data ${data}`);
} else say('To keep the server, and see its jobs in a browser: npm run demo -- --keep');
say(
  'Where to look next: README.md for recipes, packages/client for the client, docs/server-support.md for the operations of the server.',
);
stop();

/** Prints and runs a command. */
async function run(...args) {
  console.log(
    styleText(
      'cyan',
      `$ ips ${args.map((arg) => (/^[\w./:@=-]+$/.test(arg) ? arg.replace(`${folder}/`, '') : `"${arg}"`)).join(' ')}`,
    ),
  );
  const code = await new Promise((resolve, reject) => {
    current = spawn(process.execPath, [ips, ...args], { stdio: 'inherit', env: environment, cwd: root });
    current.once('error', reject);
    current.once('exit', resolve);
  });
  current = undefined;
  if (code !== 0) throw new Error(`ips ${args[0]} ${args[1] ?? ''} ended with ${code}`);
}

/** What `ips server status` shows. */
function serverState() {
  const shown = spawnSync(process.execPath, [ips, 'server', 'status', '--data', data, '--json'], {
    env: environment,
    encoding: 'utf8',
  });
  return JSON.parse(shown.stdout);
}

/** A client with the profile that `ips server start` created. */
async function connect() {
  return createIpsClient({
    endpoint: serverState().endpoint,
    auth: { user: 'ada@example.com', password: environment.IPS_ADMIN_PASSWORD },
    company: 'Demo Shoes',
    app: { name: 'demo', version: '1' },
  });
}

function details(rows) {
  return {
    urlArray: rows.map((row) => {
      const [sourceUrl, destPath] = row.split(',');
      return { sourceUrl, destPath };
    }),
    overwrite: true,
    readyForPublish: true,
    createMask: false,
    emailSetting: 'None',
  };
}

function uploadInput(rows) {
  const file = join(folder, 'upload.json');
  writeFileSync(file, JSON.stringify(details(rows)));
  return file;
}

/** Waits until a job is running. */
async function untilAtWork(job) {
  for await (const event of job.watch()) if (event.type === 'state' && event.state === 'Running') return;
}

function title(text) {
  console.log(`\n${styleText('bold', text)}`);
}

function say(text) {
  console.log(text);
}

function stop() {
  if (stopped) return;
  stopped = true;
  host?.close();
  if (keep) return;
  spawnSync(process.execPath, [ips, 'server', 'stop', '--data', data], { env: environment, stdio: 'ignore' });
  rmSync(folder, { recursive: true, force: true });
}
