import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Application,
  type Context,
  Converter,
  type DeclarationReflection,
  ReferenceReflection,
  ReflectionKind,
  type TypeDocOptions,
} from 'typedoc';
import type { PluginOptions } from 'typedoc-plugin-markdown';
import { contractExports, contractSymbolLink } from './contract-symbols.ts';
import type { PackageModule } from './package-list.ts';

/** A module with the page that it will have. */
export interface ModulePage extends PackageModule {
  /** `packages/wire/schedule` */
  readonly path: string;
}

const PACKAGES = fileURLToPath(new URL('../../../../packages/', import.meta.url));

const TYPES = '@ips-sdk/types';
/** The name that TypeDoc gives to it. */
const TYPES_MODULE = 'types/dist';

const HIDE = {
  hideModifiers: true,
  hideDefaults: true,
  hideInherited: true,
  hideOverrides: true,
  hideSources: true,
};

/**
 * The reference of modules from the comments in their declarations, as Markdown by the specifier of the module. What refers to a
 * type of the contract links to the API reference.
 */
export async function moduleReference(modules: readonly ModulePage[]): Promise<Map<string, string>> {
  const out = mkdtempSync(join(tmpdir(), 'ips-docs-'));
  try {
    const app = await Application.bootstrapWithPlugins({ ...options(modules), out });
    app.converter.addUnknownSymbolResolver(({ moduleSource, symbolReference }) => {
      if (moduleSource !== undefined && moduleSource !== TYPES) return undefined;
      const [first] = symbolReference?.path ?? [];
      return first === undefined ? undefined : contractSymbolLink(first.path);
    });
    // Before links are resolved, so that links to omitted types lead to the API reference.
    app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }: Context) => {
      for (const module of project.children ?? []) leaveOutReexports(module);
      for (const module of project.children ?? []) {
        const page = modules.find((each) => nameOf(each) === module.name);
        if (page === undefined)
          throw new Error(`TypeDoc describes ${module.name}, which is none of the modules`);
        leaveOutContract(module, page);
        leaveOutErrorConstructors(module);
        // The name becomes that of the file.
        module.name = page.path;
      }
    });
    const project = await app.convert();
    if (project === undefined) throw new Error('TypeDoc found nothing to describe');
    await app.generateOutputs(project);
    return new Map(modules.map((module) => [module.specifier, readReference(out, module.path)] as const));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function options(modules: readonly ModulePage[]): Partial<TypeDocOptions & PluginOptions> {
  return {
    // The types come first, so that what another module exports of theirs counts as a reference to them.
    entryPoints: [...modules]
      .sort((a, b) => Number(b.specifier === TYPES) - Number(a.specifier === TYPES))
      .map(({ declarations }) => declarations),
    plugin: ['typedoc-plugin-markdown'],
    tsconfig: fileURLToPath(new URL('../../tsconfig.typedoc.json', import.meta.url)),
    basePath: PACKAGES,
    skipErrorChecking: true,
    logLevel: 'Error',
    readme: 'none',
    disableSources: true,
    excludeExternals: true,
    excludePrivate: true,
    excludeInternal: true,
    // Sorted by name, whatever the order of exports.
    sort: ['kind', 'alphabetical'],
    outputFileStrategy: 'modules',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    hidePageTitle: true,
    expandObjects: true,
    expandParameters: true,
    typeDeclarationVisibility: 'compact',
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    typeAliasPropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    tableColumnSettings: HIDE,
  };
}

/** The name that TypeDoc gives to a module: its file below the folder of all packages. */
function nameOf({ declarations }: PackageModule): string {
  return relative(PACKAGES, declarations)
    .replaceAll('\\', '/')
    .replace(/\.d\.ts$/, '')
    .replace(/\/index$/, '');
}

/** What a module exports of the types of the contract is described where they are. */
function leaveOutReexports(module: DeclarationReflection): void {
  for (const member of [...(module.children ?? [])]) {
    if (!(member instanceof ReferenceReflection)) continue;
    const target = member.tryGetTargetReflectionDeep();
    if (target?.parent?.name === TYPES_MODULE && target.parent !== module)
      module.project.removeReflection(member);
  }
}

function leaveOutContract(module: DeclarationReflection, { specifier }: PackageModule): void {
  const leaveOut = contractExports[specifier];
  if (leaveOut === undefined) return;
  for (const member of [...(module.children ?? [])]) {
    if (leaveOut.isOne(member.name)) module.project.removeReflection(member);
  }
}

/** Errors are caught, not made: their constructors say nothing to a reader, unless a comment does. */
function leaveOutErrorConstructors(module: DeclarationReflection): void {
  for (const { name, children = [] } of module.children ?? []) {
    if (!name.endsWith('Error')) continue;
    for (const member of children.filter(({ kind }) => kind === ReflectionKind.Constructor)) {
      if (member.signatures?.every(({ comment }) => comment === undefined))
        module.project.removeReflection(member);
    }
  }
}

/** What TypeDoc wrote of a module, its links to other modules made links of the site. */
function readReference(out: string, path: string): string {
  return readFileSync(join(out, `${path}.md`), 'utf8')
    .replace(/\]\((?!\/|#|https?:)([^)#\s]+)\.md(#[^)\s]*)?\)/g, (_, target: string, anchor = '') => {
      return `](/${posix.join(posix.dirname(path), target)}/${anchor})`;
    })
    .replace(/(?:^\|.*\|\n?)+/gm, (rows) => `<div class="members">\n\n${rows.trimEnd()}\n\n</div>\n`)
    .trim();
}
