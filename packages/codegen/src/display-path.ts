import { relative, resolve } from 'node:path';

/** A path as the user would write it: relative to the working folder, where it is inside. */
export function displayPath(path: string): string {
  const fromHere = relative(process.cwd(), resolve(path));
  return (fromHere.startsWith('..') ? path : fromHere).replaceAll('\\', '/');
}
