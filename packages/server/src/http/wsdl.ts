import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { acceptsGzip } from './accepts-gzip.js';
import { sendText } from './plain-text.js';
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

/** A WSDL with the address of a server. Responses share it. */
interface WsdlDocument {
  readonly bytes: Buffer;
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
          document.compressed ??= isGzip ? compress(document.bytes) : undefined;
          const bytes = isGzip && document.compressed ? await document.compressed : document.bytes;
          return {
            mediaType: 'text/xml; charset=utf-8',
            size: bytes.length,
            // A stream, so that bytes shared by many responses are not counted for each.
            read: ({ start, end }) => Readable.from([bytes.subarray(start, end)]),
          };
        },
      });
    },
  });
}

/** The most recently used WSDLs. */
class WsdlDocuments {
  readonly #texts = new Map<Version, Promise<string>>();
  readonly #documents = new Map<string, WsdlDocument>();

  async of(version: Version, address: string): Promise<WsdlDocument> {
    const key = `${version} ${address}`;
    let text = this.#texts.get(version);
    if (text === undefined) {
      text = readFile(
        fileURLToPath(import.meta.resolve(`@ips-sdk/types/wsdl/IpsApi-${version}.wsdl`)),
        'utf8',
      );
      this.#texts.set(version, text);
    }
    const wsdl = await text;
    const document = this.#documents.get(key) ?? withAddress(wsdl, address);
    // The map is ordered by last use.
    this.#documents.delete(key);
    this.#documents.set(key, document);
    const [oldest] = this.#documents.keys();
    if (this.#documents.size > MAX_DOCUMENTS && oldest !== undefined) this.#documents.delete(oldest);
    return document;
  }
}

function withAddress(wsdl: string, address: string): WsdlDocument {
  const location = address.replaceAll('&', '&amp;');
  const text = wsdl.replace(
    /(<(?:\w+:)?address\s+location=")[^"]*"/g,
    (_match, start: string) => `${start}${location}"`,
  );
  const bytes = Buffer.from(text, 'utf8');
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  return { bytes, hash, compressed: undefined };
}
