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
  it('loads soap, proxies and validators only when they are first needed', async () => {
    const contents = `export { createIpsClient } from '${fileURLToPath(new URL('../src/index.ts', import.meta.url))}';`;
    const { metafile } = await build({
      stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      write: false,
      metafile: true,
      outdir: 'out',
    });
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
    const atOnce = new Set(
      imports
        .filter((found) => found.external && found.kind === 'import-statement')
        .map((found) => found.path)
        .filter((path) => !path.startsWith('node:')),
    );
    for (const later of [
      'soap',
      'proxy-from-env',
      'http-proxy-agent',
      'https-proxy-agent',
      '@ips-sdk/validator',
    ])
      expect(atOnce).not.toContain(later);
    expect(imports.map((found) => found.path)).toContain('soap');
  });
});
