// Whole processes from cold, next to a Node that does nothing and to other tools that only load the same WSDL.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { largeWsdl } from './large-wsdl.ts';

const wsdl = join(import.meta.dirname, '../../types/wsdl/IpsApi-2014-04-03.wsdl');
const overlay = join(import.meta.dirname, '../../types/overlay');
const cli = join(import.meta.dirname, '../bin/ips-codegen.js');
const out = mkdtempSync(join(tmpdir(), 'codegen-bench-'));
const large = join(out, 'large.wsdl');
writeFileSync(large, largeWsdl(1000));
const load = (name: string) => `import(${JSON.stringify(name)})`;

/** Says at the end how much memory the process had at most, in KiB. */
const peak = `data:text/javascript,process.on('exit',()=>console.error('peak',process.resourceUsage().maxRSS))`;

const commands: [name: string, args: string[]][] = [
  ['node -e 0', ['-e', '0']],
  [
    'ips-codegen generate, 2014 contract and overlay',
    [cli, 'generate', '--wsdl', wsdl, '--overlay', overlay, '--out', out],
  ],
  ['ips-codegen check, the same', [cli, 'check', '--wsdl', wsdl, '--overlay', overlay, '--out', out]],
  ['ips-codegen generate, 1,000 operations', [cli, 'generate', '--wsdl', large, '--out', join(out, 'large')]],
  ['ips-codegen diff, 1,000 operations with themselves', [cli, 'diff', large, large]],
  [
    'soap: load the WSDL',
    ['-e', `${load('soap')}.then((s) => s.createClientAsync(${JSON.stringify(wsdl)}))`],
  ],
  [
    'strong-soap: load the WSDL',
    [
      '-e',
      `${load('strong-soap')}.then((s) => s.default.soap.createClient(${JSON.stringify(wsdl)}, {}, () => process.exit(0)))`,
    ],
  ],
];

console.log('Whole process, best of 5');
let nothing = 0;
for (const [name, args] of commands) {
  let best = Number.POSITIVE_INFINITY;
  let memory = 0;
  for (let i = 0; i < 5; i += 1) {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ['--import', peak, ...args], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${name}: ${stderr}`);
    memory = Number(/peak (\d+)/.exec(stderr)?.[1] ?? 0) / 1024;
    best = Math.min(best, performance.now() - start);
  }
  nothing ||= best;
  console.log(
    `  ${name.padEnd(50)} ${best.toFixed(0).padStart(6)} ms, ${(best / nothing).toFixed(1)} times node -e 0, ${memory.toFixed(0)} MiB at most`,
  );
}
