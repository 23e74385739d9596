import { readFileSync } from 'node:fs';

/** The table of what the local server supports, which its package makes from its tests. */
const FILE = new URL('../../../../docs/server-support.md', import.meta.url);

/** What the local server does with an operation. */
export interface ServerSupport {
  readonly supported: boolean;
  /** What is known to differ from the service, as Markdown; empty where nothing is. */
  readonly differences: string;
}

let rows: ReadonlyMap<string, ServerSupport> | undefined;

/** @returns `undefined` for an operation that the table does not list. */
export function serverSupportOf(operation: string): ServerSupport | undefined {
  rows ??= new Map(
    [...readFileSync(FILE, 'utf8').matchAll(/^\| `(\w+)` \| (\w+) \| [^|]*\| (.*?) ?\|$/gm)].map(
      ([, name = '', supported, differences = '']) => [
        name,
        { supported: supported === 'yes', differences: differences.trim() },
      ],
    ),
  );
  return rows.get(operation);
}
