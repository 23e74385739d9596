import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { describe, expect, it } from 'vitest';

async function bundle(
  contents: string,
  options: BuildOptions,
): Promise<{ text: string; external: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    outdir: 'out',
    metafile: true,
    ...options,
  });
  const imports = Object.values(metafile?.outputs ?? {}).flatMap((output) => output.imports);
  const external = imports.filter((found) => found.external).map((found) => found.path);
  return { text: outputFiles?.[0]?.text ?? '', external: [...new Set(external)] };
}

describe('the parts that need no Node', () => {
  it.each([
    ['@ips-sdk/types/contract', 'contract'],
    ['@ips-sdk/types/constants', 'faultCodes'],
    ['@ips-sdk/wire', 'codec'],
    ['@ips-sdk/wire/schedule', 'parseSchedule'],
  ])('%s is bundled for a worker', async (module, name) => {
    // Without Node's builtins the bundle fails if anything imports one.
    const { text, external } = await bundle(`export { ${name} } from '${module}';`, {
      platform: 'browser',
      conditions: ['worker'],
    });
    expect(external).toEqual([]);
    expect(text).not.toMatch(/from"node:|require\("node:/);
    expect(text.length).toBeGreaterThan(1000);
  });
});

describe('the client', () => {
  it('loads soap, proxies, validators, uploads and much of Node only when they are first needed', async () => {
    const { metafile } = await build({
      entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      write: false,
      metafile: true,
      outdir: 'out',
    });
    const { outputs } = metafile;
    const entry = Object.keys(outputs).find((name) => outputs[name]?.entryPoint?.endsWith('src/index.ts'));
    // What is imported before the first line of a program runs, through all chunks.
    const atOnce = new Set<string>();
    const visit = (name: string): void => {
      if (atOnce.has(name)) return;
      atOnce.add(name);
      for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') visit(path);
    };
    visit(entry ?? '');
    // What records stands behind an entry point of its own.
    expect(Object.keys(metafile.inputs).filter((name) => /src\/recorder/.test(name))).toEqual([]);
    const packages = [...atOnce].filter((name) => !(name in outputs)).sort();
    expect(packages).toContain('@ips-sdk/wire');
    // An import of node:http loads a WebSocket client along; see transport.ts.
    for (const later of [
      'node:http',
      'node:https',
      'node:tls',
      'node:zlib',
      'node:crypto',
      'soap',
      '@ips-sdk/validator/validate',
    ])
      expect(packages).not.toContain(later);
    for (const later of ['http-proxy-agent', 'https-proxy-agent']) expect(packages).not.toContain(later);
    const ever = Object.values(outputs).flatMap((output) => output.imports.map(({ path }) => path));
    for (const later of ['soap', '@ips-sdk/validator/validate', 'https-proxy-agent'])
      expect(ever).toContain(later);
  });
});
