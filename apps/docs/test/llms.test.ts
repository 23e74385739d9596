import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { operationNames, typeNames } from '../src/reference/contract-model.ts';
import { operationPath, typePath } from '../src/reference/links.ts';
import { dist, readSite } from './site.ts';

describe('the site for language models', () => {
  it('lists every page with a sentence, each as Markdown beside its HTML', () => {
    const listed = [...readSite('llms.txt').matchAll(/^- \[(.+)\]\(\/(.+)\): (.+)$/gm)].map(
      ([, , file]) => file ?? '',
    );
    expect(listed.filter((file) => !existsSync(join(dist, file)))).toEqual([]);
    for (const name of operationNames) expect(listed).toContain(`${operationPath(name)}.md`);
    for (const name of typeNames) expect(listed).toContain(`${typePath(name)}.md`);
  });

  it('holds all pages in one file, without what only serves the browser', () => {
    const full = readSite('llms-full.txt');
    for (const name of [...operationNames, ...typeNames]) expect(full).toContain(`# ${name}\n`);
    const prose = full.replace(/^(`{3,})[^`]*\n.*?\n\1$/gms, '').replace(/`[^`\n]*`/g, '');
    expect(prose).not.toMatch(/<div|<\/div>|<details|data-pagefind|^:::/m);
  });
});
