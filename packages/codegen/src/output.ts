import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { CodegenError } from './diagnostic.js';
import { displayPath } from './display-path.js';
import type { GeneratedFile } from './emit/generated-file.js';
import { GENERATED_MARK } from './emit/source-text.js';

/** The result of writing the output. */
export interface WriteResult {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
}

/**
 * Writes generated files, and removes obsolete files of earlier runs. Other files are neither overwritten nor removed.
 *
 * @throws CodegenError when a file to be overwritten was not written by the generator.
 */
export function writeOutput(out: string, files: readonly GeneratedFile[]): WriteResult {
  for (const { path } of files) {
    const target = join(out, path);
    if (existsSync(target) && !isGenerated(target)) {
      const position = { file: displayPath(target), line: 1, column: 1 };
      const message = 'ips-codegen did not write this file; move it away or choose another output folder';
      throw new CodegenError([{ code: 'not-generated', message, position }]);
    }
  }
  const written: string[] = [];
  let unchanged = 0;
  for (const { path, text } of files) {
    const target = join(out, path);
    if (existsSync(target) && readFileSync(target, 'utf8') === text) {
      unchanged += 1;
      continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
    written.push(path);
  }
  const removed = stale(out, files);
  for (const path of removed) rmSync(join(out, path));
  return { written, removed, unchanged };
}

/** Compares the files on disk with the generated ones. Returns a unified diff, which is empty if they are equal. */
export function compareOutput(out: string, files: readonly GeneratedFile[]): string {
  const patches: string[] = [];
  const compare = (path: string, current: string, expected: string): void => {
    if (current === expected) return;
    const name = displayPath(join(out, path));
    patches.push(
      createTwoFilesPatch(name, name, current, expected, 'committed', 'generated', { context: 2 }),
    );
  };
  for (const { path, text } of files) {
    const target = join(out, path);
    compare(path, existsSync(target) ? readFileSync(target, 'utf8') : '', text);
  }
  for (const path of stale(out, files)) compare(path, readFileSync(join(out, path), 'utf8'), '');
  return patches.join('\n');
}

/** Generated files in the folder that are no longer generated. */
function stale(out: string, files: readonly GeneratedFile[]): string[] {
  if (!existsSync(out)) return [];
  const current = new Set(files.map(({ path }) => path));
  return readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) =>
      join(entry.parentPath, entry.name).slice(out.length).replaceAll('\\', '/').replace(/^\/+/, ''),
    )
    .filter((path) => !current.has(path) && isGenerated(join(out, path)))
    .sort();
}

function isGenerated(path: string): boolean {
  return readFileSync(path, 'utf8').startsWith(GENERATED_MARK);
}
