import { opendir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { FileSource } from '@ips-sdk/client';

/** A file and its destination. */
export interface UploadPlace {
  readonly source: string;
  readonly destPath: string;
  readonly size: number | undefined;
}

/** The destinations of files. Those of folders keep their paths below the folder. */
export async function* placesOf(
  sources: readonly FileSource[],
  destFolder: string,
  filter?: (path: string) => boolean,
): AsyncGenerator<UploadPlace> {
  for (const source of sources) {
    if (typeof source !== 'string') {
      if ('content' in source && source.content instanceof Uint8Array) {
        const { length: size } = source.content;
        yield { source: 'stdin', destPath: `${destFolder}${source.destPath}`, size };
      }
    } else if ((await stat(source)).isDirectory()) {
      const root = resolve(source);
      for await (const path of filesBelow(root)) {
        if (filter !== undefined && !filter(path)) continue;
        const below = relative(root, path).split(sep).join('/');
        yield {
          source: relative('', path),
          destPath: `${destFolder}${below}`,
          size: (await stat(path)).size,
        };
      }
    } else {
      yield { source, destPath: `${destFolder}${basename(source)}`, size: (await stat(source)).size };
    }
  }
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) names.push(name);
  for (const name of names.sort()) {
    const path = join(folder, name);
    const status = await stat(path);
    if (status.isDirectory()) yield* filesBelow(path);
    else if (status.isFile()) yield path;
  }
}
