import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIpsServer, type IpsServer } from '@ips-sdk/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markdownExamples } from '../../../scripts/testing/examples.js';

const wsdl = fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'));

function example(page: string, language: string): string {
  const file = fileURLToPath(new URL(`../content/guides/${page}.md`, import.meta.url));
  const found = markdownExamples(file).find((each) => each.language === language);
  if (found === undefined) throw new Error(`${page} has no example in ${language}`);
  return found.code;
}

/** What the pages show as the way in which it was done before: it must work, or the comparison is not fair. */
describe('the programs that readers come from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ips-docs-foreign-'));
  let server: IpsServer;

  beforeAll(async () => {
    server = await createIpsServer({ company: 'My Company', jobClock: 'instant' });
  });

  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a program with constants before it, while the server in this process answers. */
  async function run(command: string, file: string, code: string): Promise<string> {
    const path = join(folder, file);
    writeFileSync(path, code);
    const child = spawn(command, [path], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data;
    });
    child.stderr.on('data', (data: Buffer) => {
      output += data;
    });
    await new Promise((resolve) => child.on('close', resolve));
    return output;
  }

  const zeep = spawnSync('/usr/bin/python3', ['-c', 'import zeep'], { stdio: 'ignore' }).status === 0;

  it.skipIf(!zeep)('zeep calls the server (skipped where zeep is not installed)', async () => {
    const constants = Object.entries({
      ENDPOINT: server.endpoints.soap,
      USER: server.admin.email,
      PASSWORD: server.admin.password,
      COMPANY: 'c|6',
    }).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
    const code = example('from-zeep', 'python').replace('"IpsApi-2014-04-03.wsdl"', JSON.stringify(wsdl));
    expect(await run('/usr/bin/python3', 'program.py', constants.join('') + code)).toBe(
      'f|MyCompany/Shoes/\n',
    );
  });

  it('soap calls the server', async () => {
    const { email: user, password } = server.admin;
    const soap = createRequire(import.meta.url).resolve('soap');
    const code = example('from-soap', 'js')
      .replace("'soap'", JSON.stringify(soap))
      .replace(
        "createClientAsync('./IpsApi.wsdl')",
        `createClientAsync(${JSON.stringify(wsdl)}, {}, ${JSON.stringify(server.endpoints.soap)})`,
      );
    const constants = `const user = ${JSON.stringify(user)};\nconst password = ${JSON.stringify(password)};\n`;
    expect(await run(process.execPath, 'program.mjs', constants + code)).toBe('j|6|Nightly publish||\n');
  });
});
