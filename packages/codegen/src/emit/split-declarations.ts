import type { GeneratedFile } from './generated-file.js';

/** A declaration in generated source, or an entry of a declaration. */
export interface Declaration {
  /** The source, its comment included. */
  readonly text: string;
  /** The types it refers to, among other names. */
  readonly uses: readonly string[];
}

/** Files that declare no types. */
const NOT_TYPES: ReadonlySet<string> = new Set([
  'index.ts',
  'operations.ts',
  'named-types.ts',
  'contract.ts',
  'constant-values.ts',
  'roles.ts',
  'docs.ts',
]);

/** The exported types of generated files by name. */
export function declarationsOf(files: readonly GeneratedFile[]): ReadonlyMap<string, Declaration> {
  const found = new Map<string, Declaration>();
  for (const { path, text } of files) {
    if (NOT_TYPES.has(path)) continue;
    // The generator puts empty lines between declarations, never inside one.
    for (const part of text.split(/\n\n(?=\/\*\*|export )/)) {
      const name = /^export (?:interface|type) (\w+)/m.exec(part)?.[1];
      if (name !== undefined) found.set(name, declaration(`${part.trim()}\n`));
    }
  }
  return found;
}

/** The entries of the generated interface `Operations` by name. */
export function operationEntries(files: readonly GeneratedFile[]): ReadonlyMap<string, Declaration> {
  const text = files.find(({ path }) => path === 'operations.ts')?.text ?? '';
  const found = new Map<string, Declaration>();
  const entry = /(?:^ {2}\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^ {2}([\w$]+|'[^']+'): \{\n[\s\S]*?^ {2}\};\n/gm;
  // Names that are not identifiers are quoted. They are XML names, which need no escapes.
  for (const [part, name = ''] of text.matchAll(entry))
    found.set(name.replaceAll("'", ''), declaration(part));
  return found;
}

function declaration(text: string): Declaration {
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'[^'\n]*'/g, '')
    .replace(/\w+\??:/g, '');
  return { text, uses: [...new Set(code.match(/[A-Za-z_$][\w$]*/g) ?? [])] };
}
