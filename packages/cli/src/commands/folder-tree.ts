import type { Folder } from '@ips-sdk/types';
import type { Context } from '../context.js';
import { printableLine } from '../output/sanitize.js';
import { folderPath } from './references.js';

interface FolderRow {
  readonly path: string;
  readonly handle: string | undefined;
  readonly depth: number;
  readonly lastModified: string | undefined;
}

/** The fields of the output. */
export const fields = ['path', 'handle', 'depth', 'lastModified'];

/** `ips folder tree` */
export async function run(
  context: Context,
  options: { readonly depth?: string },
  path?: string,
): Promise<undefined> {
  const depth = options.depth === undefined ? undefined : Number(options.depth);
  const client = await context.client();
  const walk = client.walkFolders({
    depth,
    ...(path === undefined ? {} : { folderPath: folderPath(path) }),
    signal: context.signal,
  });
  if (context.print.forPeople) {
    await printTree(context, walk);
    return undefined;
  }
  async function* rows(): AsyncGenerator<FolderRow> {
    for await (const { folder, depth: level } of walk)
      yield {
        path: folder.path ?? '',
        handle: folder.folderHandle,
        depth: level,
        lastModified: folder.lastModified,
      };
  }
  await context.print.rows(
    rows(),
    [
      { title: 'PATH', value: (row) => row.path },
      { title: 'HANDLE', value: (row) => row.handle },
      { title: 'DEPTH', value: (row) => row.depth },
    ],
    fields,
  );
  return undefined;
}

/** Prints folders as a tree. The branch of a folder depends on the folders after it. */
async function printTree(
  context: Context,
  walk: AsyncIterable<{ readonly folder: Folder; readonly depth: number }>,
): Promise<void> {
  const all: { name: string; depth: number }[] = [];
  for await (const { folder, depth } of walk) {
    const path = folder.path ?? '';
    const name = depth === 0 ? path : (path.replace(/\/$/, '').split('/').at(-1) ?? path);
    all.push({ name: printableLine(name), depth });
  }
  // Iterate backwards to know which levels continue below.
  const continues: boolean[] = [];
  const lines: string[] = [];
  for (const { name, depth } of all.toReversed()) {
    continues.length = depth + 1;
    const stems = Array.from({ length: Math.max(0, depth - 1) }, (_, i) =>
      continues[i + 1] ? '│   ' : '    ',
    );
    const branch = depth === 0 ? '' : continues[depth] ? '├── ' : '└── ';
    const { paint } = context.print;
    lines.push(`${paint('dim', stems.join('') + branch)}${depth === 0 ? paint('bold', name) : name}\n`);
    continues[depth] = true;
  }
  await context.print.painted(lines.reverse().join(''));
}
