import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkLinks, formatBroken } from '../src/check/links.ts';
import { dist } from './site.ts';

describe('the links of the site', () => {
  it('all lead to a page and an anchor, and nothing is loaded from another host', () => {
    const { pages, links, broken } = checkLinks(dist);
    expect(formatBroken(broken)).toBe('');
    expect(pages).toBeGreaterThan(164 + 222);
    expect(links).toBeGreaterThan(10_000);
  });
});

describe('the check of links', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ips-docs-links-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds links without a target, without an anchor, and what comes from elsewhere', () => {
    writeFileSync(
      join(folder, 'index.html'),
      `<h1 id="top"></h1><a href="#top">fine</a><a href="/lost/">a</a><a href="#gone">b</a><a href="https://example.com/">fine</a>
       <script src="https://cdn.example.com/x.js"></script><img src="missing.png">`,
    );
    expect(checkLinks(folder).broken.map(({ link, reason }) => [link, reason])).toEqual([
      ['/lost/', 'no such file'],
      ['#gone', 'no such anchor'],
      ['https://cdn.example.com/x.js', 'loaded from another host'],
      ['missing.png', 'no such file'],
    ]);
  });

  it('respects the base of a site that is not at the root of its host', () => {
    writeFileSync(join(folder, 'index.html'), '<a href="/sdk/">fine</a><a href="/">outside</a>');
    expect(checkLinks(folder, '/sdk/').broken).toEqual([
      { file: 'index.html', link: '/', reason: 'no such file' },
    ]);
  });
});
