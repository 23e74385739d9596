// Whole processes from cold, next to a Node that does nothing and to other tools that only load the same WSDL.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare } from '../../../scripts/bench/compare.ts';
import { runNode } from '../../../scripts/bench/processes.ts';
import { largeWsdl } from './large-wsdl.ts';

const wsdl = join(import.meta.dirname, '../../types/wsdl/IpsApi-2014-04-03.wsdl');
const overlay = join(import.meta.dirname, '../../types/overlay');
const cli = join(import.meta.dirname, '../bin/ips-codegen.js');
const out = mkdtempSync(join(tmpdir(), 'codegen-bench-'));
const large = join(out, 'large.wsdl');
writeFileSync(large, largeWsdl(1000));
const load = (name: string) => `import(${JSON.stringify(name)})`;

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

await compare({
  id: 'codegen-processes',
  title: 'ips-codegen, whole processes',
  method: 'Next to a Node.js that does nothing, and to tools that only load the same WSDL.',
  unit: 'a process',
  base: 'node -e 0',
  peers: false,
  rounds: 5,
  contenders: commands.map(([name, args]) => ({
    name,
    take: () => runNode(args, { cwd: import.meta.dirname }),
  })),
});
rmSync(out, { recursive: true });
