// Finds the code blocks of READMEs and the @example blocks of sources, so that tests can run what readers will copy.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { format } from 'node:util';

/** One code block that stands somewhere for readers. */
export interface Example {
  /** `README.md:12` */
  readonly name: string;
  readonly language: string;
  readonly code: string;
  /** The text behind the language in the opening fence. */
  readonly info: string;
}

/** The fenced code blocks of a Markdown file. */
export function markdownExamples(file: string, root: string = dirname(file)): Example[] {
  return fences(readFileSync(file, 'utf8').split('\n'), relative(root, file));
}

/** The `@example` blocks of all TypeScript sources of a folder, but for generated ones. */
export function sourceExamples(folder: string, root: string = dirname(folder)): Example[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && /(?<!\.d)\.ts$/.test(entry.name) && !entry.parentPath.includes('generated'),
    )
    .flatMap((entry) => {
      const file = join(entry.parentPath, entry.name);
      // Inside a comment every line begins with ` * `; other lines are blanked so that line numbers stay.
      const lines = readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => /^\s*\* ?(?!\/)(.*)$/.exec(line)?.[1] ?? '');
      return fences(lines, relative(root, file));
    });
}

function fences(lines: readonly string[], file: string): Example[] {
  const examples: Example[] = [];
  let open: { line: number; indent: string; language: string; info: string; code: string[] } | undefined;
  for (const [index, line] of lines.entries()) {
    const fence = /^(\s*)```(\w*)\s*(.*)$/.exec(line);
    if (open === undefined && fence) {
      open = {
        line: index + 1,
        indent: fence[1] ?? '',
        language: fence[2] ?? '',
        info: fence[3] ?? '',
        code: [],
      };
    } else if (open && line.trim() === '```') {
      const { language, info, code } = open;
      examples.push({ name: `${file}:${open.line}`, language, info, code: `${code.join('\n')}\n` });
      open = undefined;
    } else {
      open?.code.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    }
  }
  return examples;
}

/**
 * Type-checks TypeScript examples under the strictest settings, in a folder inside of the package so that they resolve
 * the package by its own name, and returns the files by the name of the example.
 *
 * @throws Error with the compiler's words when an example does not compile.
 */
export function compileExamples(examples: readonly Example[], packageFolder: string): Map<string, string> {
  const folder = join(packageFolder, 'test-results/examples');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = new Map<string, string>();
  for (const { name, code } of examples) {
    const file = join(folder, `${name.replace(/[^\w]+/g, '-')}.ts`);
    writeFileSync(file, `// ${name}\n${code}\nexport {};\n`);
    files.set(name, file);
  }
  const require = createRequire(join(packageFolder, 'package.json'));
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const options = [
    '--noEmit',
    '--ignoreConfig',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--skipLibCheck',
    '--target',
    'es2023',
  ];
  try {
    const module = ['--module', 'nodenext', '--types', 'node'];
    execFileSync(process.execPath, [tsc, ...options, ...module, ...files.values()], {
      cwd: packageFolder,
      encoding: 'utf8',
    });
  } catch (error) {
    throw new Error((error as { stdout?: string }).stdout || String(error));
  }
  return files;
}

/**
 * Runs a compiled example and holds what it prints against the comments behind its `console.log` calls.
 *
 * @returns What was printed and what the comments promise, one entry for each call that promises something.
 */
export async function runExample(file: string): Promise<{ printed: string[]; promised: string[] }> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const promised = lines.flatMap((line) => /console\.log\(.*\);\s*\/\/ (.+)$/.exec(line)?.[1] ?? []);
  const printed: string[] = [];
  const original = console.log;
  console.log = (...values: unknown[]) => void printed.push(format(...values));
  try {
    await import(/* @vite-ignore */ file);
  } finally {
    console.log = original;
  }
  return { printed: promised.length === 0 ? [] : printed, promised };
}
