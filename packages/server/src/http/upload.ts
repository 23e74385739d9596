import type { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { UploadPostParam } from '@ips-sdk/types';
import { codec, type DecodeIssue, findMessage } from '@ips-sdk/wire';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticate, type Identity, presentedCredentials } from '../access/identity.js';
import { invalidRequestXml, missingParameter } from '../faults.js';
import type { ReceivedFile } from '../handlers/handler.js';
import { type DispatchRequest, dispatch } from '../operations/dispatch.js';
import type { OperationParts } from '../operations/operation-parts.js';
import type { Services } from '../services.js';
import { ContractSet } from './contracts/contract-set.js';
import { faultStatusOf, refusal } from './fault-status.js';
import { dropConnection, firstHalf } from './injected-answer.js';
import { localeOf } from './locale.js';
import { registerWrongMethods } from './wrong-method.js';

/** Bytes of an XML part. */
const MAX_XML_PART = 1024 * 1024;

/** The header of an `auth` part. */
type Header = Readonly<Record<string, unknown>>;

/**
 * The upload servlet. The parts `auth` and `uploadParams` are XML; any other part with a file name is a file; their order is free.
 * Files go straight to disk, and a refused request leaves none behind. If the credentials come before the files, as they should,
 * unknown callers store nothing; if they come later, no more than the bytes of one file.
 */
export function registerUpload(app: FastifyInstance, parts: OperationParts): void {
  app.register(async (scope) => {
    const { services } = parts;
    const contracts = new ContractSet(services.config.contracts);
    await scope.register(multipart, {
      limits: {
        fileSize: services.config.limits.maxFileBytes + 1,
        files: 10_000,
        fields: 100,
        fieldSize: MAX_XML_PART,
        headerPairs: 100,
      },
      throwFileSizeLimit: false,
      // File names may include folders.
      preservePath: true,
    });
    registerWrongMethods(
      scope,
      '/scene7/UploadFile',
      'This is the upload servlet, which takes files as multipart/form-data',
    );
    scope.post('/scene7/UploadFile', { bodyLimit: Number.MAX_SAFE_INTEGER }, async (request, reply) => {
      const upload = new UploadRequest(services, contracts, request);
      const outcome = await dispatch(parts, 'uploadPost', () => upload.read());
      if (outcome.end !== 'answer') await upload.discard();
      if (outcome.end === 'drop') return dropConnection(request, reply);
      const { truncate, faultWithOk } = outcome.injected;
      if (outcome.end === 'answer') return answer(reply, 200, upload.answerXml(outcome.output), truncate);
      const { kind, code, reason } = outcome.fault;
      services.log.info({ operation: 'uploadPost', code, reason }, 'fault');
      const fault = codec.encodeFault({ kind, code, reason }, { dialect: 'plain' });
      const status = refusal(reply, outcome.fault, upload.faultStatus);
      return answer(reply, faultWithOk ? 200 : status, fault, truncate);
    });
  });
}

function answer(reply: FastifyReply, status: number, xml: string, truncate: boolean): FastifyReply {
  const body = Buffer.from(xml, 'utf8');
  return reply
    .code(status)
    .type('text/xml;charset=utf-8')
    .send(truncate ? firstHalf(body) : body);
}

/** One request as it arrives. What was received can be discarded when a later part fails. */
class UploadRequest {
  readonly #services: Services;
  readonly #contracts: ContractSet;
  readonly #request: FastifyRequest;
  readonly #files: ReceivedFile[] = [];
  #auth: string | undefined;
  #params: string | undefined;
  #known: { readonly by: string | undefined; readonly identity: Identity } | undefined;
  #header: Header | undefined;

  constructor(services: Services, contracts: ContractSet, request: FastifyRequest) {
    this.#contracts = contracts;
    this.#services = services;
    this.#request = request;
  }

  get faultStatus(): number {
    return faultStatusOf(this.#header);
  }

  /** Receives all parts. */
  async read(): Promise<DispatchRequest> {
    await this.#receive();
    await this.#identify();
    if (this.#params === undefined) throw missingParameter('the part uploadParams');
    const issues: DecodeIssue[] = [];
    const namespace = this.#namespace ?? codec.contract.messageNamespace;
    if (this.#services.config.strictNamespaces) this.#contracts.checkNamespace(namespace);
    const input = this.#contracts.of(namespace).servlet.decodeMessage('UploadPostParam', this.#params, {
      strict: false,
      onIssue: (issue) => issues.push(issue),
    }) as UploadPostParam; // The codec decodes by the plan of this message.
    return {
      input,
      issues,
      identify: () => this.#identify(),
      locale: localeOf(this.#header?.['locale'], this.#request.headers['accept-language']),
      remoteAddress: this.#request.ip,
      files: this.#files,
    };
  }

  /** The answer in the contract and namespace of the parameters. */
  answerXml(output: object): string {
    const namespace = this.#namespace;
    const { servlet } = this.#contracts.of(namespace);
    return servlet.encodeMessage('UploadPostReturn', output, { namespace });
  }

  get #namespace(): string | undefined {
    const found = this.#params === undefined ? undefined : findMessage(this.#params);
    return found?.namespace === '' ? undefined : found?.namespace;
  }

  /** Removes the files that were received. */
  async discard(): Promise<void> {
    await Promise.all(this.#files.map(({ staged }) => staged.discard()));
  }

  async #identify(): Promise<Identity> {
    // The part takes precedence over HTTP Basic, even when it comes later.
    if (this.#known !== undefined && this.#known.by === this.#auth) return this.#known.identity;
    this.#header = this.#auth === undefined ? undefined : this.#headerOf(this.#auth);
    const credentials = presentedCredentials(this.#header, undefined, this.#request.headers.authorization);
    const identity = await authenticate(this.#services, credentials, this.#request.ip);
    this.#known = { by: this.#auth, identity };
    return identity;
  }

  /** Reads a header by the contract of its own namespace. */
  #headerOf(xml: string): Header {
    const { servlet } = this.#contracts.of(findMessage(xml)?.namespace);
    const [versioned] = servlet.contract.headers;
    return servlet.decodeMessage(versioned ?? '', xml) as Header;
  }

  async #receive(): Promise<void> {
    if (!this.#request.isMultipart()) throw invalidRequestXml('expected a multipart/form-data request');
    const { maxFileBytes } = this.#services.config.limits;
    let unknownBytes = 0;
    for await (const part of partsOf(this.#request)) {
      const isXml = part.fieldname === 'auth' || part.fieldname === 'uploadParams';
      if (part.type === 'field') {
        if (isXml) this.#setXml(part.fieldname, String(part.value));
        continue;
      }
      if (isXml) {
        this.#setXml(part.fieldname, await readText(part.file));
        continue;
      }
      const isKnown = this.#auth !== undefined || this.#request.headers.authorization !== undefined;
      if (isKnown) await this.#identify();
      const maxBytes = isKnown ? maxFileBytes : maxFileBytes - unknownBytes;
      const staged = await this.#services.files.stage(part.file, { maxBytes });
      if (!isKnown) unknownBytes += staged.size;
      this.#files.push({ name: part.filename ?? '', staged });
    }
  }

  #setXml(field: string, text: string): void {
    if (field === 'auth') this.#auth = text;
    else this.#params = text;
  }
}

/** The parts of a request. A malformed one is a fault of the caller; errors from processing a part pass through unchanged. */
async function* partsOf(request: FastifyRequest) {
  const parts = request.parts();
  for (;;) {
    const next = await parts.next().catch((error: unknown) => {
      throw formFault(error) ?? error;
    });
    if (next.done === true) return;
    yield next.value;
  }
}

function formFault(error: unknown) {
  const { code, message, statusCode } = error as { code?: string; message?: string; statusCode?: number };
  const ofTheForm =
    (statusCode !== undefined && statusCode < 500) ||
    code?.startsWith('FST_') ||
    /multipart|boundary|unexpected end/i.test(message ?? '');
  return ofTheForm
    ? invalidRequestXml(`the request is not valid multipart/form-data: ${message}`)
    : undefined;
}

async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_XML_PART) throw invalidRequestXml(`an XML part is longer than ${MAX_XML_PART} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
