import { describe, expect, it } from 'vitest';
import { contractExports } from '../src/packages/contract-symbols.ts';
import { publishedPackages } from '../src/packages/package-list.ts';
import { mainText, readSite, withoutSpace } from './site.ts';

const packages = publishedPackages();
const modules = packages.flatMap(({ shortName, name, modules: all }) =>
  all.map(({ specifier }) => ({
    specifier,
    page: `packages/${shortName}/${specifier.slice(name.length + 1) || 'exports'}`,
  })),
);

describe('the pages of the packages', () => {
  it('are there for each package', () => {
    const names = packages.map(({ shortName }) => shortName);
    expect(names).toEqual(['client', 'cli', 'server', 'types', 'validator', 'wire', 'delivery', 'codegen']);
    for (const { shortName, name } of packages) {
      expect(mainText(readSite(`packages/${shortName}/index.html`))).toContain(name);
    }
  });

  it.each(modules)('describe what $specifier exports', async ({ specifier, page }) => {
    const exported = Object.keys((await import(/* @vite-ignore */ specifier)) as object);
    const described = exported.filter((name) => contractExports[specifier]?.isOne(name) !== true);
    const html = readSite(`${page}/index.html`);
    const headings = [...html.matchAll(/<h3 id="[^"]*"[^>]*>(.*?)<\/h3>/gs)].map(([, text]) =>
      withoutSpace((text ?? '').replace(/<[^>]+>|\(\)/g, '')),
    );
    expect(headings).toEqual(expect.arrayContaining(described));
  });

  it('describe the commands of ips', () => {
    const text = mainText(readSite('packages/cli/commands/index.html'));
    for (const command of ['ips login', 'ips job submit', 'ips upload', 'ips call']) {
      expect(text).toContain(withoutSpace(command));
    }
  });
});
