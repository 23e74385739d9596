import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, parse, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { SavedFile } from '@ips-sdk/client';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { bytes, count as countOf } from '../output/columns.js';
import { printableLine } from '../output/sanitize.js';
import { bar } from '../progress/bar.js';
import { Live } from '../progress/live.js';
import { checkArchive } from './check-archive.js';

/** A saved file with verified content. */
export interface CheckedFile extends SavedFile {
  /** The number of files in an archive. */
  readonly files: number | undefined;
}

/** Downloads files from links of the service into a folder and verifies them. */
export class SaveLinks {
  readonly #context: Context;
  readonly #folder: string;
  /** Names already used, because two links may have the same file name. */
  readonly #taken = new Set<string>();

  constructor(context: Context, folder: string) {
    this.#context = context;
    this.#folder = folder;
  }

  /**
   * Downloads files one after the other, and verifies the checksums of files in archives.
   *
   * @param earlier - Files saved by an earlier run. They are kept if they still exist with the same content.
   * @throws CliError if a file exists and must not be replaced, or if an archive is damaged.
   */
  async save(links: readonly string[], earlier: readonly SavedFile[] = []): Promise<CheckedFile[]> {
    const saved: CheckedFile[] = [];
    for (const link of links) {
      const known = earlier.find((one) => one.link === link);
      saved.push((known && (await this.#keep(known))) ?? (await this.#saveOne(link)));
    }
    return saved;
  }

  async #keep(file: SavedFile): Promise<CheckedFile | undefined> {
    const context = this.#context;
    const { path, sha256 } = file;
    const hash = createHash('sha256');
    try {
      await pipeline(createReadStream(path), hash, { signal: context.signal });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    if (hash.digest('hex') !== sha256) return undefined;
    this.#taken.add(basename(path).toLowerCase());
    context.note(`already saved ${path}, ${bytes(file.bytes)}; skipped`);
    const checked = await checkArchive(path, basename(path), context.signal);
    return { ...file, files: checked?.files };
  }

  async #saveOne(link: string): Promise<CheckedFile> {
    const context = this.#context;
    const client = await context.client();
    const { fileName, length, body } = await client.download(link, { signal: context.signal });
    const path = join(this.#folder, this.#unused(fileName));
    const isNew = await this.#reserve(path, link);
    // The file gets its final name only when complete.
    const part = `${path}.${randomBytes(4).toString('hex')}.part`;
    let count = 0;
    let files: number | undefined;
    const hash = createHash('sha256');
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
        hash.update(chunk);
        yield chunk;
      }
    };
    try {
      await pipeline(counted, createWriteStream(part, { flags: 'wx' }), { signal: context.signal });
      files = (await this.#check(part, fileName, path))?.files;
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
    const inside = files === undefined ? '' : `, ${countOf(files, 'file')} verified`;
    context.done(printableLine(`saved ${path}, ${bytes(count)}${inside}`));
    return { link, path: resolve(path), bytes: count, sha256: hash.digest('hex'), files };
  }

  async #check(part: string, fileName: string, path: string): Promise<{ files: number } | undefined> {
    const { signal } = this.#context;
    try {
      return await checkArchive(part, fileName, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw new CliError(
        EXIT.service,
        `${path}: the download is damaged and was deleted: ${(error as Error).message}`,
        'run the same command again to download it without a new export',
      );
    }
  }

  /** Reserves a name with an empty file, or prompts before replacing an existing file. */
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
        'give --yes to replace it, or a different --name',
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
