import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

const VERSIONS = ['2014-04-03', '2013-02-15'] as const;
const LATEST = VERSIONS[0];

/**
 * `/scene7/webservice/IpsApi.wsdl` and `/scene7/webservice/IpsApi-<version>.wsdl`. The ports have the address of the request, or
 * that in `serviceUrl`.
 */
export function registerWsdl(app: FastifyInstance): void {
  app.get<{ Params: { file: string }; Querystring: { serviceUrl?: string | string[] } }>(
    '/scene7/webservice/:file',
    async (request, reply) => {
      const version = /^IpsApi(?:-(\d{4}-\d{2}-\d{2}))?\.wsdl$/.exec(request.params.file);
      const wanted = version?.[1] ?? LATEST;
      const known = VERSIONS.find((each) => each === wanted);
      if (version === null || known === undefined) {
        const names = ['IpsApi.wsdl', ...VERSIONS.map((each) => `IpsApi-${each}.wsdl`)].join(', ');
        return reply.code(404).type('text/plain; charset=utf-8').send(`there is ${names}`);
      }
      const given = request.query.serviceUrl;
      const url =
        typeof given === 'string' && given !== ''
          ? given
          : `${request.protocol}://${request.host}/scene7/services/IpsApiService`;
      if (!/^https?:\/\/[^\s<>"]+$/.test(url)) {
        return reply
          .code(400)
          .type('text/plain; charset=utf-8')
          .send('serviceUrl: expected an http or https URL');
      }
      const text = await readFile(
        fileURLToPath(import.meta.resolve(`@ips-sdk/types/wsdl/IpsApi-${known}.wsdl`)),
        'utf8',
      );
      const location = url.replaceAll('&', '&amp;');
      return reply
        .type('text/xml; charset=utf-8')
        .send(
          text.replace(
            /(<(?:\w+:)?address\s+location=")[^"]*"/g,
            (_match, start: string) => `${start}${location}"`,
          ),
        );
    },
  );
}
