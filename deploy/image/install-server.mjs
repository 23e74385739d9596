// Installs the built server for production, as the image holds it: the packed packages of this repository, and their dependencies by the
// lock file.
//
//   node deploy/image/install-server.mjs DIRECTORY [--cpu x64|arm64]
//
// The directory must not exist. Run `npm run build` first. No package's install script runs. Another processor needs no emulation: npm
// selects the packages with its native code.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { productionTree } from '../../scripts/production-tree.mjs';

const SERVER = 'packages/server';
const root = fileURLToPath(new URL('../../', import.meta.url));

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { cpu: { type: 'string', default: process.arch } },
});
const [given] = positionals;
if (positionals.length !== 1 || given === undefined) throw new Error('expected one directory to install to');
if (!['x64', 'arm64'].includes(values.cpu))
  throw new Error(`--cpu: found "${values.cpu}", expected x64 or arm64`);
const target = resolve(given);
if (existsSync(target)) throw new Error(`${target} exists already`);
if (!existsSync(join(root, SERVER, 'dist/bundle/main.js')))
  throw new Error('the server is not built; run "npm run build" first');

/** Runs npm, whose messages are shown only if it fails. */
const npm = (args, cwd) =>
  execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });

const manifestOf = (path) => JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
const tree = productionTree(SERVER);
const own = [SERVER, ...tree.flatMap(({ path, ours }) => (ours ? [path] : []))];

mkdirSync(dirname(target), { recursive: true });
const work = mkdtempSync(`${target}-`);
try {
  // The manifests are enough for the lock file to apply.
  const { workspaces } = manifestOf('');
  cpSync(join(root, 'package.json'), join(work, 'package.json'));
  cpSync(join(root, 'package-lock.json'), join(work, 'package-lock.json'));
  for (const pattern of workspaces) {
    const folder = pattern.replace(/\/\*$/, '');
    for (const name of readdirSync(join(root, folder))) {
      const manifest = join(folder, name, 'package.json');
      if (!existsSync(join(root, manifest))) continue;
      mkdirSync(join(work, folder, name), { recursive: true });
      cpSync(join(root, manifest), join(work, manifest));
    }
  }
  const platform = ['--os=linux', '--libc=glibc', `--cpu=${values.cpu}`];
  npm(['ci', '--omit=dev', '--workspace', manifestOf(SERVER).name, ...platform], work);

  // npm installs the dependencies of all workspaces, and links these; the server needs a part.
  const modules = join(work, 'server/node_modules');
  for (const { path, optional, ours } of tree) {
    const [, place] = path.split(/^node_modules\//);
    // A dependency inside another was copied with it.
    if (ours || place === undefined || place.includes('/node_modules/')) continue;
    const from = join(work, path);
    if (existsSync(from)) cpSync(from, join(modules, place), { recursive: true });
    else if (!optional) throw new Error(`${path} was not installed`);
  }
  for (const path of own) {
    const [{ filename }] = JSON.parse(npm(['pack', '--json', '--pack-destination', work], join(root, path)));
    const place = join(modules, manifestOf(path).name);
    mkdirSync(place, { recursive: true });
    execFileSync('tar', [
      '-xzf',
      join(work, filename),
      '-C',
      place,
      '--strip-components=1',
      '--no-same-owner',
    ]);
  }
  const native = join(modules, `@img/sharp-linux-${values.cpu}`);
  if (!existsSync(native)) throw new Error(`${native} was not installed`);
  renameSync(join(work, 'server'), target);
} finally {
  rmSync(work, { recursive: true, force: true });
}
