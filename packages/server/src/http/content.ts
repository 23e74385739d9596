import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { companyByRoot } from '../companies/company-by-root.js';
import { findArchive } from '../publish/export-archive.js';
import { findPublishedContent } from '../publish/find-published.js';
import { publishedDirectory } from '../publish/published-directory.js';
import { SITEMAP_FILE } from '../publish/video-sitemap.js';
import type { Services } from '../services.js';

/**
 * `/is/content/{company}/{asset}`: published files as they are, such as videos and documents; `/is/sitemap/{company}/…`: video
 * sitemaps; `/scene7/export/{token}/…`: archives from export jobs.
 */
export function registerContent(app: FastifyInstance, services: Services): void {
  app.get<{ Params: { company: string; '*': string } }>('/is/content/:company/*', async (request, reply) => {
    const { company, '*': name } = request.params;
    const found = await findPublishedContent(services.db, { company, name });
    if (found === undefined) return notFound(reply, 'nothing of this name is published');
    return sendFile(services, request, reply, found.file, found.mediaType);
  });
  app.get<{ Params: { company: string } }>(`/is/sitemap/:company/${SITEMAP_FILE}`, async (request, reply) => {
    const company = await companyByRoot(services.db, request.params.company);
    const path = company && join(publishedDirectory(services.config.serverRoot, company), SITEMAP_FILE);
    const text = path && (await readFile(path, 'utf8').catch(() => undefined));
    if (text === undefined) return notFound(reply, 'there is no sitemap');
    return reply.type('application/xml; charset=utf-8').send(text);
  });
  app.get<{ Params: { token: string } }>('/scene7/export/:token/:name', async (request, reply) => {
    const archive = await findArchive(services.db, request.params.token, services.clock.now());
    if (archive === undefined) return notFound(reply, 'no such archive, or it has expired');
    reply.header(
      'content-disposition',
      `attachment; filename*=UTF-8''${encodeURIComponent(archive.fileName)}`,
    );
    reply.header('cache-control', 'private, no-store');
    return sendFile(services, request, reply, archive.file, 'application/zip');
  });
}

/** Sends a file of the store, or the range that was requested. */
async function sendFile(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  file: string,
  mediaType: string,
): Promise<FastifyReply> {
  const size = await services.files.size(file);
  if (size === undefined) return notFound(reply, 'the file is missing');
  // Uploaded files must not run as pages of this server.
  reply
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox");
  reply.type(mediaType).header('accept-ranges', 'bytes').header('etag', `"${file}"`);
  if (request.headers['if-none-match'] === `"${file}"`) return reply.code(304).send();
  const range = rangeOf(request.headers.range, size);
  if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${size}`).send();
  const { start, end } = range ?? { start: 0, end: size };
  if (range !== undefined) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${size}`);
  reply.header('content-length', end - start);
  if (request.method === 'HEAD') return reply.send();
  return reply.send(services.files.read(file, { start, end }));
}

/** A range, excluding its end. Several ranges count as none, and so does anything malformed. */
function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  return start >= size || end <= start ? 'unsatisfiable' : { start, end };
}

function notFound(reply: FastifyReply, words: string): FastifyReply {
  return reply.code(404).type('text/plain; charset=utf-8').send(words);
}
