import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { contract } from '@ips-sdk/types/contract';
import { docs } from '@ips-sdk/types/docs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileExamples } from '../../../scripts/testing/examples.js';
import { LanguageServer } from './support/language-server.js';

const folder = fileURLToPath(new URL('../', import.meta.url));
const file = `${folder}test/hover.ts`;
const names = Object.keys(docs.operations);
// One method on each line behind the first two.
const lines = [
  "import { createIpsClient } from '@ips-sdk/client';",
  "const ips = createIpsClient({ region: 'na', auth: { accessToken: '' } });",
  ...names.map((name) => `ips.${name};`),
];

/** Words only: what is Markdown and what is text differs from editor to editor. */
function words(text: string): string {
  return text.replace(/[\\`*_]/g, '').replace(/\s+/g, ' ');
}

describe('an editor', () => {
  let server: LanguageServer;
  beforeAll(async () => {
    server = await LanguageServer.start(folder);
    server.open(file, `${lines.join('\n')}\n`);
  });
  afterAll(() => server.stop());

  it('shows what each operation does, whether it may be repeated, and examples', async () => {
    expect(names).toHaveLength(164);
    for (const [index, name] of names.entries()) {
      const shown = words(await server.hover(file, index + 2, 5));
      const { description = '', examples = [] } = docs.operations[name] ?? {};
      expect(shown).toContain(`${name}(input`);
      const { input, output } = contract.operations[name] ?? {};
      expect(shown).toMatch(new RegExp(`: (?:InputWithoutCompany<)?${input}>?, `));
      expect(shown).toContain(`: Promise<${output}>`);
      expect(shown).toContain(words(description));
      expect(shown).toMatch(/[Ss]afe to retry/);
      for (const { title } of examples) expect(shown).toContain(words(title));
    }
  });
});

describe('the types that an editor shows', () => {
  const program = [
    "import { createIpsClient } from '@ips-sdk/client';",
    "import { contract } from '@ips-sdk/types/2013-02-15';",
    "const options = { region: 'na', auth: { accessToken: '' } } as const;",
    'const ips = createIpsClient(options);',
    'const before = createIpsClient({ ...options, contract });',
    'const soap = await ips.soap;',
    'ips.getJobLogs();',
    'ips.searchAssets({});',
    "const answer = ips.call('getJobLogs', {});",
    'before.getJobLogs();',
    'before.searchAssets({});',
    "soap.getJobLogsAsync({ companyHandle: 'c|6' });",
  ];
  const inEditor = `${folder}test/hover-types.ts`;
  let server: LanguageServer;
  beforeAll(async () => {
    server = await LanguageServer.start(folder);
    server.open(inEditor, `${program.join('\n')}\n`);
  });
  afterAll(() => server.stop());

  it.each([
    // The name of an operation, where it is used, and what stands there.
    ['ips.getJobLogs', '(input?: GetJobLogsParam, options?: CallOptions): Promise<GetJobLogsReturn>'],
    [
      'ips.searchAssets',
      '(input: InputWithoutCompany<SearchAssetsParam>, options?: CallOptions): Promise<SearchAssetsReturn>',
    ],
    ['const answer', ': Promise<GetJobLogsReturn>'],
    [
      'before.getJobLogs',
      '(input?: GetJobLogsParam | undefined, options?: CallOptions) => Promise<GetJobLogsReturn>',
    ],
    [
      'before.searchAssets',
      '(input: CompanyOptional<SearchAssetsParam>, options?: CallOptions) => Promise<SearchAssetsReturn>',
    ],
    ['soap.getJobLogsAsync', '(input: GetJobLogsParam, '],
    ['soap.getJobLogsAsync', 'Promise<[output: GetJobLogsReturn, '],
  ])('are names of the contract: %s', async (place, type) => {
    const line = program.findIndex((text) => text.startsWith(place));
    expect(await server.hover(inEditor, line, place.length - 1)).toContain(type);
  });
});

describe('the examples of operations', () => {
  it('compile', () => {
    const source = readFileSync(`${folder}src/generated/operation-methods.ts`, 'utf8');
    const examples = [...source.matchAll(/ {3}\* ```ts\n((?: {3}\* .*\n)+?) {3}\* ```\n/g)].map(
      ([, block = ''], i) => ({
        name: `operation-methods-${i + 1}`,
        language: 'ts',
        info: '',
        code: [...lines.slice(0, 2), block.replace(/^ {3}\* /gm, '')].join('\n'),
      }),
    );
    const known = Object.values(docs.operations).flatMap((operation) => operation.examples ?? []);
    expect(examples).toHaveLength(known.length);
    compileExamples(examples, folder);
  });
});
