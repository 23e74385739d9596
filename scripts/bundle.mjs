// Bundles the modules of a package with the packages that it uses, so that a start reads a few files instead of hundreds and an
// installation takes less. esbuild does it: it is already what the sizes are measured with, splits at dynamic imports and keeps maps.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { build } from 'esbuild';
import { joinChunks } from './join-chunks.mjs';

/** What CommonJS modules in a bundle need in place of their `require`. */
const REQUIRE =
  "import { createRequire as createRequireOfBundle } from 'node:module';const require = createRequireOfBundle(import.meta.url);";

/** A file of a package's own manifest, which a bundle reads relative to itself. */
const OWN_MANIFEST = "readFileSync(new URL('../package.json', import.meta.url), 'utf8')";

/**
 * Bundles the package in the working folder from `src`. The bundle is flat: what a module finds relative to itself, as
 * `../package.json` or the file of a worker, it finds relative to the bundle.
 *
 * Writes `bundled.json`, which names the bundled packages, and `THIRD-PARTY-LICENSES.txt` with their licences to `dist`.
 *
 * @param options.entryPoints - Modules such as `src/main.ts`.
 * @param options.external - Packages that stay what they are: those with native or WebAssembly code, and large data.
 * @param options.joined - What to load as one file: `first` and `files` of `joinChunks`.
 * @param options.maps - Whether to write source maps, which contain our sources.
 */
export async function bundlePackage({ entryPoints, external, outdir = 'dist', joined, maps = true }) {
  const { metafile } = await build({
    entryPoints,
    external,
    outdir,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    conditions: ['@ips-sdk/source'],
    mainFields: ['module', 'main'],
    sourcemap: maps && 'linked',
    sourcesContent: true,
    // Short lines make stack traces readable without maps too.
    minifySyntax: true,
    legalComments: 'none',
    banner: { js: REQUIRE },
    metafile: true,
    logLevel: 'warning',
    plugins: [manifestsOfOthers, mapsOfOthers, lightBuiltins, lazyChildProcess],
  });
  for (const file of Object.keys(metafile.outputs)) if (file.endsWith('.js')) dropUnusedRequire(file);
  const outputs = joined === undefined ? metafile.outputs : await joinChunks({ metafile, outdir, ...joined });
  for (const file of Object.keys(outputs)) if (file.endsWith('.map')) keepOwnMappings(file);
  const bundled = bundledPackages(Object.keys(metafile.inputs));
  writeFileSync(
    'dist/bundled.json',
    `${JSON.stringify(
      bundled.map(({ name, version, license }) => ({ name, version, license })),
      null,
      2,
    )}\n`,
  );
  writeFileSync('dist/THIRD-PARTY-LICENSES.txt', bundled.map(licenceText).join(`\n${'-'.repeat(80)}\n\n`));
  return metafile;
}

/** In a bundle, `../package.json` is that of the package that bundles: what other packages read there is put in its place. */
const manifestsOfOthers = {
  name: 'manifests of other packages',
  setup({ onLoad }) {
    const own = process.cwd();
    onLoad({ filter: /packages[\\/]\w+[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      if (path.startsWith(own)) return undefined;
      const code = readFileSync(path, 'utf8');
      if (!code.includes("'../package.json'")) return undefined;
      if (!code.includes(OWN_MANIFEST)) throw new Error(`${path}: expected ${OWN_MANIFEST}`);
      const folder = path.replace(/([\\/]packages[\\/]\w+[\\/]).*/, '$1');
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const text = JSON.stringify(JSON.stringify({ name, version }));
      return { contents: code.replace(OWN_MANIFEST, text), loader: 'ts' };
    });
  },
};

/**
 * Importing these built-in modules reads all that they export, which opens streams and loads parts that nobody uses, such as threads and the
 * history of the prompt of Node.js. A bundle looks them up instead, and reads only what it uses. (A CommonJS module in their place would be no
 * better: esbuild asks for the descriptors of all exports, which reads them.)
 */
const lightBuiltins = {
  name: 'light built-in modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:node:)?(?:fs|process|util)$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path: path.replace('node:', ''), namespace: 'built-in' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'built-in' }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path)).filter((name) => /^[a-z_]\w*$/i.test(name));
      const lines = names.map((name) => `export const ${name} = /* @__PURE__ */ (() => all.${name})();\n`);
      return {
        contents: `const all = process.getBuiltinModule('node:${path}');\nexport default all;\n${lines.join('')}`,
        loader: 'js',
      };
    });
  },
};

/** commander starts a program for a subcommand in a separate file. No command here is one, so none has to load the module for it. */
const lazyChildProcess = {
  name: 'child processes on first use',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:node:)?child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'child_process', namespace: 'lazy' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'lazy' }, () => ({
      contents:
        "export default { spawn: (...args) => process.getBuiltinModule('node:child_process').spawn(...args) };",
      loader: 'js',
    }));
  },
};

/** Only modules with CommonJS in them call `require`. The line stays, and with it the numbers in the map. */
function dropUnusedRequire(file) {
  const code = readFileSync(file, 'utf8');
  const rest = code.replace(REQUIRE, '');
  if (!/\brequire\b/.test(rest)) writeFileSync(file, rest);
}

/** Maps that other packages publish name sources that they may not publish. */
const mapsOfOthers = {
  name: 'maps of other packages',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/gm, ''),
      loader: 'js',
    }));
  },
};

/** Maps lead to our sources only: those of other packages would be larger than everything else. */
function keepOwnMappings(file) {
  const map = JSON.parse(readFileSync(file, 'utf8'));
  const isOther = map.sources.map((source) => source.includes('node_modules/'));
  const own = decode(map.mappings).map((line) =>
    line
      // A segment with nothing but a column ends the one before it.
      .map((segment) => (segment.length > 1 && isOther[segment[1]] ? [segment[0]] : segment))
      .filter((segment, index, all) => segment.length > 1 || (index > 0 && all[index - 1].length > 1)),
  );
  map.mappings = encode(own);
  map.sources = map.sources.map((source, index) => (isOther[index] ? '' : source));
  map.sourcesContent = map.sourcesContent.map((content, index) => (isOther[index] ? null : content));
  writeFileSync(file, JSON.stringify(map));
}
/** The packages of others among the inputs, with their folders. */
function bundledPackages(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll('\\', '/'));
    if (found !== null) folders.add(join(process.cwd(), found[1]));
  }
  return [...folders]
    .map((folder) => {
      const { name, version, license, homepage, repository } = JSON.parse(
        readFileSync(join(folder, 'package.json'), 'utf8'),
      );
      return { name, version, license, source: repository?.url ?? repository ?? homepage, folder };
    })
    .sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** The licence of a bundled package, and where its source is, which some licences want said. */
function licenceText({ name, version, license, source, folder }) {
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  // Some packages name their licence only in the manifest.
  const text =
    texts.length > 0 ? texts.join('\n\n') : `The package names its licence, and contains no text of it.`;
  return `${name} ${version} (${license})\n${source === undefined ? '' : `Source: ${source}\n`}\n${text}\n`;
}
