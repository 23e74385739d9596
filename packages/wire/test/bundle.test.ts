import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** Bundles a module for a worker. Without Node's builtins the bundle fails if anything imports one. */
async function bundled(contents: string): Promise<string> {
  const result = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['worker'],
    write: false,
  });
  const text = result.outputFiles[0]?.text ?? '';
  expect(text).not.toMatch(/from"node:|require\("/);
  return text;
}

/** Runs a script where there is nothing but JavaScript itself and what every worker has, and answers what it gives. */
function inWorker(script: string): unknown {
  const program = `
    const vm = require('node:vm');
    const context = vm.createContext({ TextDecoder, TextEncoder, atob, btoa, queueMicrotask, setTimeout, clearTimeout });
    let script = '';
    process.stdin.on('data', (chunk) => (script += chunk)).on('end', () => {
      console.log(JSON.stringify(vm.runInContext(script, context)));
    });`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], {
    input: script,
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as unknown;
}

describe('bundled for a worker, without anything of Node', () => {
  it('the codec works', async () => {
    const text = await bundled(`
      import { codec } from '@ips-sdk/wire';
      const input = { companyHandle: 'c|6', assetHandle: 'a|1', compressedPacket: new Uint8Array([1, 2, 3]) };
      globalThis.answer = codec.decodeRequest(codec.encodeRequest('updateXMPPacket', input));`);
    expect(text).toContain('getActiveJobsParam');
    expect(inWorker(`${scriptOf(text)};answer`)).toMatchObject({
      operation: 'updateXMPPacket',
      input: { companyHandle: 'c|6', assetHandle: 'a|1', compressedPacket: 'AQID' },
    });
  });

  it('schedules work, and bring no codec along', async () => {
    const text = await bundled(`
      import { parseSchedule, schedule } from '@ips-sdk/wire/schedule';
      const options = { from: new Date('2014-04-03T22:00:00-07:00'), timeZone: 'America/Los_Angeles' };
      globalThis.answer = parseSchedule(schedule.daily('02:00')).nextFireTime(options);`);
    expect(text).not.toContain('getActiveJobsParam');
    expect(inWorker(`${scriptOf(text)};answer`)).toBe('2014-04-04T09:00:00.000Z');
  });
});

/** A module without imports and exports, as a script. */
function scriptOf(module: string): string {
  return `(() => {${module}})()`;
}
