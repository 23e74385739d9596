// Phrases that docs/style.md rules out. A pattern is here only if it is almost never right; readers judge the rest.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const NOUNS =
  'array|asset|assets|body|boolean|company|constant|contract|date|directory|element|elements|email|error|errors|fault|field|fields|file|files|folder|format|function|handle|handles|image|images|integer|job|jobs|JSON|list|message|messages|name|names|number|object|operation|path|pattern|proxy|row|rows|schedule|status|string|terminal|text|time|type|URL|user|value|values|version|XML|zone';

const BANNED: readonly RegExp[] = [
  new RegExp(`(?<!\\bthere )\\b(?:is|are|was|were) no (?:${NOUNS})\\b`, 'i'),
  /(?<!\bwhat )\b(?:go|goes|going|went|gone) on (?:with|where|at|after|as|until|from|behind|to)\b/i,
  /\b(?:can|could|may|must|to) be had\b/i,
  /\banew\b/i,
  /\bthat there (?:is|are|was|were)\b/i,
  /\b(?:code|comments?|contract|documentation|documents?|fields?|files?|handles?|headers?|logs?|names?|numbers?|pages?|reasons?|results?|answers?|messages?|service|status|tables?|types?|values?) tells?\b/i,
  /\btells? (?:how|whether|what became|which|apart)\b/i,
  /\b(?:was|were|is|are|as|been|when|first) asked for\b/i,
  /\bnobody can be asked\b/i,
  /\bheed(?:ed|s)?\b/i,
  /\b(?:broke|breaks|broken|breaking|break) off\b/i,
  /\bthe only word on\b/i,
  /\bwhat became of\b/i,
  /\b(?:it|this|that|fault|page|column|table|each) says so\b/i,
  /\b(?:stand|stands|stood) (?:in|at|on|behind|before|beside|there|inside|between) (?!for\b|line\b|the way\b)/i,
  /\bonly then (?:do|does|is|are|was|were)\b/i,
  /\bto its end\b/i,
  /\b(?:is|are|was|were) (?:there|made) from the start\b/i,
  /\b(?:is|are|was|were) (?:left alone|looked at|passed over|cut off)\b/i,
  /\b(?:is|are|was|were|may be|can be|be) left out\b/i,
  /\bleads? (?:out of|back to itself|to no)\b/i,
  /\bsays? (?:what to do|where it is|otherwise)\b/i,
  /\bknown are\b|\bthere are:/i,
  /\bwhatever (?:becomes?|its|falls?)\b/i,
  /\b(?:was|were) seen to\b/i,
  /\bfor good\b/i,
  /\bmeanwhile[.;,]/,
  /\bexists? already\b/i,
  /\b(?:in types|a destination) of (?:its|their) own\b/i,
  /\b(?:keep|keeps|kept|stay|stays|used|published) as (?:it is|they are)\b/i,
  /\b(?:answer|answers|answered) (?:\d{3,5}|a fault|faults|normally|by)\b/i,
  /\b(?:an|the|each|every|its|lost|recorded) answers? (?:of|from|to) (?:a |the |an )?(?:call|request|service|server|operation)s?\b/i,
  /\b(?:requests?|calls?) and answers?\b/i,
];

/** In documents alone: a comment may ask itself what it answers. */
const QUESTIONS = /(?:^|[.!?]\s)(?:Why|How|What|Who|Is|Are|Do|Does|Can|Should)\b[^.!?|`]*\?(?=\s|$)/;

const EXCLUDED = ['**/node_modules/**', '**/generated/**', '**/CHANGELOG.md'];

const DOCUMENTS = globSync(
  [
    '*.md',
    'docs/*.md',
    'docs/decisions/*.md',
    'deploy/*.md',
    '.changeset/*.md',
    'packages/server/scripts/*.yaml',
    'examples/**/README.md',
    'packages/*/README.md',
    'packages/types/overlay/*.yaml',
    'apps/docs/README.md',
    'apps/console/README.md',
    'apps/docs/content/**/*.md',
  ],
  { cwd: root, exclude: [...EXCLUDED, 'docs/style.md'] },
);
/** Whole: identifiers hold no phrase, so comments and strings need not be told from code. */
const SOURCES = globSync(
  [
    'packages/*/src/**/*.ts',
    'apps/docs/src/**/*.ts',
    'apps/docs/test/**/*.ts',
    'apps/console/{src,dev,test}/**/*.{ts,tsx}',
  ],
  { cwd: root, exclude: [...EXCLUDED, 'apps/docs/test/style.test.ts'] },
);

interface Hit {
  readonly line: number;
  readonly phrase: string;
}

/** The phrases in a text, each with its line, also where a line break or the margin of a comment parts its words. */
function hits(text: string, patterns: readonly RegExp[] = BANNED): Hit[] {
  // Every character stays in its place, so that a position in the one text is one in the other.
  const flat = text.replace(/\n[ \t]*(?:\*|\/\/)?(?!\/)/g, (margin) => ' '.repeat(margin.length));
  return patterns.flatMap((pattern) => {
    const spaced = new RegExp(pattern.source.replaceAll(' ', '\\s+'), `g${pattern.flags}`);
    return [...flat.matchAll(spaced)].map((match) => ({
      line: text.slice(0, match.index).split('\n').length,
      phrase: match[0].replace(/\s+/g, ' ').trim(),
    }));
  });
}

const phrases = (text: string, patterns?: readonly RegExp[]): string[] =>
  hits(text, patterns).map(({ phrase }) => phrase);

/** A document without its code, in which a line may end in a question mark. */
const proseOf = (text: string): string =>
  text.replace(/^```.*?^```/gms, (code) => code.replace(/[^\n]/g, ' '));

describe('the check of language', () => {
  it.each([
    ['This is no\nterminal.', 'is no terminal'],
    ['/**\n * They are no\n * handles\n */', 'are no handles'],
    ['// It goes on\n// where it ended.', 'goes on where'],
    ['Others can be had from npm.', 'can be had'],
    ['published anew', 'anew'],
    ['a name that there is already', 'that there is'],
    ['the log tells which files failed', 'log tells'],
    ['longs as bigint where that was asked for', 'was asked for'],
    ['the variables are heeded', 'heeded'],
    ['an upload that broke off', 'broke off'],
    ['its log is the only word on it', 'the only word on'],
    ['what became of each', 'what became of'],
    ['The page says so.', 'page says so'],
    ['a user stands in the URL', 'stands in'],
    ['read to its end', 'to its end'],
    ['types that are there from the start', 'are there from the start'],
    ['unknown handles are left out', 'are left out'],
    ['a path that leads out of the folder', 'leads out of'],
    ['The error says what to do.', 'says what to do'],
    ['unknown key "x"; known are a, b', 'known are'],
    ['whatever becomes of the body', 'whatever becomes'],
    ['as the service was seen to do', 'was seen to'],
    ['removed for good', 'for good'],
    ['the asset was deleted meanwhile; upload it again', 'meanwhile;'],
    ['the file exists already', 'exists already'],
    ['declare them in types of their own', 'in types of their own'],
    ['files are kept as they are', 'kept as they are'],
    ['the server answers 503', 'answers 503'],
    ['every answer of the service', 'every answer of the service'],
    ['requests and answers', 'requests and answers'],
  ])('finds %j', (text, phrase) => {
    expect(phrases(text)).toContain(phrase);
  });

  it.each([
    'There is no terminal here. There are no\n * files.',
    'The lights go on. Find out what goes on with it.',
    'Tell us which. A story that is told.',
    'The server asked for a password.',
    'a mock that stands in for the service, and stands in line',
    'const heedless = true; const isNo = number;',
    'It is not a number.',
    'The user answered no. Node answers questions.',
    'Meanwhile, the job runs. A link leads to the service.',
    'It has fields of its own.',
  ])('passes %j', (text) => {
    expect(phrases(text)).toEqual([]);
  });

  it('finds questions that a document asks itself, but not code', () => {
    expect(phrases('First. Why does it wait? Because.', [QUESTIONS])).toEqual(['. Why does it wait?']);
    expect(phrases('Show why it waits. `a ? b : c`', [QUESTIONS])).toEqual([]);
    expect(phrases(proseOf('```sh\nIs it?\n```\n'), [QUESTIONS])).toEqual([]);
  });

  it('gives the line of a phrase', () => {
    expect(hits('a\nb\nit is no\nfile')).toEqual([{ line: 3, phrase: 'is no file' }]);
  });
});

describe('the language', () => {
  it('is checked in documents and sources', () => {
    expect(DOCUMENTS.length).toBeGreaterThan(50);
    expect(SOURCES.length).toBeGreaterThan(300);
  });

  it.each(DOCUMENTS)('%s has no banned phrase', (file) => {
    const text = readFileSync(`${root}${file}`, 'utf8');
    const questions = file.endsWith('.md') ? hits(proseOf(text), [QUESTIONS]) : [];
    expect([...hits(text), ...questions]).toEqual([]);
  });

  it('of comments and messages has no banned phrase', () => {
    const found = SOURCES.flatMap((file) =>
      hits(readFileSync(`${root}${file}`, 'utf8')).map(({ line, phrase }) => `${file}:${line}: ${phrase}`),
    );
    expect(found).toEqual([]);
  });
});
