import type { AnnotatedContract } from '../annotate/annotated.js';
import { type ContractEntry, contractComment, contractParts } from './emit-contract.js';
import { type GeneratedFile, Imports, typescriptFile } from './generated-file.js';
import { docComment, quote } from './source-text.js';
import { type Declaration, declarationsOf, operationEntries } from './split-declarations.js';

/** A complete contract: its description, and the files generated from it. */
export interface FullContract {
  readonly annotated: AnnotatedContract;
  readonly files: readonly GeneratedFile[];
}

/**
 * Generates only the difference between two versions of a contract: the types that differ, and tables that
 * take the rest from the other version. Versions are mostly the same, so a package with several of them stays
 * small.
 *
 * @param base - The other version.
 * @param baseModule - Path of its output relative to this one, such as `../../generated`.
 */
export function emitVersion(version: FullContract, base: FullContract, baseModule: string): GeneratedFile[] {
  return [
    emitVersionTypes(version, base, baseModule),
    emitVersionContract(version.annotated, base.annotated, baseModule),
  ];
}

function emitVersionTypes(version: FullContract, base: FullContract, baseModule: string): GeneratedFile {
  const theirs = declarationsOf(base.files);
  const all = declarationsOf(version.files);
  const own = differing(all, theirs);
  const imports = new Imports();
  const typesModule = `${baseModule}/index.js`;
  for (const name of own)
    for (const used of all.get(name)?.uses ?? [])
      if (!own.has(used) && all.has(used)) imports.use(typesModule, used);
  const shared = [...all.keys()].filter((name) => !own.has(name)).sort();
  const parts = [
    `export type {\n${shared.map((name) => `  ${name},\n`).join('')}} from ${quote(typesModule)};\n`,
    ...[...own].map((name) => all.get(name)?.text ?? ''),
    namedTypes(version, base, own),
    operations(version, base, own, (name) => {
      if (!own.has(name) && all.has(name)) imports.use(typesModule, name);
    }),
  ];
  // The interfaces of the other version have the same names, so the imports rename them.
  const renamed =
    `import type { NamedTypes as BaseTypes } from '${baseModule}/named-types.js';\n` +
    `import type { Operations as BaseOperations } from '${baseModule}/operations.js';\n`;
  return typescriptFile('types.ts', `${renamed}\n${parts.join('\n')}`, imports.byModule);
}

/** The names whose declaration differs or refers to a declaration that differs. */
function differing(
  all: ReadonlyMap<string, Declaration>,
  theirs: ReadonlyMap<string, Declaration>,
): ReadonlySet<string> {
  const own = new Set([...all].filter(([name, { text }]) => theirs.get(name)?.text !== text).map(([n]) => n));
  for (let before = -1; before !== own.size; ) {
    before = own.size;
    for (const [name, { uses }] of all) if (uses.some((used) => own.has(used))) own.add(name);
  }
  return own;
}

function namedTypes({ annotated }: FullContract, base: FullContract, own: ReadonlySet<string>): string {
  const names = (contract: AnnotatedContract): string[] => {
    const { messages, types } = contractParts(contract);
    return [...types, ...messages].map(({ key }) => key);
  };
  const mine = new Set(names(annotated));
  const left = names(base.annotated).filter((name) => own.has(name) || !mine.has(name));
  const entries = [...mine].filter((name) => own.has(name)).map((name) => `  ${name}: ${name};\n`);
  return (
    docComment(['All types and messages of the contract by name.']) +
    `export interface NamedTypes extends ${omit('BaseTypes', left)} {\n${entries.join('')}}\n`
  );
}

function operations(
  version: FullContract,
  base: FullContract,
  own: ReadonlySet<string>,
  use: (name: string) => void,
): string {
  const theirs = operationEntries(base.files);
  const mine = operationEntries(version.files);
  const changed = [...mine].filter(
    ([name, { text, uses }]) => theirs.get(name)?.text !== text || uses.some((used) => own.has(used)),
  );
  for (const [, { uses }] of changed) for (const name of uses) use(name);
  const changedNames = new Set(changed.map(([name]) => name));
  const left = [...theirs.keys()].filter((name) => changedNames.has(name) || !mine.has(name));
  return (
    docComment(['All operations by name, with their input and output types.']) +
    `export interface Operations extends ${omit('BaseOperations', left)} {\n` +
    `${changed.map(([, { text }]) => text).join('\n')}}\n\n` +
    docComment(['Name of an operation.']) +
    'export type OperationName = keyof Operations;\n'
  );
}

function omit(type: string, names: readonly string[]): string {
  if (names.length === 0) return type;
  return `Omit<\n  ${type},\n${names.map((name) => `  | ${quote(name)}\n`).join('')}>`;
}

function emitVersionContract(
  annotated: AnnotatedContract,
  base: AnnotatedContract,
  baseModule: string,
): GeneratedFile {
  const mine = contractParts(annotated);
  const theirs = contractParts(base);
  const table = (name: 'operations' | 'messages' | 'types'): string => {
    const kept = new Map(theirs[name].map(({ key, text }) => [key, text]));
    const here = new Set(mine[name].map(({ key }) => key));
    const gone = [...kept.keys()].filter((key) => !here.has(key));
    const changed: ContractEntry[] = mine[name].filter(({ key, text }) => kept.get(key) !== text);
    const source =
      gone.length === 0 ? `base.${name}` : `without(base.${name}, [${gone.map(quote).join(', ')}])`;
    return changed.length === 0
      ? `  ${name}: ${source},\n`
      : `  ${name}: {\n    ...${source},\n${changed.map(({ text }) => text).join('')}  },\n`;
  };
  const tables = `${table('operations')}${table('messages')}${table('types')}`;
  const without = tables.includes('without(')
    ? '\n/** A table of the other version without the entries that this version does not have. */\n' +
      'function without<T>(table: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {\n' +
      '  return Object.fromEntries(Object.entries(table).filter(([name]) => !names.includes(name)));\n}\n'
    : '';
  const imports = `import { contract as base, type TypedContract } from '${baseModule}/contract.js';\nimport type { Operations } from './types.js';\n`;
  const body = `export const contract: TypedContract<Operations> = {\n${mine.head}${tables}};\n`;
  return typescriptFile('contract.ts', `${imports}\n${contractComment(annotated)}${body}${without}`);
}
