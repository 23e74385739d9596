import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { bytes } from '../output/columns.js';
import { printableLine } from '../output/sanitize.js';
import { bar } from '../progress/bar.js';
import { Live } from '../progress/live.js';

/** Saves files behind links of the service into a folder. */
export class SaveLinks {
  readonly #context: Context;
  readonly #folder: string;
  /** Names that are taken, since two links may lead to files of the same name. */
  readonly #taken = new Set<string>();

  constructor(context: Context, folder: string) {
    this.#context = context;
    this.#folder = folder;
  }

  /**
   * Downloads the files, one after the other.
   *
   * @returns The paths of the files.
   * @throws CliError when a file exists and must not be replaced.
   */
  async save(links: readonly string[]): Promise<string[]> {
    const paths: string[] = [];
    for (const link of links) paths.push(await this.#saveOne(link));
    return paths;
  }

  async #saveOne(link: string): Promise<string> {
    const context = this.#context;
    const client = await context.client();
    const { fileName, length, body } = await client.download(link, { signal: context.signal });
    const path = join(this.#folder, this.#unused(fileName));
    const isNew = await this.#reserve(path, link);
    // An incomplete file never has the final name.
    const part = `${path}.${randomBytes(4).toString('hex')}.part`;
    let count = 0;
    const live = context.canRedraw
      ? await Live.start(context, (spinner) => {
          const of = length === undefined ? '' : ` of ${bytes(length)}`;
          const share = length === undefined ? '' : `${bar(count / Math.max(1, length), 20, context.paint)} `;
          return `${context.paint('cyan', spinner)} ${share}${bytes(count)}${of}`;
        })
      : undefined;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of body) {
        count += chunk.length;
        yield chunk;
      }
    };
    try {
      await pipeline(counted, createWriteStream(part, { flags: 'wx' }), { signal: context.signal });
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      if (isNew) await rm(path, { force: true });
      live?.end();
      if (!context.signal.aborted) context.note(`the archive is still available at ${link}`);
      throw error;
    } finally {
      live?.end();
    }
    context.done(printableLine(`saved ${path}, ${bytes(count)}`));
    return path;
  }

  /** Creates an empty file with the name, so that no other program takes it, or asks whether to replace an existing one. */
  async #reserve(path: string, link: string): Promise<boolean> {
    const context = this.#context;
    try {
      await writeFile(path, '', { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (!context.options.yes && !context.canAsk) {
      throw new CliError(
        EXIT.usage,
        `${path} already exists and was not replaced\nthe archive is still available at ${link}`,
        'give --yes to replace it, or another --name',
      );
    }
    await context.confirm('replace', 'a file', [{ handle: path }]);
    return false;
  }

  #unused(fileName: string): string {
    const { name, ext } = parse(fileName);
    let unused = fileName;
    for (let number = 2; this.#taken.has(unused.toLowerCase()); number += 1)
      unused = `${name} (${number})${ext}`;
    this.#taken.add(unused.toLowerCase());
    return unused;
  }
}
