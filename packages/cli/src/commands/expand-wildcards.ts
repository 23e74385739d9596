import { readdir } from 'node:fs/promises';
import defaultPaths, { type PlatformPath } from 'node:path';
import picomatch from 'picomatch';

/**
 * Expands wildcards in the last part of a path, such as `photos/*.tif`. Most shells do this themselves; Windows shells do not.
 *
 * @returns The path itself if it has no wildcards or nothing matches.
 */
export async function expandWildcards(path: string, paths: PlatformPath = defaultPaths): Promise<string[]> {
  const pattern = paths.basename(path);
  if (!/[*?[{]/.test(pattern) || !path.endsWith(pattern)) return [path];
  const folder = path.slice(0, path.length - pattern.length);
  const matches = picomatch(pattern, { nocase: paths.sep === '\\' });
  const names = await readdir(folder === '' ? '.' : folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const found = names.filter((name) => matches(name)).sort();
  return found.length === 0 ? [path] : found.map((name) => `${folder}${name}`);
}
