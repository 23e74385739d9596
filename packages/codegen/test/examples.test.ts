import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeExamples } from '../../../scripts/testing/describe-examples.js';
import { folderWith } from './support/wsdl.js';

const here = process.cwd();
const folder = folderWith({});

// The examples read WSDLs of the working folder.
beforeAll(() => {
  cpSync(fileURLToPath(new URL('./fixtures/library/xsd', import.meta.url)), join(folder, 'xsd'), {
    recursive: true,
  });
  for (const name of ['service', 'service-v1', 'service-v2', 'IpsApi-2013-02-15', 'IpsApi-2014-04-03']) {
    cpSync(
      fileURLToPath(new URL('./fixtures/library/library.wsdl', import.meta.url)),
      join(folder, `${name}.wsdl`),
    );
  }
  process.chdir(folder);
});
afterAll(() => process.chdir(here));

const examples = describeExamples(new URL('../', import.meta.url));

describe('examples of commands', () => {
  it.each(examples.filter(({ language, info }) => language === 'sh' && info !== 'no-run'))(
    '$name runs',
    ({ code }) => {
      const bin = join(folder, 'ips-codegen');
      const cli = fileURLToPath(new URL('../bin/ips-codegen.js', import.meta.url));
      writeFileSync(bin, `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(cli)} "$@"\n`);
      chmodSync(bin, 0o755);
      const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
      const out = execFileSync('sh', ['-e'], { input: code, cwd: folder, env, encoding: 'utf8' });
      expect(out).toContain('Library: 2 operations, 9 types');
      expect(out).toContain('src/generated is up to date');
      expect(out).toContain('are the same contract');
    },
  );
});
