// Phrases that are wrong in every context, by docs/style.md. The list stays short: what can be right somewhere is for readers to judge.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const BANNED: readonly RegExp[] = [
  /(?<!there )\b(?:is|was|are) no (?:terminal|number|job|asset|folder|handle|image|file|date|text|JSON|XML|URL|path|constant|operation|field)\b/i,
  /\b(?:go|goes|going|went|gone) on (?:with|where|at|after)\b/i,
  /\b(?:can|could|may|must|to) be had\b/i,
  /\banew\b/i,
  /\bthat there (?:is|are)\b/i,
  /\b(?:logs?|reasons?|results?|answers?|messages?) tells? (?:how|that|which|whether|what)\b/i,
  /\bnobody can be asked\b/i,
  /\bheeded\b/i,
];

/** The messages of `packages/cli` join when their rewriting has landed. */
const DOCUMENTS = globSync(
  [
    '*.md',
    'docs/*.md',
    'examples/**/README.md',
    'packages/*/README.md',
    'packages/types/overlay/*.yaml',
    'apps/docs/README.md',
    'apps/docs/content/**/*.md',
    'apps/docs/src/{check,packages,reference,site}/**/*.ts',
  ],
  { cwd: root, exclude: ['**/node_modules/**', 'docs/style.md'] },
);
const MESSAGES = globSync('packages/{cli,client,codegen,server,validator,wire}/src/**/*.ts', {
  cwd: root,
  exclude: ['**/generated/**'],
});

const phrases = (text: string): string[] =>
  BANNED.flatMap(
    (banned) => new RegExp(banned.source, `g${banned.flags}`).exec(text.replace(/\s+/g, ' '))?.[0] ?? [],
  );

/** The literal parts of strings, without comments. */
function strings(source: string): string {
  const parts =
    /\/\*[\s\S]*?\*\/|(?<![:'"`\w])\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
  return [...source.matchAll(parts)].map(([part]) => (part.startsWith('/') ? '' : part)).join('\n');
}

describe('the language', () => {
  it('finds what it should find, and only that', () => {
    expect(phrases('This is no\nterminal; it goes on where it ended.')).toEqual([
      'is no terminal',
      'goes on where',
    ]);
    expect(phrases('There is no terminal here. The lights go on. Tell us which.')).toEqual([]);
    expect(strings("const a = 'x'; // it is anew\n/* anew */ f(`y`);").replace(/\s+/g, ' ').trim()).toBe(
      "'x' `y`",
    );
  });

  it.each(DOCUMENTS)('%s has no banned phrase', (file) => {
    expect(phrases(readFileSync(`${root}${file}`, 'utf8'))).toEqual([]);
  });

  it('of messages has no banned phrase', () => {
    expect(MESSAGES.length).toBeGreaterThan(100);
    const found = MESSAGES.flatMap((file) =>
      phrases(strings(readFileSync(`${root}${file}`, 'utf8'))).map((phrase) => `${file}: ${phrase}`),
    );
    expect(found).toEqual([]);
  });
});
