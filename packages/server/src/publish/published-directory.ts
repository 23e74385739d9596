import { createWriteStream } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ItemFailure } from '../failures.js';
import type { FileStore } from '../files/file-store.js';
import { makeDirectory } from '../files/make-directory.js';
import type { PublishPlace, StagedContent } from './publish-plan.js';
import type { PublishedAsset } from './published-content.js';

/** A company's directory for server directory publishes, metadata and sitemaps. */
export function publishedDirectory(serverRoot: string, company: { readonly rootPath: string }): string {
  return join(serverRoot, 'published', safeSteps(company.rootPath).join('/'));
}

/** The published directory of a company, with files under their paths in the company. */
export class PublishedDirectory implements PublishPlace {
  readonly #root: string;
  readonly #company: { readonly rootPath: string };
  readonly #files: FileStore;
  readonly #runId: number;

  constructor(
    serverRoot: string,
    company: { readonly rootPath: string },
    files: FileStore,
    run: { readonly id: number },
  ) {
    this.#root = publishedDirectory(serverRoot, company);
    this.#company = company;
    this.#files = files;
    this.#runId = run.id;
  }

  nameOf(asset: PublishedAsset, folder: string): string {
    const root = this.#company.rootPath;
    const inside = folder.toLowerCase().startsWith(root.toLowerCase()) ? folder.slice(root.length) : folder;
    return [...safeSteps(inside), ...safeSteps(asset.fileName)].join('/');
  }

  async stage(asset: PublishedAsset, file: string): Promise<StagedContent> {
    const staged = this.#stagingPath(asset);
    await makeDirectory(dirname(staged));
    await pipeline(this.#files.read(file), createWriteStream(staged, { flush: true }));
    let at = staged;
    return {
      promote: async (name, oldName) => {
        const path = join(this.#root, name);
        await makeDirectory(dirname(path));
        // If the transaction was repeated, it is there already.
        if (at !== path) await rename(at, path);
        at = path;
        if (oldName !== undefined && oldName !== name) await this.remove(oldName);
      },
    };
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.#root, safeSteps(name).join('/')), { force: true });
  }

  /** A lost run leaves this file behind; the worker that takes over overwrites it. */
  #stagingPath(asset: PublishedAsset): string {
    return join(this.#root, '.incoming', `${this.#runId}-${asset.id}`);
  }
}

/** A document that is written but not yet in place. */
export interface StagedDocument {
  /** Moves it into place in one step: readers see the old or the new document, never part of one. */
  commit(): Promise<void>;
}

/** Writes a document next to its place. If it is never committed, the next one of the same run overwrites it. */
export async function stageDocument(
  path: string,
  text: string,
  run: { readonly id: number },
): Promise<StagedDocument> {
  await makeDirectory(dirname(path));
  const temporary = `${path}.${run.id}.new`;
  await writeFile(temporary, text, { flush: true });
  return { commit: () => rename(temporary, path) };
}

function safeSteps(path: string): string[] {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  const bad = steps.find((step) => step === '..' || step === '.incoming' || /[\\\p{Cc}]/u.test(step));
  if (bad !== undefined) throw new ItemFailure(`"${bad}" cannot be the name of a published file or folder`);
  return steps;
}
