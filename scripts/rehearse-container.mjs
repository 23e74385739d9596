// Does what the Dockerfile does, without Docker: installs the server as the image has it, and runs the image's command as its user, on a
// read-only file system, as the first process of its own process namespace. `npm run rehearse:container`; needs `npm run build`.
//
// Where Docker works, it builds the image as well, and tries it in the same way.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createIpsClient } from '@ips-sdk/client';
import sharp from 'sharp';

const root = fileURLToPath(new URL('../', import.meta.url));
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8').replace(/\\\n/g, ' ');
const listOf = (instruction) =>
  JSON.parse(new RegExp(`^${instruction} .*?(\\[.*\\])$`, 'm').exec(dockerfile)?.[1] ?? '[]');
const [uid, gid] = /^USER (\d+):(\d+)$/m.exec(dockerfile).slice(1).map(Number);
const command = [...listOf('ENTRYPOINT'), ...listOf('CMD')];
const healthCheck = listOf('HEALTHCHECK');
const PASSWORD = 'a password of the rehearsal';
/** Of the image: Node.js, and the programs of the system. */
const SEARCH_PATH = '/node:/usr/sbin:/usr/bin:/sbin:/bin';
/** Seconds that the containers get to stop. */
const GRACE = 40;

const work = mkdtempSync(join(tmpdir(), 'ips-container-'));
const running = new Set();
try {
  const began = performance.now();
  execFileSync(process.execPath, [join(root, 'deploy/image/install-server.mjs'), join(work, 'app')], {
    stdio: 'inherit',
  });
  cpSync(join(root, 'deploy/image/healthcheck.mjs'), join(work, 'app/healthcheck.mjs'));
  passed(`installed in ${Math.round((performance.now() - began) / 1000)} s`);
  const jail = makeJail();
  if (jail === undefined)
    console.log('skipped: the first process on a read-only file system, which needs root and unshare');
  await tryServer(jail ?? openLand());
  await tryEarlySignal(jail ?? openLand());
  await tryDocker();
} finally {
  for (const child of running) child.kill('SIGKILL');
  rmSync(work, { recursive: true, force: true });
}

function passed(what) {
  console.log(`✓ ${what}`);
}

function expect(isRight, problem) {
  if (!isRight) throw new Error(problem);
}

/**
 * The root of an image: the system of this machine, the program and its data, all of it read-only except for the volumes. `undefined` where
 * that is not possible.
 */
function makeJail() {
  if (process.getuid() !== 0 || spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status !== 0)
    return undefined;
  const image = join(work, 'root');
  for (const folder of ['app', 'data', 'served', 'tmp', 'proc', 'dev', 'node'])
    mkdirSync(join(image, folder), { recursive: true });
  const system = ['bin', 'etc', 'lib', 'lib64', 'usr'].filter((name) => existsSync(`/${name}`));
  for (const name of system) mkdirSync(join(image, name));
  for (const volume of ['data', 'served']) {
    mkdirSync(join(work, volume));
    chownSync(join(work, volume), uid, gid);
    chmodSync(join(work, volume), 0o700);
  }
  chmodSync(work, 0o755);
  const mounts = [
    `mount --bind "${image}" "${image}"`,
    ...system.map(
      (name) =>
        `mount --bind -o ro "/${name}" "${image}/${name}" && mount -o remount,bind,ro "${image}/${name}"`,
    ),
    `mount --bind "${work}/app" "${image}/app" && mount -o remount,bind,ro "${image}/app"`,
    `mount --bind "${join(process.execPath, '..')}" "${image}/node" && mount -o remount,bind,ro "${image}/node"`,
    ...['data', 'served'].map((name) => `mount --bind "${work}/${name}" "${image}/${name}"`),
    `mount -t tmpfs -o mode=1777 tmpfs "${image}/tmp"`,
    `mount -t proc proc "${image}/proc"`,
    `mount --rbind /dev "${image}/dev"`,
    `mount -o remount,bind,ro "${image}"`,
    `exec chroot "${image}" setpriv --reuid ${uid} --regid ${gid} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"`,
  ];
  return {
    inside: true,
    data: '/data',
    start: (args, env) =>
      start(
        'unshare',
        [
          '--mount',
          '--pid',
          '--fork',
          '--kill-child',
          '--propagation',
          'private',
          'sh',
          '-ec',
          mounts.join('\n'),
          'sh',
          ...args,
        ],
        { PATH: SEARCH_PATH, NODE_ENV: 'production', HOME: '/nowhere', ...env },
      ),
    /** Runs a program beside the server, as Docker runs a health check. */
    run: (pid, args) =>
      spawnSync(
        'nsenter',
        [
          '--target',
          String(pid),
          '--mount',
          '--pid',
          '--root',
          '--wd=/',
          'setpriv',
          '--reuid',
          String(uid),
          '--regid',
          String(gid),
          '--clear-groups',
          ...args,
        ],
        { encoding: 'utf8', env: { PATH: SEARCH_PATH } },
      ),
  };
}

/** Without a jail: the same commands, as the user of this process. */
function openLand() {
  const place = (arg) => arg.replace(/^\/(app|data|served)(?=\/|$)/, (path) => join(work, path));
  return {
    inside: false,
    data: join(work, 'data'),
    start: ([program, ...args], env) => start(program, args.map(place), { ...process.env, ...env }),
    run: (_pid, [program, ...args]) => spawnSync(program, args.map(place), { encoding: 'utf8' }),
  };
}

function start(program, args, env) {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const state = { child, output: '', ended: once(child, 'exit') };
  child.once('exit', () => running.delete(child));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (state.output += text));
  return state;
}

/** The process of the server: the child of unshare, whose own number there is 1. */
function serverOf({ child }, { inside }) {
  if (!inside) return child.pid;
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
  return Number(children.split(' ')[0]);
}

async function tryServer(land) {
  const port = await freePort();
  const args = command.map((arg) => (arg === '8080' ? String(port) : arg));
  const url = `http://127.0.0.1:${port}`;
  // A rehearsal is not reached by a name of its own.
  const env = { IPS_ADMIN_PASSWORD: PASSWORD };
  const first = land.start(args, env);
  await untilHealthy(land, first, `${url}/healthz`);
  const pid = serverOf(first, land);
  passed('the health check succeeds');
  if (land.inside) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1].split(/\s+/) ?? [];
    expect(field('NSpid').at(-1) === '1', `the server is process ${field('NSpid').at(-1)}, not the first`);
    expect(
      field('Uid').every((id) => Number(id) === uid),
      `the server runs as ${field('Uid')}`,
    );
    expect(/^0+$/.test(field('CapEff')[0]), `the server has capabilities: ${field('CapEff')}`);
    for (const path of ['/app/x', '/etc/x', '/app/node_modules/x', '/x'])
      expect(land.run(pid, ['touch', path]).status !== 0, `${path} can be written`);
    expect(land.run(pid, ['touch', '/data/x']).status === 0, '/data cannot be written');
    passed('the server is the first process, without privileges, on a read-only file system');
  }
  const wrong = land.run(pid, [...healthCheck, `${url}/nowhere`]);
  expect(
    wrong.status === 1 && wrong.stderr.includes('404'),
    `the health check of a wrong path: ${wrong.status} ${wrong.stderr}`,
  );
  await useServer(url);
  passed('it decodes an uploaded image');
  await untilStopped(land, first, 'SIGTERM', 0);
  passed('it stops on SIGTERM with exit code 0');

  const second = land.start(args, env);
  await untilHealthy(land, second, `${url}/healthz`);
  const ips = client(url);
  const { assetArray } = await ips.searchAssets({ includeSubfolders: true });
  await ips.close();
  expect(assetArray.map(({ name }) => name).join() === 'red', `found assets ${JSON.stringify(assetArray)}`);
  await untilStopped(land, second, 'SIGTERM', 0);
  passed('it starts again with its data');
}

function client(url) {
  return createIpsClient({
    endpoint: `${url}/scene7/services/IpsApiService`,
    auth: { user: 'admin@example.com', password: PASSWORD },
    company: 'Sample Company',
  });
}

async function useServer(url) {
  const ips = client(url);
  const folder = join(work, 'pictures');
  mkdirSync(folder);
  await sharp({ create: { width: 20, height: 10, channels: 3, background: 'red' } })
    .png()
    .toFile(join(folder, 'red.png'));
  const { files } = await ips.uploadFiles([join(folder, 'red.png')], { destFolder: 'SampleCompany/Shoes/' });
  expect(files[0]?.status === 'succeeded', `the upload: ${JSON.stringify(files)}`);
  await ips.close();
}

/** A signal while the server starts: the first process of a container gets no signal without a handler. */
async function tryEarlySignal(land) {
  // A database that accepts a connection and says nothing.
  const silent = createServer((socket) => socket.on('error', () => undefined));
  await new Promise((resolve) => void silent.listen(0, '127.0.0.1', resolve));
  const entry = listOf('ENTRYPOINT');
  const database = `postgres://ips@127.0.0.1:${silent.address().port}/ips`;
  const url = 'http://127.0.0.1:1';
  for (const role of ['api', 'worker']) {
    const connected = once(silent, 'connection');
    const more = role === 'worker' ? [] : ['--port', '0'];
    const state = land.start(
      [...entry, role, '--database-url', database, '--data', land.data, '--public-url', url, ...more],
      {
        IPS_ADMIN_PASSWORD: PASSWORD,
      },
    );
    await Promise.race([connected, state.ended]);
    await untilStopped(land, state, 'SIGTERM', 143);
  }
  silent.close();
  passed('it ends on SIGTERM while it waits for the database');
}

async function untilHealthy(land, state, url) {
  for (let tries = 0; tries < 240; tries += 1) {
    if (state.child.exitCode !== null) break;
    const pid = serverOf(state, land);
    if (pid > 0 && land.run(pid, [...healthCheck, url]).status === 0) return;
    await delay(500);
  }
  throw new Error(`the server is not healthy:\n${state.output.slice(-5000)}`);
}

async function untilStopped(land, state, signal, expected) {
  process.kill(serverOf(state, land), signal);
  const ended = await Promise.race([state.ended, delay(GRACE * 1000, undefined, { ref: false })]);
  expect(ended !== undefined, `the server did not stop within ${GRACE} s:\n${state.output.slice(-5000)}`);
  const [code, by] = ended;
  // unshare passes exit codes on.
  const found = code ?? `signal ${by}`;
  expect(
    found === expected,
    `the server ended with ${found}, expected ${expected}:\n${state.output.slice(-5000)}`,
  );
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => void server.close(resolve));
  return port;
}

async function tryDocker() {
  if (spawnSync('docker', ['info'], { timeout: 20_000 }).status !== 0) {
    console.log('skipped: the image, because Docker is not running');
    return;
  }
  const docker = (args, options = {}) =>
    execFileSync('docker', args, { encoding: 'utf8', cwd: root, ...options });
  docker(['build', '--quiet', '--tag', 'ips-server:rehearsal', '.'], {
    stdio: 'inherit',
    timeout: 1_200_000,
  });
  const [size, user] = docker([
    'image',
    'inspect',
    '--format',
    '{{.Size}} {{.Config.User}}',
    'ips-server:rehearsal',
  ])
    .trim()
    .split(' ');
  expect(user === `${uid}:${gid}`, `the image runs as ${user}`);
  const name = `ips-rehearsal-${process.pid}`;
  docker(
    [
      'run',
      '--detach',
      '--name',
      name,
      '--read-only',
      '--tmpfs',
      '/tmp',
      '--cap-drop',
      'ALL',
      '--env',
      'IPS_ADMIN_PASSWORD',
      '--publish',
      '127.0.0.1::8080',
      'ips-server:rehearsal',
    ],
    {
      env: { ...process.env, IPS_ADMIN_PASSWORD: PASSWORD },
    },
  );
  try {
    for (let tries = 0; ; tries += 1) {
      const health = docker(['inspect', '--format', '{{.State.Health.Status}}', name]).trim();
      if (health === 'healthy') break;
      if (tries > 120) throw new Error(`the container is ${health}:\n${docker(['logs', name])}`);
      await delay(1000);
    }
    docker(['stop', '--time', String(GRACE), name]);
    const code = docker(['inspect', '--format', '{{.State.ExitCode}}', name]).trim();
    expect(code === '0', `the container ended with ${code}`);
  } finally {
    docker(['rm', '--force', '--volumes', name]);
  }
  passed(`the image of ${Math.round(Number(size) / 1e6)} MB is built, healthy and stops`);
}
