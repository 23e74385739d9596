import type { IncomingMessage } from 'node:http';
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
import { acceptsGzip } from './accepts-gzip.js';
import { readBody } from './body.js';
import { ContractSet } from './contracts/contract-set.js';
import { refusal } from './fault-status.js';
import { dropConnection, firstHalf } from './injected-answer.js';
import { arrivedCall } from './journal-call.js';
import { type AnswerForm, type OperationRequest, readRequest, undecodedForm } from './read-request.js';
import { clearRepresentation, faultOfRequest, type RequestError, statusOf } from './request-errors.js';
import type { RequestJournal } from './request-journal.js';
import type { Traffic } from './traffic/traffic.js';

const compress = promisify(gzip);

/** Minimum bytes of a body to compress. */
const MIN_GZIP_BYTES = 512;

const XML_TYPES = [
  'text/xml',
  'application/xml',
  'application/soap+xml',
  'text/plain',
  'application/octet-stream',
];

/** For SOAP with attachments, and forms that were sent to the wrong path. */
const ATTACHMENTS = 'Attachments are not supported: post files to /scene7/UploadFile';

/** For requests from a browser. */
const WSDL_PLACE = 'The WSDL is at /scene7/webservice/IpsApi.wsdl';

/** The response to send. */
interface Answer {
  readonly status: number;
  readonly text: string;
  /** Whether a test requested a truncated response. */
  readonly truncate: boolean;
}

/**
 * The service in SOAP 1.1 and 1.2 and in plain XML. A response has the form, version and namespace of its request.
 */
export function registerServices(
  app: FastifyInstance,
  parts: OperationParts,
  traffic: Traffic,
  journal: RequestJournal | undefined,
): void {
  const { services } = parts;
  const { maxRequestBytes, bodyTimeout } = services.config.limits;
  const contracts = new ContractSet(parts.services.config.contracts);
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(XML_TYPES, (_request: FastifyRequest, body: IncomingMessage) =>
      readBody(body, traffic, { maxBytes: maxRequestBytes, timeout: bodyTimeout }),
    );
    for (const [path, dialect] of [
      ['/scene7/services/IpsApiService', 'soap'],
      ['/scene7/api/IpsApiService', 'plain'],
    ] as const) {
      scope.post(path, {
        config: { what: `This is the IPS API. Send XML with POST. ${WSDL_PLACE}` },
        // The body is checked while it is read, so that all errors are faults.
        bodyLimit: Number.MAX_SAFE_INTEGER,
        handler: (request, reply) => answer(parts, contracts, dialect, request, reply, { traffic, journal }),
        errorHandler: (error: RequestError, request, reply) => {
          const form = undecodedForm(dialect, request);
          const fault = faultOfRequest(services, named(error, request), request.url);
          clearRepresentation(reply, error);
          const answered = {
            status: statusOf(error),
            text: faultText(services, '', fault, form),
            truncate: false,
          };
          journal?.add(arrivedCall(services, dialect, request)(answered, fault));
          return send(services, request, reply, form, answered);
        },
      });
    }
  });
}

async function answer(
  parts: OperationParts,
  contracts: ContractSet,
  dialect: 'soap' | 'plain',
  request: FastifyRequest,
  reply: FastifyReply,
  { traffic, journal }: { readonly traffic: Traffic; readonly journal: RequestJournal | undefined },
): Promise<FastifyReply> {
  const { services } = parts;
  const recorded = arrivedCall(services, dialect, request);
  const undecoded = undecodedForm(dialect, request);
  let read: OperationRequest;
  try {
    read = readRequest(services, contracts, undecoded, request);
  } catch (error) {
    const fault = faultOf(services, undefined, error);
    const text = faultText(services, '', fault, undecoded);
    const answered = { status: undecoded.faultStatus, text, truncate: false };
    journal?.add(recorded(answered, fault));
    return send(services, request, reply, undecoded, answered);
  }
  const { operation, form, user } = read;
  const outcome = await services.traces.continued(request.headers, () =>
    dispatch(parts, operation, () => read.read()),
  );
  if (outcome.end === 'drop') {
    journal?.add(recorded({ status: 0, text: '' }, undefined, { operation, user }));
    return dropConnection(request, reply, traffic);
  }
  const answered = answerOf(services, read, outcome, reply);
  const fault = outcome.end === 'fault' ? outcome.fault : undefined;
  journal?.add(recorded(answered, fault, { operation, user }));
  return send(services, request, reply, form, answered);
}

/** An error that names the invalid header. */
function named(error: RequestError, request: FastifyRequest): RequestError {
  if (error.statusCode !== 415) return error;
  const found = request.headers['content-type'];
  const expected = `Content-Type: found ${found ?? 'none'}, expected ${XML_TYPES.slice(0, 3).join(', ')}`;
  const message = /^multipart\//i.test(found ?? '') ? `${expected}. ${ATTACHMENTS}` : expected;
  return Object.assign(new Error(message), { statusCode: 415 });
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
      services.log.error({ err: error, operation }, 'a response could not be encoded');
      fault = unexpectedError();
    }
  }
  const status = refusal(reply, fault, form.faultStatus);
  return { status: faultWithOk ? 200 : status, text: faultText(services, operation, fault, form), truncate };
}

/** Encodes a response. Texts that are invalid in XML are repaired only if this fails, so the common case costs nothing. */
function responseText({ operation, served, input, form }: OperationRequest, output: object): string {
  const value = served.fromHandled(operation, input, output);
  const encode = (one: unknown): string =>
    // The output comes from the operation's own handler, which the type checker cannot verify.
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
  reply.header('vary', 'accept-encoding');
  if (body.length < MIN_GZIP_BYTES || !isCompressed(config.gzip, gzipResponse, accepted))
    return reply.send(body);
  return (
    reply
      .header('content-encoding', 'gzip')
      // Any level compresses such XML to less than a tenth; higher levels only take longer.
      .send(await compress(body, { level: constants.Z_BEST_SPEED }))
  );
}

function isCompressed(
  rule: GzipRule,
  asked: boolean | undefined,
  acceptEncoding: string | string[] | undefined,
): boolean {
  switch (rule) {
    case 'never':
      return false;
    case 'soap':
      return asked === true;
    case 'accept':
      return asked === true || (asked === undefined && acceptsGzip(acceptEncoding));
    case 'always':
      return true;
  }
}
