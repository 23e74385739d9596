import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

async function bundled(code: string): Promise<string> {
  const result = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    // A side-effect import that is dropped is what is tested; esbuild would warn of it.
    logLevel: 'error',
  });
  return result.outputFiles[0]?.text ?? '';
}

describe('what an import adds to a bundle', () => {
  it('is nothing for types', async () => {
    expect(
      await bundled(`import type { ActiveJob } from '@ips-sdk/types'; const job = {} as ActiveJob;`),
    ).toBe('');
    expect(await bundled(`import '@ips-sdk/types';`)).toBe('');
    expect(await bundled(`export * from '@ips-sdk/types';`)).toBe('');
  });

  it('is one list for one list of constants', async () => {
    const text = await bundled(`export { activeJobStates } from '@ips-sdk/types/constants';`);
    expect(text).toContain('WaitingCoordinator');
    expect(text.length).toBeLessThan(200);
  });
});
