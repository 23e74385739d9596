import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A module that a package exports to programs. */
export interface PackageModule {
  /** As it is imported: `@ips-sdk/wire/schedule`. */
  readonly specifier: string;
  /** The declarations of the module as the package is built. */
  readonly declarations: string;
}

/** A published package. */
export interface PublishedPackage {
  readonly name: string;
  /** The name without its scope, which is that of its folder. */
  readonly shortName: string;
  readonly description: string;
  readonly readme: string;
  readonly modules: readonly PackageModule[];
  readonly commands: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly exports?: Readonly<Record<string, { readonly types?: string } | string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const PACKAGES = new URL('../../../../packages/', import.meta.url);

/** From the package with which a reader begins to those that are for tools. */
const ORDER = ['client', 'cli', 'server', 'types', 'validator', 'wire', 'delivery', 'codegen'];

/**
 * The packages that the site documents: those that it depends on, which have been built before it.
 *
 * @throws Error when one of them has not been built.
 */
export function publishedPackages(): PublishedPackage[] {
  const own = readManifest(new URL('../../package.json', import.meta.url));
  return Object.keys(own.devDependencies ?? {})
    .filter((name) => name.startsWith('@ips-sdk/'))
    .map((name) => name.slice('@ips-sdk/'.length))
    .sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map(readPackage);
}

function readPackage(shortName: string): PublishedPackage {
  const folder = new URL(`${shortName}/`, PACKAGES);
  const manifest = readManifest(new URL('package.json', folder));
  const readme = new URL('README.md', folder);
  const modules = Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
    if (typeof target === 'string' || target.types === undefined || subpath.includes('*')) return [];
    const declarations = fileURLToPath(new URL(target.types, folder));
    if (!existsSync(declarations))
      throw new Error(`${declarations} does not exist: build ${manifest.name} first`);
    return [{ specifier: manifest.name + subpath.slice(1), declarations }];
  });
  return {
    name: manifest.name,
    shortName,
    description: manifest.description,
    readme: existsSync(readme) ? readFileSync(readme, 'utf8') : `${manifest.description}.`,
    modules,
    commands: Object.keys(manifest.bin ?? {}),
  };
}

function readManifest(url: URL): Manifest {
  return JSON.parse(readFileSync(url, 'utf8')) as Manifest;
}
