// Measures what each published package costs: bytes on disk with all its dependencies, and kilobytes of a bundle. Writes
// docs/sizes.md, with soap, strong-soap and zod for comparison. With --check, writes nothing and fails when a package exceeds its
// budget.
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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
  { folder: 'cli', disk: 45_000, packages: 140 },
  { folder: 'server', disk: 160_000, packages: 160 },
];

const PEERS = [
  { name: 'soap', code: "import { createClientAsync } from 'soap'; console.log(createClientAsync)" },
  // It asks for its modules by computed names: no bundler can follow.
  { name: 'strong-soap' },
  { name: 'zod', code: "import { z } from 'zod'; console.log(z.object)" },
];

const over = [];
const lines = [];
for (const { folder, code, others = [], lean, ...budget } of OURS) {
  const tree = productionTree(`packages/${folder}`);
  const name = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')).name;
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
`,
  );
}

function required(tree) {
  return tree.filter(({ optional }) => !optional);
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
  let stat;
  try {
    stat = lstatSync(path);
  } catch {
    // A package for another platform.
    return 0;
  }
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .reduce((sum, name) => sum + diskSize(join(path, name)), 0);
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
