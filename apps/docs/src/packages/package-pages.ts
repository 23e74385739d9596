import type { Page } from '../page.ts';
import { blocks, code, plain, table } from '../reference/markdown.ts';
import { repositoryLinks } from '../site/repository-links.ts';
import { commandPage } from './command-page.ts';
import { contractExports } from './contract-symbols.ts';
import { type PublishedPackage, publishedPackages } from './package-list.ts';
import { type ModulePage, moduleReference } from './typedoc.ts';

/** The pages of all packages: what each is, from its README, and what its modules export, from their comments. */
export async function packagePages(): Promise<Page[]> {
  const packages = publishedPackages();
  const modules = packages.flatMap(modulePages);
  const reference = await moduleReference(modules);
  const commands = await commandPage();
  return [
    overview(packages),
    ...packages.flatMap((each) => [
      readmePage(each, packages),
      ...modulePages(each).map((module) => exportsPage(each, module, reference.get(module.specifier) ?? '')),
      ...(each.shortName === 'cli' ? [commands] : []),
    ]),
  ];
}

function modulePages({ name, shortName, modules }: PublishedPackage): ModulePage[] {
  return modules.map((module) => {
    const subpath = module.specifier.slice(name.length + 1);
    return { ...module, path: `packages/${shortName}/${subpath === '' ? 'exports' : subpath}` };
  });
}

function overview(packages: readonly PublishedPackage[]): Page {
  return {
    path: 'packages',
    title: 'Packages',
    description: 'The packages of the IPS SDK, each usable on its own.',
    section: 'packages',
    body: table(
      ['Package', 'Description'],
      packages.map(({ name, shortName, description }) => [
        `[${code(name)}](/packages/${shortName}/)`,
        description,
      ]),
    ),
  };
}

function readmePage(each: PublishedPackage, packages: readonly PublishedPackage[]): Page {
  const known = new Set(packages.map(({ shortName }) => shortName));
  const exported = modulePages(each).map(({ specifier, path }) => `- [${code(specifier)}](/${path}/)`);
  return {
    path: `packages/${each.shortName}`,
    title: each.name,
    description: each.description,
    section: 'packages',
    group: each.shortName,
    body: blocks(
      repositoryLinks(each.readme.replace(/^# .*\n+/, ''), `packages/${each.shortName}`, known).trim(),
      exported.length === 0 ? undefined : `## Modules\n\n${exported.join('\n')}`,
      each.shortName === 'cli'
        ? '[Commands of ips](/packages/cli/commands/) describes every command.'
        : undefined,
    ),
  };
}

function exportsPage({ name, shortName }: PublishedPackage, module: ModulePage, reference: string): Page {
  const subpath = module.specifier.slice(name.length);
  return {
    path: module.path,
    title: `Exports of ${module.specifier}`,
    description: plain(
      `The exports of the module ${module.specifier}${subpath === '' ? '' : ` of ${name}`}.`,
    ),
    section: 'packages',
    group: shortName,
    body: blocks(
      `Import from ${code(module.specifier)}.`,
      contractExports[module.specifier]?.note,
      reference,
    ),
  };
}
