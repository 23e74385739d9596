// The documents for contributors name existing files and npm scripts, and every rule that claims an enforcer has one.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Where a path in a document may begin. */
const BASES = ['', 'packages/server/src'];

const documents = [
  'docs/ARCHITECTURE.md',
  'docs/INVARIANTS.md',
  ...readdirSync(join(ROOT, 'docs/decisions')).map((name) => `docs/decisions/${name}`),
];

const read = (document: string): string => readFileSync(join(ROOT, document), 'utf8');

/** The code in backticks, outside code blocks. */
const inBackticks = (text: string): string[] =>
  [...text.replaceAll(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

/** Whether code is the path of a file or folder: it contains a slash or has a known extension. */
const isPath = (code: string): boolean =>
  /^\.?[\w*-][\w.*/-]*$/.test(code) &&
  (code.includes('/') || /\.(?:md|mjs|json|ts|ya?ml|sql|wsdl)$/.test(code));

/** The entries of a path, in which a segment `*` stands for any name. */
function entriesOf(path: string): string[] {
  return path
    .split('/')
    .filter((step) => step !== '')
    .reduce<string[]>(
      (found, step) =>
        found.flatMap((folder) => {
          const names = step === '*' && existsSync(folder) ? readdirSync(folder) : [step];
          return names.map((name) => join(folder, name)).filter((entry) => existsSync(entry));
        }),
      [ROOT],
    );
}

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('names existing paths', () => {
    const missing = inBackticks(text)
      .filter((code) => isPath(code) && !code.endsWith('.test.ts'))
      .filter((path) => BASES.every((base) => entriesOf(posix.join(base, path)).length === 0));
    expect(missing).toEqual([]);
  });

  it('names existing tests', () => {
    const missing = inBackticks(text)
      .filter((code) => isPath(code) && code.endsWith('.test.ts'))
      .filter((path) => entriesOf(path.includes('/') ? path : `packages/*/test/${path}`).length === 0);
    expect(missing).toEqual([]);
  });

  it('names existing npm scripts', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = inBackticks(text).flatMap((code) => /^npm run ([\w:]+)/.exec(code)?.[1] ?? []);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it('links to existing documents', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(document), link)))).toEqual([]);
  });
});

it('documents are read for the paths that they name', () => {
  expect(documents.flatMap((document) => inBackticks(read(document))).filter(isPath).length).toBeGreaterThan(
    150,
  );
  expect(entriesOf('packages/*/src')).toHaveLength(8);
  expect(entriesOf('packages/*/lost')).toEqual([]);
});

describe('the invariants', () => {
  const [enforced = '', open = ''] = read('docs/INVARIANTS.md').split('\n## Not enforced yet\n');

  it('name what enforces them', () => {
    const rules = enforced.split('\n- ').slice(1);
    expect(rules.length).toBeGreaterThan(30);
    expect(rules.filter((rule) => !/\n {2}Enforced by: .*`/.test(rule))).toEqual([]);
  });

  it('claim no enforcer where there is none', () => {
    expect(open).not.toContain('Enforced by');
    expect(open).toContain('\n- ');
  });
});

it('the decisions are all in their index, with the status that they have', () => {
  const index = read('docs/decisions/README.md');
  const rows = [...index.matchAll(/^\| \[\d+\]\(([^)]+)\) \| (.+) \| (.+) \|$/gm)];
  const files = documents.map((each) => posix.basename(each)).filter((name) => /^\d{4}-/.test(name));
  expect(rows.map(([, file]) => file)).toEqual(files);
  for (const [, file = '', title = '', status = ''] of rows) {
    const [heading, , dated] = read(`docs/decisions/${file}`).split('\n');
    expect([heading, dated?.split(' · ')[1]]).toEqual([`# ${file.slice(0, 4)}. ${title}`, status]);
  }
});
