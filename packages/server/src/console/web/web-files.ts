import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptsGzip } from '../../http/accepts-gzip.js';
import { sendRepresentation } from '../../http/representation.js';
import { READ } from '../../http/route-config.js';

/** Where the build puts the files of `apps/console`, seen from the sources and from the bundle. */
const WEB = fileURLToPath(new URL('./', import.meta.url)).replace(
  /[\\/](?:src[\\/]console[\\/]web|dist[\\/]bundle)[\\/]$/,
  '/dist/console/web/',
);

/** The first parts of the paths that the pages of the console have; everything else belongs to the server. */
const PAGES = ['jobs', 'schedules', 'assets', 'publish', 'overview', 'test', 'login', 'submit'] as const;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

/** A file of the browser side. */
interface WebFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly gzip: Buffer | undefined;
  /** Of the content. */
  readonly hash: string;
  readonly isImmutable: boolean;
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>IPS console</title>
<h1>The console is not built</h1>
<p>Its web files are missing. In a copy of the repository, run <code>npm run build</code>.</p>
</html>
`;

/** Serves the pages of the console: `index.html` for its own routes, and the files that it loads. */
export function registerWeb(app: FastifyInstance, directory: string = WEB): void {
  const files = readFiles(directory);
  const page = files.get('index.html') ?? fileOf('index.html', Buffer.from(NOT_BUILT), undefined);
  const answerPage = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    send(request, reply, page);
  const answerFile = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> | FastifyReply => {
    const path = request.url.split('?')[0]?.slice(1) ?? '';
    const file = files.get(path) ?? files.get(path.replace(/^console\//, ''));
    if (file !== undefined && file !== page) return send(request, reply, file);
    // A file that an older page asks for must not become a page.
    if (path.startsWith('console/'))
      return reply.code(404).type('text/plain; charset=utf-8').send('no such file');
    return send(request, reply, page);
  };
  app.route({ method: READ, url: '/', handler: answerPage });
  for (const name of PAGES) {
    app.route({ method: READ, url: `/${name}`, handler: answerPage });
    app.route({ method: READ, url: `/${name}/*`, handler: name === 'assets' ? answerFile : answerPage });
  }
  app.route({ method: READ, url: '/console/*', handler: answerFile });
  for (const name of files.keys())
    if (!name.includes('/') && name !== 'index.html')
      app.route({ method: READ, url: `/${name}`, handler: answerFile });
}

function readFiles(directory: string): ReadonlyMap<string, WebFile> {
  const files = new Map<string, WebFile>();
  if (!existsSync(join(directory, 'index.html'))) return files;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(directory, path).split(sep).join('/');
    if (
      !entry.isFile() ||
      /^web-files\./.test(name) ||
      name.endsWith('.gz') ||
      TYPES[extname(name)] === undefined
    )
      continue;
    const packed = existsSync(`${path}.gz`) ? readFileSync(`${path}.gz`) : undefined;
    files.set(name, fileOf(name, readFileSync(path), packed));
  }
  return files;
}

function fileOf(name: string, plain: Buffer, gzip: Buffer | undefined): WebFile {
  return {
    type: TYPES[extname(name)] ?? 'application/octet-stream',
    plain,
    gzip,
    hash: createHash('sha256').update(plain).digest('base64url').slice(0, 27),
    // The build names files after their content.
    isImmutable: /-[\w-]{8,}\.\w+$/.test(name),
  };
}

/** Sends a file as it is, or compressed; each form has a tag of its own. */
function send(request: FastifyRequest, reply: FastifyReply, file: WebFile): Promise<FastifyReply> {
  const packed = acceptsGzip(request.headers['accept-encoding']) ? file.gzip : undefined;
  const body = packed ?? file.plain;
  return sendRepresentation(request, reply, {
    etag: packed === undefined ? `"${file.hash}"` : `"${file.hash}-gzip"`,
    lastModified: undefined,
    headers: {
      vary: 'accept-encoding',
      'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(packed === undefined ? {} : { 'content-encoding': 'gzip' }),
    },
    load: async () => ({
      mediaType: file.type,
      size: body.length,
      read: ({ start, end }) => body.subarray(start, end),
    }),
  });
}
