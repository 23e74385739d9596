import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { companyByRoot } from '../companies/company-by-root.js';
import { findArchive } from '../publish/export-archive.js';
import { findPublishedContent } from '../publish/find-published.js';
import { publishedDirectory } from '../publish/published-directory.js';
import { SITEMAP_FILE } from '../publish/video-sitemap.js';
import type { Services } from '../services.js';
import { sendText } from './plain-text.js';
import { type Representation, sendRepresentation } from './representation.js';
import { READ } from './route-config.js';

/** Prevents uploaded files from running as pages of this server. */
const SANDBOX = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
};

/** Content and sitemaps can be cached, but are revalidated by their ETag before each use. */
const REVALIDATED = { 'cache-control': 'public, no-cache' };

/**
 * `/is/content/{company}/{asset}`: published files unchanged, such as videos and documents;
 * `/is/sitemap/{company}/…`: video sitemaps; `/scene7/export/{token}/…`: archives from export jobs.
 */
export function registerContent(app: FastifyInstance, services: Services): void {
  app.route<{ Params: { company: string; '*': string } }>({
    method: READ,
    url: '/is/content/:company/*',
    config: { isForAnyOrigin: true },
    handler: async (request, reply) => {
      const { company, '*': name } = request.params;
      const found = await findPublishedContent(services.db, { company, name });
      if (found === undefined) return sendText(reply, 404, 'nothing with this name is published');
      return sendFile(services, request, reply, {
        file: found.file,
        mediaType: found.mediaType,
        lastModified: found.publishedAt,
        headers: REVALIDATED,
      });
    },
  });
  app.route<{ Params: { company: string } }>({
    method: READ,
    url: `/is/sitemap/:company/${SITEMAP_FILE}`,
    handler: async (request, reply) => {
      const company = await companyByRoot(services.db, request.params.company);
      const path = company && join(publishedDirectory(services.config.serverRoot, company), SITEMAP_FILE);
      const bytes = path === undefined ? undefined : await readFile(path).catch(() => undefined);
      if (bytes === undefined) return sendText(reply, 404, 'the company has no sitemap');
      return sendRepresentation(request, reply, {
        etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`,
        lastModified: undefined,
        headers: REVALIDATED,
        load: async () => ({
          mediaType: 'application/xml; charset=utf-8',
          size: bytes.length,
          read: ({ start, end }) => bytes.subarray(start, end),
        }),
      });
    },
  });
  app.route<{ Params: { token: string } }>({
    method: READ,
    url: '/scene7/export/:token/:name',
    handler: async (request, reply) => {
      const archive = await findArchive(services.db, request.params.token, services.clock.now());
      if (archive === undefined) return sendText(reply, 404, 'no such archive, or it has expired');
      const disposition = `attachment; filename*=UTF-8''${encoded(archive.fileName)}`;
      const mediaType = 'application/zip';
      const elsewhere = await services.files.downloadUrl(archive.file, { mediaType, disposition });
      if (elsewhere !== undefined) return reply.header('cache-control', 'no-store').redirect(elsewhere, 302);
      return sendFile(services, request, reply, {
        file: archive.file,
        mediaType,
        lastModified: undefined,
        headers: { 'content-disposition': disposition, 'cache-control': 'private, no-store' },
      });
    },
  });
}

/** A file of the store, with its headers. */
interface SentFile extends Pick<Representation, 'lastModified' | 'headers'> {
  readonly file: string;
  readonly mediaType: string;
}

/** Sends a file from the store. */
async function sendFile(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { file, mediaType, lastModified, headers }: SentFile,
): Promise<FastifyReply> {
  const size = await services.files.size(file);
  if (size === undefined)
    return sendText(reply.header('cache-control', 'no-store'), 404, 'the file is missing');
  return sendRepresentation(request, reply, {
    // The key of a file is the hash of its content.
    etag: `"${file}"`,
    lastModified,
    headers: { ...headers, ...SANDBOX },
    load: async () => ({ mediaType, size, read: (range) => services.files.read(file, range) }),
  });
}

/** Encodes a file name as an extended parameter value (RFC 8187), which allows fewer plain characters than a URL. */
function encoded(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
