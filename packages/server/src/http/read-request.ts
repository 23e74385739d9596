import { type DecodeIssue, type EncodeOptions, findMessage } from '@ips-sdk/wire';
import type { FastifyRequest } from 'fastify';
import { authenticate, presentedCredentials, presentedUser } from '../access/identity.js';
import { invalidRequestXml, notSupported } from '../faults.js';
import type { OperationName } from '../handled-contract.js';
import type { DispatchRequest } from '../operations/dispatch.js';
import type { Services } from '../services.js';
import type { ContractSet } from './contracts/contract-set.js';
import type { ServedContract } from './contracts/served-contract.js';
import { faultStatusOf } from './fault-status.js';
import { localeOf } from './locale.js';
import { xmlTextOf } from './xml-text-of.js';

/** The form of a response, which matches its request. */
export interface AnswerForm extends EncodeOptions {
  readonly faultStatus: number;
  /** The value in the request header; `undefined` if it is absent. */
  readonly gzipResponse: boolean | undefined;
}

/** A request whose operation is known. */
export interface OperationRequest {
  readonly operation: OperationName;
  /** The contract of the request and its response. */
  readonly served: ServedContract;
  readonly input: object;
  readonly form: AnswerForm;
  /** The user whose credentials it presents. */
  readonly user: string | undefined;
  /** @throws IpsFault 30003 for a namespace that this server does not accept. */
  read(): Promise<DispatchRequest>;
}

/** The form of a response to a request that cannot be decoded. Its content type determines the SOAP version. */
export function undecodedForm(dialect: 'soap' | 'plain', request: FastifyRequest): AnswerForm {
  const soapVersion = /^application\/soap\+xml/i.test(request.headers['content-type'] ?? '') ? '1.2' : '1.1';
  return { dialect, soapVersion, faultStatus: 500, gzipResponse: undefined };
}

/**
 * Decodes a request.
 *
 * @throws WireError if it is not a request of the contract, IpsFault 30003 if the body cannot be read as text.
 */
export function readRequest(
  services: Services,
  contracts: ContractSet,
  undecoded: AnswerForm,
  request: FastifyRequest,
): OperationRequest {
  const issues: DecodeIssue[] = [];
  const text = bodyText(request);
  const found = findMessage(text);
  const served = contracts.of(found?.namespace);
  if (found !== undefined) contracts.checkOperation(served, found);
  const decoded = served.codec.decodeRequest(text, {
    strict: false,
    onIssue: (issue) => issues.push(issue),
  });
  const { header, legacyCredentials, namespace } = decoded;
  const { config } = services;
  const { headers } = request;
  const gzipResponse = header?.['gzipResponse'];
  const { operation } = decoded;
  const input = served.toHandled(operation, decoded.input ?? {});
  return {
    operation: operation as OperationName, // `read` refuses operations that only other contracts have.
    served,
    input,
    form: {
      dialect: undecoded.dialect,
      soapVersion: decoded.soapVersion ?? undecoded.soapVersion,
      namespace,
      faultStatus: faultStatusOf(header),
      gzipResponse: typeof gzipResponse === 'boolean' ? gzipResponse : undefined,
    },
    user: presentedUser(header, legacyCredentials, headers.authorization),
    read: async () => {
      if (config.strictNamespaces) contracts.checkNamespace(namespace);
      if (!served.hasHandlerFor(operation))
        throw notSupported(`Operation '${operation}' of the contract ${served.contract.version}`);
      const credentials = presentedCredentials(header, legacyCredentials, headers.authorization);
      return {
        input,
        issues,
        identify: () => authenticate(services, credentials, request.ip),
        locale: localeOf(header?.['locale'], headers['accept-language']),
        remoteAddress: request.ip,
      };
    },
  };
}

function bodyText(request: FastifyRequest): string {
  const body = request.body as Buffer | undefined;
  if (body === undefined || body.length === 0) throw invalidRequestXml('the request has no body');
  return xmlTextOf(body, request.headers['content-type'], 'the request');
}
