import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
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
      expect(shown).toContain(words(description));
      expect(shown).toMatch(/[Ss]afe to retry/);
      for (const { title } of examples) expect(shown).toContain(words(title));
    }
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
