import { GENERATED_MARK } from './source-text.js';

/** A file that the generator writes: a path below the output folder, and its whole text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** A TypeScript file: the mark, the imports that its body needs, and the body. */
export function typescriptFile(
  path: string,
  body: string,
  imports: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
): GeneratedFile {
  const lines = [...imports]
    .filter(([, names]) => names.size > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, names]) => {
      const sorted = [...names].sort();
      const line = `import type { ${sorted.join(', ')} } from '${from}';\n`;
      return line.length <= 111
        ? line
        : `import type {\n${sorted.map((n) => `  ${n},\n`).join('')}} from '${from}';\n`;
    });
  const head = lines.length > 0 ? `${lines.join('')}\n` : '';
  return { path, text: `${GENERATED_MARK}\n\n${head}${body.trimStart().trimEnd()}\n` };
}

/** Collects the names that a file uses from other files. */
export class Imports {
  readonly byModule: Map<string, Set<string>> = new Map();

  use(module: string, name: string): void {
    const names = this.byModule.get(module) ?? new Set<string>();
    this.byModule.set(module, names);
    names.add(name);
  }
}
