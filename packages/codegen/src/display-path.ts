import { relative, resolve } from 'node:path';

/** A path for messages: relative to the working folder if it is inside. */
export function displayPath(path: string): string {
  const fromHere = relative(process.cwd(), resolve(path));
  return (fromHere.startsWith('..') ? path : fromHere).replaceAll('\\', '/');
}
