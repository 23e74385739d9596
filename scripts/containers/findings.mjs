// What the checks of the Dockerfile, the Compose file and the manifests have found.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The text of a file, by its path in the repository. */
export const textOf = (path) => readFileSync(join(root, path), 'utf8');

/** What is wrong, in words. */
export const problems = [];

/** What could not be checked here, with the reason. */
export const skipped = [];

/** Notes a problem unless all is right. */
export function check(isRight, problem) {
  if (!isRight) problems.push(problem);
}
