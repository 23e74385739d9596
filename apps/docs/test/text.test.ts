import { describe, expect, it } from 'vitest';
import { indentXml } from '../src/reference/example-xml.ts';
import { literal } from '../src/reference/literal.ts';
import { code, codeBlock, firstSentence, listed, table } from '../src/reference/markdown.ts';
import { prose } from '../src/reference/prose.ts';
import { markdownOf } from '../src/site/llms.ts';
import { repositoryLinks } from '../src/site/repository-links.ts';
import { withBase } from '../src/site/write-pages.ts';

describe('descriptions', () => {
  it('link the operations, types and constants that they name, but not what they are about', () => {
    expect(prose('Follow it with getActiveJobs.')).toBe(
      'Follow it with [`getActiveJobs`](/api/operations/getactivejobs/).',
    );
    expect(prose('An `UploadUrl` of an Asset.')).toBe('An [`UploadUrl`](/api/types/uploadurl/) of an Asset.');
    expect(prose('See AssetType.')).toBe('See [Asset Types](/api/constants/#asset-types).');
    expect(prose('Used by submitJob.', 'submitJob')).toBe('Used by submitJob.');
  });

  it('show what looks like markup as it is, and code unchanged', () => {
    expect(prose('a <b> and `x_<y>` and *c*')).toBe('a \\<b\\> and `x_<y>` and \\*c\\*');
  });

  it('have a first sentence', () => {
    expect(firstSentence('Version 4.0 came. Then more.')).toBe('Version 4.0 came.');
    expect(firstSentence('no end')).toBe('no end');
  });
});

describe('Markdown', () => {
  it('keeps pipes and line breaks inside of cells', () => {
    expect(table(['a'], [['x|y\nz']])).toBe('| a |\n| --- |\n| x\\|y z |');
  });

  it('fences code with more backticks than it holds', () => {
    expect(codeBlock('md', '```ts\n```')).toBe('````md\n```ts\n```\n````');
    expect(code('a`b')).toBe('`` a`b ``');
  });

  it('lists words as people do', () => {
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'], 'or')]).toEqual([
      '',
      'a',
      'a and b',
      'a, b or c',
    ]);
  });
});

describe('values as TypeScript', () => {
  it('are on one line if they are short', () => {
    expect(literal({ a: 1, 'b-c': ["it's"] })).toBe("{ a: 1, 'b-c': [\"it's\"] }");
  });

  it('are broken where they are long, the name before them counted', () => {
    const long = 'x'.repeat(60);
    expect(literal({ key: { text: long } })).toBe(`{\n  key: {\n    text: '${long}',\n  },\n}`);
  });
});

describe('XML on lines of its own', () => {
  it('is indented by depth, its texts unchanged', () => {
    expect(indentXml('<?xml version="1.0"?><a x="1"><b> t &lt; </b><c/><d></d></a>')).toBe(
      ['<?xml version="1.0"?>', '<a x="1">', '  <b> t &lt; </b>', '  <c/>', '  <d></d>', '</a>'].join('\n'),
    );
  });
});

describe('links', () => {
  it('get the base of the site, but not in code and not to other hosts', () => {
    const markdown = '[a](/api/) [b](https://example.com/) [c](//x/)\n```\n[d](/api/)\n```\n[e](/)';
    expect(withBase(markdown, '/sdk/')).toBe(
      '[a](/sdk/api/) [b](https://example.com/) [c](//x/)\n```\n[d](/api/)\n```\n[e](/sdk/)',
    );
    expect(withBase(markdown, '/')).toBe(markdown);
  });

  it('of documents lead to the pages of packages and documents, others become text', () => {
    const packages = new Set(['wire']);
    const links =
      '[a](../wire#limits) [b](../../docs/discrepancies.md) [c](test/x.test.ts) [d](../gone) ![e](../../docs/e.svg)';
    expect(repositoryLinks(links, 'packages/client', packages)).toBe(
      '[a](/packages/wire/#limits) [b](/reference/discrepancies/) c d e',
    );
    expect(repositoryLinks('[a](../packages/wire/README.md)', 'docs', packages)).toBe('[a](/packages/wire/)');
  });
});

describe('pages for language models', () => {
  it('say in words what markup said', () => {
    const body = [
      'First. More.',
      ':::caution[Deprecated]\nDo not.\n:::',
      '<div class="fields">\n\n| <code id="x">x</code> |\n\n</div>',
      '<details>\n<summary>Used by 9 fields</summary>\n\nmany\n\n</details>',
      '```xml title="Request"\n<a/>\n```',
      '```ts no-run continued\nx();\n```',
    ].join('\n\n');
    const page = { path: 'p', title: 'T', description: 'First.', section: 'api', body } as const;
    expect(markdownOf(page)).toBe(
      [
        '# T',
        'First. More.',
        '> Deprecated: Do not.',
        '| `x` |',
        'Used by 9 fields:',
        'many',
        'Request:',
        '```xml\n<a/>\n```',
        '```ts\nx();\n```\n',
      ].join('\n\n'),
    );
  });
});
