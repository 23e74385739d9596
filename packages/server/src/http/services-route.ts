import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { OperationName } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import { codec, type DecodeIssue, type EncodeOptions, IpsFault, WireError } from '@ips-sdk/wire';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { presentedCredentials } from '../access/identity.js';
import type { GzipRule } from '../config.js';
import { invalidRequestXml, ruleBroken } from '../faults.js';
import type { Chaos } from '../operations/chaos.js';
import { dispatch } from '../operations/dispatch.js';
import type { Services } from '../services.js';
import { xmlValue } from '../xml-text.js';
import { faultStatusOf } from './fault-status.js';
import { localeOf } from './locale.js';
import { registerWrongMethods } from './wrong-method.js';

const compress = promisify(gzip);

/** Bodies below this are not worth compressing. */
const MIN_GZIP_BYTES = 512;

const XML_TYPES = [
  'text/xml',
  'application/xml',
  'application/soap+xml',
  'text/plain',
  'application/octet-stream',
];

/** The form in which an answer is written. */
interface AnswerForm extends EncodeOptions {
  readonly faultStatus: number;
  readonly gzipResponse: boolean | undefined;
}

/**
 * The SOAP service, in SOAP 1.1 and 1.2, and the same service without envelopes. An answer has the form, the version and the
 * namespace of its request.
 */
export function registerServices(app: FastifyInstance, services: Services, chaos: Chaos): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // A request that comes byte by byte would never be idle long enough to be dropped.
    scope.addHook('preParsing', async (_request, _reply, body) => {
      const timer = setTimeout(() => (body as Readable).destroy(), services.config.limits.bodyTimeout);
      body.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
      return body;
    });
    scope.addContentTypeParser(XML_TYPES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    for (const [path, dialect] of [
      ['/scene7/services/IpsApiService', 'soap'],
      ['/scene7/api/IpsApiService', 'plain'],
    ] as const) {
      scope.post(path, (request, reply) => answer(services, chaos, dialect, request, reply));
      registerWrongMethods(scope, path, 'This is the IPS API, which takes XML');
    }
  });
}

async function answer(
  services: Services,
  chaos: Chaos,
  dialect: 'soap' | 'plain',
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  let form: AnswerForm = {
    dialect,
    soapVersion: soapVersionOf(request),
    faultStatus: 500,
    gzipResponse: undefined,
  };
  let operation = '';
  let text: string;
  let status = 200;
  let mishap: ReturnType<Chaos['roll']> | undefined;
  try {
    const issues: DecodeIssue[] = [];
    const decoded = codec.decodeRequest(bodyText(request), {
      strict: false,
      onIssue: (issue) => issues.push(issue),
    });
    operation = decoded.operation;
    form = formOf(dialect, decoded, form);
    if (services.config.strictNamespaces && decoded.namespace !== contract.messageNamespace) {
      throw invalidRequestXml(`the namespace ${decoded.namespace} is not ${contract.messageNamespace}`);
    }
    mishap = chaos.roll(operation);
    if (mishap.latency > 0) await new Promise((resolve) => setTimeout(resolve, mishap?.latency));
    if (mishap.drop) {
      request.raw.socket.destroy();
      return reply.hijack();
    }
    if (mishap.fault) throw ruleBroken('A fault that was asked for');
    const output = await dispatch(services, {
      operation: operation as OperationName,
      input: (decoded.input ?? {}) as object,
      credentials: presentedCredentials(
        decoded.header,
        decoded.legacyCredentials,
        request.headers.authorization,
      ),
      locale: localeOf(decoded.header?.['locale'], request.headers['accept-language']),
      remoteAddress: request.ip,
      issues,
    });
    text = encodeAnswer(operation as OperationName, output, form);
  } catch (error) {
    const fault = asFault(services, operation, error);
    status = mishap?.faultWithOk ? 200 : form.faultStatus;
    text = codec.encodeFault(
      {
        kind: fault.kind,
        code: fault.code,
        reason: fault.reason,
        faultString: fault.faultString,
        faultCode: fault.faultCode,
      },
      form,
    );
    services.log.info({ operation, code: fault.code, reason: fault.reason }, 'fault');
  }
  const body = Buffer.from(text, 'utf8');
  reply
    .code(status)
    .type(
      form.soapVersion === '1.2' && dialect === 'soap'
        ? 'application/soap+xml; charset=UTF-8'
        : 'text/xml; charset=UTF-8',
    );
  if (mishap?.truncate) return reply.send(body.subarray(0, Math.floor(body.length / 2)));
  if (
    body.length >= MIN_GZIP_BYTES &&
    isCompressed(services.config.gzip, form.gzipResponse, request.headers['accept-encoding'])
  ) {
    return (
      reply
        .header('content-encoding', 'gzip')
        .header('vary', 'accept-encoding')
        // Such XML shrinks to less than a tenth at any level; higher ones only take longer.
        .send(await compress(body, { level: constants.Z_BEST_SPEED }))
    );
  }
  return reply.send(body);
}

/** Texts that XML cannot carry are mended, which costs nothing for the others. */
function encodeAnswer(operation: OperationName, output: object, form: AnswerForm): string {
  try {
    return codec.encodeResponse(operation, output as never, form);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return codec.encodeResponse(operation, xmlValue(output) as never, form);
  }
}

function bodyText(request: FastifyRequest): string {
  const body = request.body as Buffer | undefined;
  if (body === undefined || body.length === 0) throw invalidRequestXml('the request has no body');
  const charset = /charset\s*=\s*"?([\w.:-]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  const declared = /^<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/.exec(
    body.subarray(0, 200).toString('latin1'),
  )?.[1];
  try {
    return new TextDecoder(charset ?? declared ?? 'utf-8', { fatal: true }).decode(body);
  } catch {
    throw invalidRequestXml(`the request is no text in ${charset ?? declared ?? 'utf-8'}`);
  }
}

function formOf(
  dialect: 'soap' | 'plain',
  decoded: ReturnType<typeof codec.decodeRequest>,
  fallback: AnswerForm,
): AnswerForm {
  const gzipResponse = decoded.header?.['gzipResponse'];
  return {
    dialect,
    soapVersion: decoded.soapVersion ?? fallback.soapVersion,
    namespace: decoded.namespace,
    faultStatus: faultStatusOf(decoded.header),
    gzipResponse: typeof gzipResponse === 'boolean' ? gzipResponse : undefined,
  };
}

/** For what cannot be decoded: the version that the content type speaks of. */
function soapVersionOf(request: FastifyRequest): '1.1' | '1.2' {
  return /^application\/soap\+xml/i.test(request.headers['content-type'] ?? '') ? '1.2' : '1.1';
}

function asFault(services: Services, operation: string, error: unknown): IpsFault {
  if (error instanceof IpsFault) return error;
  if (error instanceof WireError) {
    // Once an operation is known its request was read: what cannot be encoded is our answer.
    if (operation === '') return invalidRequestXml(error.message);
  }
  services.log.error({ err: error, operation }, 'an answer could not be written');
  return ruleBroken('An unexpected error occurred; the log of the server has the details');
}

function isCompressed(rule: GzipRule, asked: boolean | undefined, acceptEncoding: unknown): boolean {
  const accepted = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:\s|,|$))/i.test(String(acceptEncoding ?? ''));
  switch (rule) {
    case 'never':
      return false;
    case 'soap':
      return asked === true;
    case 'accept':
      return asked === true || (asked === undefined && accepted);
    case 'always':
      return true;
  }
}
