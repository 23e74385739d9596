import defaultPaths, { type PlatformPath } from 'node:path';

/** Converts a local path to slashes. */
export function slashed(path: string, paths: PlatformPath = defaultPaths): string {
  return paths.sep === '/' ? path : path.replaceAll(paths.sep, '/');
}

/**
 * Returns a path below a destination folder.
 *
 * @param paths - The path rules of the machine of `path`. Backslashes separate folders on Windows only.
 * @throws Error when the path is outside the folder, or not a file.
 */
export function destPathOf(destFolder: string, path: string, paths: PlatformPath = defaultPaths): string {
  const steps = stepsOf(path, paths);
  if (steps.length === 0 || slashed(path, paths).endsWith('/'))
    throw new Error(`expected the name of a file, found ${JSON.stringify(path)}`);
  return destFolder + steps.join('/');
}

/** As {@link destPathOf}, for a folder: with a trailing slash. */
export function destFolderBelow(
  destFolder: string,
  path: string,
  paths: PlatformPath = defaultPaths,
): string {
  const steps = stepsOf(path, paths);
  return steps.length === 0 ? destFolder : `${destFolder}${steps.join('/')}/`;
}

function stepsOf(path: string, paths: PlatformPath): string[] {
  const steps = slashed(path, paths)
    .split('/')
    .filter((step) => step !== '' && step !== '.');
  if (steps.includes('..'))
    throw new Error(`expected a path below the folder, found ${JSON.stringify(path)}`);
  return steps;
}

/**
 * Finds folders that a path repeats, such as `MyCompany/MyCompany/`. This happens when a local folder already contains the folders of the
 * destination.
 *
 * @returns The path with the repetition, and without it.
 */
export function repeatedFolder(
  destPath: string,
): { readonly found: string; readonly meant: string } | undefined {
  const steps = destPath.split('/').slice(0, -1);
  const folded = steps.map((step) => step.toLowerCase());
  for (let start = 0; start < steps.length; start += 1) {
    for (let length = 1; start + 2 * length <= steps.length; length += 1) {
      const once = folded.slice(start, start + length);
      const again = folded.slice(start + length, start + 2 * length);
      if (once.some((step, i) => step !== again[i])) continue;
      return {
        found: `${steps.slice(0, start + 2 * length).join('/')}/`,
        meant: `${steps.slice(0, start + length).join('/')}/`,
      };
    }
  }
  return undefined;
}

/** Returns a warning for each folder that destinations repeat. */
export function repeatedFolderWarnings(destPaths: Iterable<string>): string[] {
  const warnings = new Map<string, string>();
  const seen = new Set<string>();
  for (const destPath of destPaths) {
    const folder = destPath.slice(0, destPath.lastIndexOf('/') + 1);
    if (seen.has(folder)) continue;
    seen.add(folder);
    const repeated = repeatedFolder(folder);
    if (repeated === undefined) continue;
    const { found, meant } = repeated;
    warnings.set(found, `destination ${found}: repeats a folder; did you mean ${meant}?`);
  }
  return [...warnings.values()];
}
