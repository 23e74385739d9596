// Measures what each published package costs: bytes on disk with all its dependencies, and kilobytes of a bundle. Writes
// docs/sizes.md, with soap, strong-soap and zod for comparison. With --check, writes nothing and fails when a package exceeds its
// budget.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { productionTree } from './production-tree.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * Budgets: KiB on disk with all dependencies, number of packages, KiB of a minified and gzipped bundle of `code`. `lean` has those of an
 * installation without optional packages. `others` are other imports of the package, with budgets for their bundles.
 */
const OURS = [
  {
    folder: 'types',
    disk: 8_000,
    packages: 1,
    bundle: 1,
    code: "import { jobKinds } from '@ips-sdk/types/jobs'; console.log(jobKinds)",
  },
  {
    folder: 'validator',
    disk: 12_000,
    packages: 2,
    bundle: 10,
    code: "import { isSubmitJobParam } from '@ips-sdk/validator/SubmitJobParam'; console.log(isSubmitJobParam({}))",
    others: [
      {
        name: '`validateSubmitJobParam` from `/submitJobParam`',
        bundle: 18,
        code: "import { validateSubmitJobParam } from '@ips-sdk/validator/submitJobParam'; console.log(validateSubmitJobParam({}))",
      },
      {
        name: '`validate`, which takes any name',
        bundle: 90,
        code: "import { validate } from '@ips-sdk/validator'; console.log(validate('submitJobParam', {}))",
      },
    ],
  },
  {
    folder: 'wire',
    disk: 9_000,
    packages: 5,
    bundle: 45,
    code: "import { codec } from '@ips-sdk/wire'; console.log(codec)",
  },
  {
    folder: 'delivery',
    disk: 500,
    packages: 1,
    bundle: 14,
    code: "import { imageUrl, parseRequest } from '@ips-sdk/delivery'; console.log(imageUrl, parseRequest)",
  },
  {
    folder: 'client',
    disk: 18_000,
    packages: 65,
    lean: { disk: 9_000, packages: 19 },
    bundle: 90,
    code: "import { createIpsClient } from '@ips-sdk/client'; console.log(createIpsClient)",
  },
  { folder: 'codegen', disk: 4_500, packages: 8 },
  { folder: 'cli', disk: 18_000, packages: 8 },
  { folder: 'server', disk: 90_000, packages: 40 },
];

const PEERS = [
  { name: 'soap', code: "import { createClientAsync } from 'soap'; console.log(createClientAsync)" },
  // It asks for its modules by computed names: no bundler can follow.
  { name: 'strong-soap' },
  { name: 'zod', code: "import { z } from 'zod'; console.log(z.object)" },
];

/**
 * Files of packages of the server, besides maps, declarations and CommonJS copies, that it does not load: builds for browsers and other
 * platforms, and extensions of the database.
 */
const OTHER_BUILDS = {
  '@cornerstonejs/codec-openjpeg': /^dist\/openjpegjs/,
  '@electric-sql/pglite': /^dist\/(?:.*\.tar\.gz$|fs\/(?:memfs|opfs)|live\/|worker\/)/,
  '@hyzyla/pdfium': /^dist\/(?:pdfium\.wasm\.base64|worker|index\.esm\.(?:base64|browser|cdn|worker))/,
  'libheif-js': /^libheif-wasm\//,
};

const over = [];
const lines = [];
let server;
for (const { folder, code, others = [], lean, ...budget } of OURS) {
  const tree = productionTree(`packages/${folder}`);
  const name = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')).name;
  if (folder === 'server') server = partsOf(`packages/${folder}`, tree);
  const disk = packedSize(join(root, 'packages', folder)) + treeSize(tree);
  const size = await bundle(code);
  const found = {
    disk: kib(disk),
    // Most optional packages are one of several platforms, of which an installation has one.
    packages: 1 + (lean === undefined ? required(tree) : tree).length,
    bundle: size?.gzip ?? 0,
  };
  check(name, found, budget);
  lines.push(row(name, found, size));
  if (lean !== undefined) {
    const rest = required(tree);
    const found = {
      disk: kib(packedSize(join(root, 'packages', folder)) + treeSize(rest)),
      packages: 1 + rest.length,
    };
    check(`${name} without optional packages`, found, lean);
    lines.push(row(`with \`npm install --omit=optional\``, found));
  }
  for (const other of others) {
    const { raw, gzip } = await bundle(other.code);
    if (gzip > other.bundle)
      over.push(`${name}, ${other.name}: bundle is ${gzip}, the budget is ${other.bundle}`);
    lines.push(`| ${other.name} | | | ${number(raw)} KiB | ${number(gzip)} KiB |`);
  }
}
for (const { name, code } of PEERS) {
  const self = { name, path: `node_modules/${name}`, ours: false };
  const tree = productionTree(self.path);
  lines.push(
    row(name, { disk: kib(treeSize([self, ...tree])), packages: 1 + tree.length }, await bundle(code)),
  );
}

if (process.argv.includes('--check')) {
  console.log(lines.join('\n'));
  if (over.length > 0) {
    console.error(
      `${over.join('\n')}\nMake it smaller, or raise the budget in scripts/sizes.mjs and say why in the commit.`,
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(
    join(root, 'docs/sizes.md'),
    `# Sizes

The size of each package. On disk: with all dependencies, installed on Linux for x64. Bundle: one import of the main entry point, minified by
esbuild, before and after gzip compression. For the validator, the import is one guard; further lines list other imports. \`soap\`,
\`strong-soap\` (which bundlers cannot process) and \`zod\` are listed for comparison. Written by \`npm run sizes\`;
\`npm run sizes -- --check\` compares with the limits.

The client's only optional packages are \`soap\` and its dependencies. For the others, the number leaves out optional packages: most are
one of several platforms.

| Package | On disk | Packages | Bundle | Gzipped |
| --- | ---: | ---: | ---: | ---: |
${lines.join('\n')}

The client's bundle leaves out what it loads on demand: the \`soap\` package behind \`ips.soap\`, and proxies.

## The server

The number on disk above, with optional packages, by what the files are. The target is less than 70 MB without the maps and the CommonJS
copies of other packages, which we do not publish and cannot leave out.

| Files | On disk |
| --- | ---: |
${serverLines(server).join('\n')}
`,
  );
}

/** The bytes of a package with its dependencies: ours, and what others publish, by its use. */
function partsOf(folder, tree) {
  const bytes = {
    ours: packedSize(join(root, folder)),
    maps: 0,
    copies: 0,
    declarations: 0,
    builds: 0,
    used: 0,
  };
  for (const { name, path, ours } of tree) {
    if (ours) {
      bytes.ours += packedSize(join(root, path));
      continue;
    }
    let others = 0;
    for (const [file, size] of filesOf(join(root, path))) {
      const part = partOf(name, file, join(root, path));
      bytes[part] += size;
      if (part === 'builds') others += 1;
    }
    if (OTHER_BUILDS[name] !== undefined && others === 0)
      throw new Error(`${name} has none of the files that scripts/sizes.mjs expects there`);
  }
  return bytes;
}

/** What a file of another package is for. */
function partOf(name, file, folder) {
  if (file.endsWith('.map')) return 'maps';
  if (/\.d\.[cm]?ts$/.test(file)) return 'declarations';
  const beside = (ending) => existsSync(join(folder, file.replace(/\.c?js$/, ending)));
  if (file.endsWith('.cjs') && (beside('.js') || beside('.mjs') || beside('.esm.js'))) return 'copies';
  if (file.endsWith('.js') && beside('.mjs')) return 'copies';
  return OTHER_BUILDS[name]?.test(file) ? 'builds' : 'used';
}

function required(tree) {
  return tree.filter(({ optional }) => !optional);
}

function serverLines({ ours, maps, copies, declarations, builds, used }) {
  const all = ours + maps + copies + declarations + builds + used;
  return [
    ['all', all],
    ['our packages', ours],
    ['source maps of other packages', maps],
    ['their CommonJS copies of modules', copies],
    ['**all without these two**', all - maps - copies],
    ['declarations of other packages', declarations],
    ['their builds for browsers and other platforms, extensions of the database', builds],
    ['what is left: our packages, and what the server may load of others', ours + used],
  ].map(([what, bytes]) => `| ${what} | ${number(kib(bytes))} KiB |`);
}

function check(name, found, budget) {
  for (const [what, limit] of Object.entries(budget)) {
    if (found[what] > limit) over.push(`${name}: ${what} is ${found[what]}, the budget is ${limit}`);
  }
}

function row(name, { disk, packages }, size) {
  const figures = size === undefined ? ['', ''] : [`${number(size.raw)} KiB`, `${number(size.gzip)} KiB`];
  return `| ${name} | ${number(disk)} KiB | ${packages} | ${figures.join(' | ')} |`;
}

/** Bytes that npm would unpack. */
function packedSize(folder) {
  const [{ unpackedSize }] = Object.values(
    JSON.parse(
      execFileSync('npm', ['pack', '--json', '--dry-run'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }),
    ),
  );
  return unpackedSize;
}

function treeSize(tree) {
  return tree.reduce(
    (sum, { path, ours }) => sum + (ours ? packedSize(join(root, path)) : diskSize(join(root, path))),
    0,
  );
}

/** Bytes of a folder without the packages inside it, which are in the tree themselves. */
function diskSize(path) {
  return filesOf(path).reduce((sum, [, size]) => sum + size, 0);
}

/** The files of a package with their sizes. One for another platform has none. */
function filesOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [relative(folder, file).replaceAll('\\', '/'), lstatSync(file).size];
    })
    .filter(([file]) => !file.split('/').includes('node_modules'));
}

async function bundle(code) {
  if (code === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'ips-size-'));
  try {
    const { outputFiles, metafile } = await build({
      stdin: { contents: code, resolveDir: root, loader: 'js' },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      splitting: true,
      outdir: folder,
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    // Chunks that are only loaded on demand do not count.
    const needed = new Set();
    const visit = (path) => {
      if (needed.has(path)) return;
      needed.add(path);
      for (const { path: next, kind, external } of metafile.outputs[path].imports)
        if (kind === 'import-statement' && !external) visit(next);
    };
    for (const [path, output] of Object.entries(metafile.outputs))
      if (output.entryPoint?.includes('stdin')) visit(path);
    const contents = Buffer.concat(
      [...needed].map((path) => outputFiles.find((file) => resolve(file.path) === resolve(path)).contents),
    );
    return { raw: kib(contents.length), gzip: kib(gzipSync(contents, { level: 9 }).length) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function kib(bytes) {
  return Math.ceil(bytes / 1024);
}

function number(value) {
  return value.toLocaleString('en-US');
}
