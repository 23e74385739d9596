import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { codec, type IpsFault, WireError } from '@ips-sdk/wire';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GzipRule } from '../config.js';
import { unexpectedError } from '../faults.js';
import { type CallOutcome, faultOf } from '../operations/admission.js';
import { dispatch } from '../operations/dispatch.js';
import type { OperationParts } from '../operations/operation-parts.js';
import type { Services } from '../services.js';
import { xmlValue } from '../xml-text.js';
import { ContractSet } from './contracts/contract-set.js';
import { refusal } from './fault-status.js';
import { dropConnection, firstHalf } from './injected-answer.js';
import { type AnswerForm, type OperationRequest, readRequest, undecodedForm } from './read-request.js';
import { registerWrongMethods } from './wrong-method.js';

const compress = promisify(gzip);

/** Smaller bodies are not worth compressing. */
const MIN_GZIP_BYTES = 512;

const XML_TYPES = [
  'text/xml',
  'application/xml',
  'application/soap+xml',
  'text/plain',
  'application/octet-stream',
];

/** The answer to send. */
interface Answer {
  readonly status: number;
  readonly text: string;
  /** Whether a test asked for an answer that ends in the middle. */
  readonly truncate: boolean;
}

/**
 * The SOAP service, in SOAP 1.1 and 1.2, and the same service without envelopes. An answer has the form, the version and the
 * namespace of its request.
 */
export function registerServices(app: FastifyInstance, parts: OperationParts): void {
  const contracts = new ContractSet(parts.services.config.contracts);
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // A request that arrives byte by byte is never idle long enough to be dropped.
    scope.addHook('preParsing', async (_request, _reply, body) => {
      const timer = setTimeout(() => (body as Readable).destroy(), parts.services.config.limits.bodyTimeout);
      body.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
      return body;
    });
    scope.addContentTypeParser(XML_TYPES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    for (const [path, dialect] of [
      ['/scene7/services/IpsApiService', 'soap'],
      ['/scene7/api/IpsApiService', 'plain'],
    ] as const) {
      scope.post(path, (request, reply) => answer(parts, contracts, dialect, request, reply));
      registerWrongMethods(scope, path, 'This is the IPS API, which takes XML');
    }
  });
}

async function answer(
  parts: OperationParts,
  contracts: ContractSet,
  dialect: 'soap' | 'plain',
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { services } = parts;
  const undecoded = undecodedForm(dialect, request);
  let read: OperationRequest;
  try {
    read = readRequest(services, contracts, undecoded, request);
  } catch (error) {
    const text = faultText(services, '', faultOf(services, undefined, error), undecoded);
    return send(services, request, reply, undecoded, {
      status: undecoded.faultStatus,
      text,
      truncate: false,
    });
  }
  const { operation, form } = read;
  const outcome = await dispatch(parts, operation, () => read.read());
  if (outcome.end === 'drop') return dropConnection(request, reply);
  return send(services, request, reply, form, answerOf(services, read, outcome, reply));
}

function answerOf(
  services: Services,
  request: OperationRequest,
  outcome: Exclude<CallOutcome<object>, { end: 'drop' }>,
  reply: FastifyReply,
): Answer {
  const { operation, form } = request;
  const { truncate, faultWithOk } = outcome.injected;
  let fault: IpsFault;
  if (outcome.end === 'fault') fault = outcome.fault;
  else {
    try {
      return { status: 200, text: responseText(request, outcome.output), truncate };
    } catch (error) {
      services.log.error({ err: error, operation }, 'an answer could not be written');
      fault = unexpectedError();
    }
  }
  const status = refusal(reply, fault, form.faultStatus);
  return { status: faultWithOk ? 200 : status, text: faultText(services, operation, fault, form), truncate };
}

/** Encodes an answer. Only if that fails are texts repaired that XML cannot carry, so that the common case costs nothing. */
function responseText({ operation, served, input, form }: OperationRequest, output: object): string {
  const value = served.fromHandled(operation, input, output);
  const encode = (one: unknown): string =>
    // The output comes from the operation's own handler, a pairing that the type checker cannot follow.
    served.codec.encodeResponse(operation, one as never, form);
  try {
    return encode(value);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return encode(xmlValue(value));
  }
}

function faultText(services: Services, operation: string, fault: IpsFault, form: AnswerForm): string {
  const { kind, code, reason, faultString, faultCode } = fault;
  services.log.info({ operation, code, reason }, 'fault');
  return codec.encodeFault({ kind, code, reason, faultString, faultCode }, form);
}

async function send(
  { config }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { dialect, soapVersion, gzipResponse }: AnswerForm,
  { status, text, truncate }: Answer,
): Promise<FastifyReply> {
  const body = Buffer.from(text, 'utf8');
  const type = soapVersion === '1.2' && dialect === 'soap' ? 'application/soap+xml' : 'text/xml';
  reply.code(status).type(`${type}; charset=UTF-8`);
  if (truncate) return reply.send(firstHalf(body));
  const accepted = request.headers['accept-encoding'];
  if (body.length < MIN_GZIP_BYTES || !isCompressed(config.gzip, gzipResponse, accepted))
    return reply.send(body);
  return (
    reply
      .header('content-encoding', 'gzip')
      .header('vary', 'accept-encoding')
      // Such XML shrinks to less than a tenth at any level; higher levels only take longer.
      .send(await compress(body, { level: constants.Z_BEST_SPEED }))
  );
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
