import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

describe('the codec', () => {
  it('is bundled for a worker: nothing of Node is in it', async () => {
    const result = await build({
      stdin: {
        contents: `export { codec } from '@ips-sdk/wire';`,
        resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      },
      bundle: true,
      minify: true,
      format: 'esm',
      // Without Node's builtins the bundle fails if anything imports one.
      platform: 'browser',
      conditions: ['worker'],
      write: false,
    });
    const text = result.outputFiles[0]?.text ?? '';
    expect(text).not.toMatch(/from"node:|require\("/);
    expect(text).toContain('getActiveJobsParam');
  });
});
