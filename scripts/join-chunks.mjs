// Joins the chunks of a bundle that are loaded together. esbuild makes a chunk of every set of modules that the same entry points reach, so
// a program with many commands starts with dozens of files of a few lines, and Node.js spends more time on finding, reading and linking them
// than on what is in them.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { build } from 'esbuild';

/** How esbuild writes an import of a chunk. */
const CHUNK_IMPORT = /^import (?:\{([\w\s,$]*)\} from )?"(\.\/[\w-]+\.js)";$/gm;

/**
 * Replaces chunks in a folder by files that contain several of them.
 *
 * @param options.metafile - The report of esbuild on the bundle.
 * @param options.outdir - The folder of the bundle.
 * @param options.first - Sources that also programs load which need nothing else. These, and what they import statically, are joined to nothing.
 * @param options.files - Sources by the name of the file that will contain them. It will also contain all that they import statically,
 *   except what an earlier file contains.
 * @returns The outputs of the new bundle.
 * @throws Error if a source is missing from the bundle, or if two targets of dynamic imports in a file export the same name.
 */
export async function joinChunks({ metafile: { outputs }, outdir, first, files }) {
  const chunkOf = (source) => {
    const all = Object.keys(outputs);
    const chunk =
      all.find((file) => isChunk(file) && outputs[file].entryPoint === source) ??
      all.find((file) => source in outputs[file].inputs);
    if (chunk === undefined) throw new Error(`joined chunks: the bundle contains no ${source}`);
    return chunk;
  };
  const done = closure(outputs, first.map(chunkOf));
  /** Chunks by their path, with the file that will contain them and the names of their exports there. */
  const homes = new Map();
  const texts = new Map();
  for (const [name, sources] of Object.entries(files)) {
    const chunks = [...closure(outputs, sources.map(chunkOf))].filter((chunk) => !done.has(chunk));
    const all = new Set();
    const lines = chunks.map((chunk) => {
      done.add(chunk);
      const names = exportNames(chunk, outputs[chunk]);
      for (const exported of names.values()) {
        if (all.has(exported)) throw new Error(`joined chunks: ${name}.js would export ${exported} twice`);
        all.add(exported);
      }
      homes.set(resolve(chunk), { file: `./${name}.js`, names });
      return reExport(resolve(chunk), names);
    });
    texts.set(name, lines.join(''));
  }
  const entries = Object.keys(outputs).filter((file) => file.endsWith('.js') && !isChunk(file));
  const { metafile, outputFiles } = await build({
    entryPoints: [
      ...entries.map((file) => ({ in: resolve(file), out: basename(file, '.js') })),
      ...[...texts.keys()].map((name) => ({ in: `joined:${name}`, out: name })),
    ],
    outdir,
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node22',
    sourcemap: 'linked',
    sourcesContent: true,
    minifySyntax: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    write: false,
    plugins: [{ name: 'joined chunks', setup: (hooks) => redirect(hooks, homes, texts) }],
  });
  for (const file of Object.keys(outputs)) rmSync(file);
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
  return metafile.outputs;
}

/** Leads imports of joined chunks to the files that contain them. */
function redirect({ onResolve, onLoad }, homes, texts) {
  onResolve({ filter: /^joined:/ }, ({ path }) => ({
    path: path.slice('joined:'.length),
    namespace: 'joined',
  }));
  onLoad({ filter: /.*/, namespace: 'joined' }, ({ path }) => ({
    contents: texts.get(path),
    resolveDir: process.cwd(),
  }));
  const files = new Set([...texts.keys()].map((name) => `./${name}.js`));
  onResolve({ filter: /^\.\// }, ({ path, kind, resolveDir }) => {
    if (files.has(path)) return { path, external: true };
    const home = homes.get(resolve(resolveDir, path));
    return home !== undefined && kind === 'dynamic-import' ? { path: home.file, external: true } : undefined;
  });
  onLoad({ filter: /\.js$/, namespace: 'file' }, ({ path }) => {
    const own = homes.get(path)?.file;
    const contents = readFileSync(path, 'utf8').replace(CHUNK_IMPORT, (statement, names, chunk) => {
      const home = homes.get(resolve(dirname(path), chunk));
      // Chunks in the same file import each other directly.
      if (home === undefined || home.file === own) return statement;
      const renamed = names?.replace(
        /([\w$]+)( as [\w$]+)?/g,
        (_, name, as) => `${home.names.get(name)}${as ?? ` as ${name}`}`,
      );
      return renamed === undefined ? `import "${home.file}";` : `import {${renamed}} from "${home.file}";`;
    });
    return { contents };
  });
}

/** A statement that exports the names of a module under others. */
function reExport(path, names) {
  const pairs = [...names].map(([name, as]) => `${name} as ${as}`);
  return `${pairs.length === 0 ? 'import' : `export { ${pairs.join(', ')} } from`} ${JSON.stringify(path)};\n`;
}

/**
 * The exports of a chunk by their names in the file that will contain it. Targets of dynamic imports keep their names, which programs look up;
 * other chunks may export equal ones, so theirs begin with the chunk's.
 */
function exportNames(chunk, { entryPoint, exports }) {
  const prefix = entryPoint === undefined ? `${basename(chunk, '.js').replace(/\W/g, '_')}_` : '';
  return new Map(exports.map((name) => [name, prefix + name]));
}

/** Whether a file has the name of a chunk, not of an entry point. */
function isChunk(file) {
  return /-[A-Z0-9]{8}\.js$/.test(file);
}

/** Chunks, and all that they import statically. */
function closure(outputs, chunks, found = new Set()) {
  for (const chunk of chunks) {
    if (found.has(chunk)) continue;
    const own = outputs[chunk].imports.filter((one) => one.kind === 'import-statement' && !one.external);
    closure(
      outputs,
      own.map(({ path }) => path),
      found,
    );
    found.add(chunk);
  }
  return found;
}
