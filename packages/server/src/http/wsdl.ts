import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { acceptsGzip } from './accepts-gzip.js';
import { sendText } from './plain-text.js';
import type { ByteRange } from './preconditions.js';
import { sendRepresentation } from './representation.js';
import { READ } from './route-config.js';

const compress = promisify(gzip);

const VERSIONS = ['2014-04-03', '2013-02-15'] as const;
const LATEST = VERSIONS[0];
type Version = (typeof VERSIONS)[number];

/** Maximum documents in memory: one for each version and address. */
const MAX_DOCUMENTS = 16;

/** Maximum characters of an address. */
const MAX_ADDRESS = 2048;

/** A WSDL without the addresses of its ports, which are between the pieces. */
interface WsdlText {
  readonly hash: string;
  readonly pieces: readonly Buffer[];
}

/** A WSDL with the address of a server. Responses share it. */
interface WsdlDocument {
  readonly parts: readonly Buffer[];
  readonly hash: string;
  compressed: Promise<Buffer> | undefined;
}

/**
 * `/scene7/webservice/IpsApi.wsdl` and `/scene7/webservice/IpsApi-<version>.wsdl`. The ports have the address of the request, or the
 * address in `serviceUrl`.
 */
export function registerWsdl(app: FastifyInstance): void {
  const documents = new WsdlDocuments();
  app.route<{ Params: { file: string }; Querystring: { serviceUrl?: string | string[] } }>({
    method: READ,
    url: '/scene7/webservice/:file',
    handler: async (request, reply) => {
      const version = /^IpsApi(?:-(\d{4}-\d{2}-\d{2}))?\.wsdl$/.exec(request.params.file);
      const wanted = version?.[1] ?? LATEST;
      const known = VERSIONS.find((each) => each === wanted);
      if (version === null || known === undefined) {
        const names = ['IpsApi.wsdl', ...VERSIONS.map((each) => `IpsApi-${each}.wsdl`)].join(', ');
        return sendText(reply, 404, `no such WSDL; expected ${names}`);
      }
      const given = request.query.serviceUrl;
      const url =
        typeof given === 'string' && given !== ''
          ? given
          : `${request.protocol}://${request.host}/scene7/services/IpsApiService`;
      if (!/^https?:\/\/[^\s<>"]+$/.test(url) || url.length > MAX_ADDRESS)
        return sendText(
          reply,
          400,
          `serviceUrl: expected an http or https URL of up to ${MAX_ADDRESS} characters`,
        );
      const document = await documents.of(known, url);
      const isGzip = acceptsGzip(request.headers['accept-encoding']);
      return sendRepresentation(request, reply, {
        etag: `"${document.hash}${isGzip ? '-gzip' : ''}"`,
        lastModified: undefined,
        headers: {
          'cache-control': 'public, max-age=3600',
          vary: 'accept-encoding',
          ...(isGzip && { 'content-encoding': 'gzip' }),
        },
        load: async () => {
          document.compressed ??= isGzip ? compress(Buffer.concat(document.parts)) : undefined;
          const parts = isGzip && document.compressed ? [await document.compressed] : document.parts;
          return {
            mediaType: 'text/xml; charset=utf-8',
            size: parts.reduce((sum, { length }) => sum + length, 0),
            // A stream, so that bytes shared by many responses are not counted for each.
            read: (range) => Readable.from(slicesOf(parts, range)),
          };
        },
      });
    },
  });
}

/** The text of a version without the addresses, and the most recently used WSDLs. */
class WsdlDocuments {
  readonly #texts = new Map<Version, Promise<WsdlText>>();
  readonly #documents = new Map<string, WsdlDocument>();

  async of(version: Version, address: string): Promise<WsdlDocument> {
    const key = `${version} ${address}`;
    let reading = this.#texts.get(version);
    if (reading === undefined) {
      reading = readText(version);
      this.#texts.set(version, reading);
    }
    const text = await reading;
    const document = this.#documents.get(key) ?? withAddress(text, address);
    // The map is ordered by last use.
    this.#documents.delete(key);
    this.#documents.set(key, document);
    const [oldest] = this.#documents.keys();
    if (this.#documents.size > MAX_DOCUMENTS && oldest !== undefined) this.#documents.delete(oldest);
    return document;
  }
}

async function readText(version: Version): Promise<WsdlText> {
  const path = fileURLToPath(import.meta.resolve(`@ips-sdk/types/wsdl/IpsApi-${version}.wsdl`));
  const text = await readFile(path, 'utf8');
  return {
    hash: createHash('sha256').update(text).digest('hex'),
    pieces: text.split(/(?<=<(?:\w+:)?address\s+location=")[^"]*/).map((piece) => Buffer.from(piece, 'utf8')),
  };
}

/** Shares the text, so that a document costs no more than its address, however many are requested. */
function withAddress({ hash, pieces }: WsdlText, address: string): WsdlDocument {
  const location = Buffer.from(address.replaceAll('&', '&amp;'), 'utf8');
  const parts = pieces.flatMap((piece, index) => (index === 0 ? [piece] : [location, piece]));
  return {
    parts,
    hash: createHash('sha256').update(hash).update(location).digest('hex').slice(0, 32),
    compressed: undefined,
  };
}

/** The bytes from `start` to before `end` of the parts in a row. */
function slicesOf(parts: readonly Buffer[], { start, end }: ByteRange): Buffer[] {
  const slices: Buffer[] = [];
  let at = 0;
  for (const part of parts) {
    const slice = part.subarray(Math.max(0, start - at), Math.max(0, end - at));
    if (slice.length > 0) slices.push(slice);
    at += part.length;
  }
  return slices;
}
