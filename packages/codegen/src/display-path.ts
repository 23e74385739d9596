import { relative, resolve } from 'node:path';

/** A path as the user would write it: relative to the working folder where that is shorter. */
export function displayPath(path: string): string {
  const fromHere = relative(process.cwd(), resolve(path));
  return (fromHere.startsWith('..') ? path : fromHere).replaceAll('\\', '/');
}
