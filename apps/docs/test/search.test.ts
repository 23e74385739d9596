import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationNames, typeNames } from '../src/reference/contract-model.ts';
import { operationPath, typePath } from '../src/reference/links.ts';
import { searchRanking } from '../src/site/search-ranking.ts';
import { dist } from './site.ts';

/** What the search of Pagefind offers to the page. */
interface Pagefind {
  options(options: { basePath: string; baseUrl: string; ranking: object }): Promise<void>;
  search(term: string): Promise<{ results: readonly { data(): Promise<{ url: string }> }[] }>;
}

/** The site's own index, asked in the way in which the page asks it: files are fetched, no service is called. */
describe('the search', () => {
  let server: Server;
  let pagefind: Pagefind;

  beforeAll(async () => {
    server = createServer((request, response) => {
      readFile(join(dist, new URL(request.url ?? '/', 'http://site.invalid').pathname)).then(
        (content) => response.end(content),
        () => response.writeHead(404).end(),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    // The script asks the page for its language.
    const document = { currentScript: null, querySelector: () => ({ getAttribute: () => 'en' }) };
    Object.assign(globalThis, { document });
    pagefind = (await import(
      /* @vite-ignore */ pathToFileURL(join(dist, 'pagefind/pagefind.js')).href
    )) as Pagefind;
    await pagefind.options({
      basePath: `http://127.0.0.1:${port}/pagefind/`,
      baseUrl: '/',
      ranking: searchRanking,
    });
  });

  afterAll(() => server.close());

  /** Where the first results lead. */
  async function find(term: string, count: number): Promise<string[]> {
    const { results } = await pagefind.search(term);
    const found = await Promise.all(results.slice(0, count).map((result) => result.data()));
    return found.map(({ url }) => url);
  }

  it.each(operationNames)('finds the operation %s by its name', async (name) => {
    expect(await find(name, 3)).toContain(`/${operationPath(name)}/`);
  });

  it.each([
    ['upload files', 'guides/uploads'],
    ['wait for a job', 'guides/jobs'],
    ['20003', 'api/faults'],
  ])('finds what explains "%s"', async (words, path) => {
    expect(await find(words, 5)).toContain(`/${path}/`);
  });

  it.each(typeNames)('finds the type %s by its name', async (name) => {
    expect(await find(name, 10)).toContain(`/${typePath(name)}/`);
  });
});
