import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { UploadPostParam } from '@ips-sdk/types';
import { codec, type DecodeIssue, findMessage, type IpsFault } from '@ips-sdk/wire';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticate, type Identity, presentedCredentials, presentedUser } from '../access/identity.js';
import { invalidRequestXml, missingParameter, ruleBroken } from '../faults.js';
import type { ReceivedFile } from '../handlers/handler.js';
import { type DispatchRequest, dispatch } from '../operations/dispatch.js';
import type { OperationParts } from '../operations/operation-parts.js';
import type { Services } from '../services.js';
import { storageProblem } from '../storage-problem.js';
import { ContractSet } from './contracts/contract-set.js';
import { faultStatusOf, refusal } from './fault-status.js';
import { FormError, type FormPart, formParts, formProblem } from './form-parts.js';
import { dropConnection, firstHalf } from './injected-answer.js';
import { arrivedCall } from './journal-call.js';
import { localeOf } from './locale.js';
import { clearRepresentation, faultOfRequest, type RequestError, statusOf } from './request-errors.js';
import type { RequestJournal } from './request-journal.js';
import { OverloadError } from './traffic/overload-error.js';
import type { Traffic } from './traffic/traffic.js';
import { xmlTextOf } from './xml-text-of.js';

/** Maximum bytes of an XML part. */
const MAX_XML_PART = 1024 * 1024;

/** Milliseconds for which the rest of a refused request is read. */
const DRAIN_TIMEOUT = 10_000;

/** The header of an `auth` part. */
type Header = Readonly<Record<string, unknown>>;

/**
 * The upload servlet. The parts `auth` and `uploadParams` are XML. Any other part with a file name or a media type is a file; other parts
 * are refused. Parts can come in any order. Files are streamed to disk and removed if the request is refused. If the credentials come
 * before the files, as they should, unknown callers store nothing. If they come later, an unknown caller stores at most the bytes of one
 * file, and all unknown callers together at most `maxUnknownUploadBytes`. All uploads in progress store at most `maxUploadBytes`.
 */
export function registerUpload(
  app: FastifyInstance,
  parts: OperationParts,
  traffic: Traffic,
  journal: RequestJournal | undefined,
): void {
  const { services } = parts;
  const contracts = new ContractSet(services.config.contracts);
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The call reads the form, so that all errors are faults.
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
    scope.post('/scene7/UploadFile', {
      bodyLimit: Number.MAX_SAFE_INTEGER,
      config: { what: `This is the upload servlet. Send files with POST as multipart/form-data` },
      handler: async (request, reply) => {
        const recorded = arrivedCall(services, 'upload', request);
        const upload = new UploadRequest(services, contracts, traffic, request);
        const outcome = await services.traces.continued(request.headers, () =>
          dispatch(parts, 'uploadPost', () => upload.read()),
        );
        if (outcome.end !== 'answer') await upload.discard();
        const { truncate, faultWithOk } = outcome.injected;
        let answered = { status: 0, text: '' };
        const fault = outcome.end === 'fault' ? outcome.fault : undefined;
        if (outcome.end === 'answer') answered = { status: 200, text: upload.answerXml(outcome.output) };
        else if (fault !== undefined) {
          const { overload } = upload;
          if (overload !== undefined) clearRepresentation(reply, overload);
          const refused = refusal(reply, fault, upload.faultStatus);
          const status = overload?.statusCode ?? (faultWithOk ? 200 : refused);
          answered = { status, text: faultXml(services, fault) };
        }
        journal?.add(recorded(answered, fault, { operation: 'uploadPost', ...upload.recorded() }));
        if (outcome.end === 'drop') return dropConnection(request, reply, traffic);
        return answer(reply, answered.status, answered.text, truncate);
      },
      errorHandler: (error: RequestError, request, reply) => {
        const fault = faultOfRequest(services, error, request.url);
        clearRepresentation(reply, error);
        const answered = { status: statusOf(error), text: faultXml(services, fault) };
        const record = arrivedCall(services, 'upload', request);
        journal?.add(record(answered, fault, { operation: 'uploadPost' }));
        return answer(reply, answered.status, answered.text, false);
      },
    });
  });
}

function faultXml(services: Services, { kind, code, reason }: IpsFault): string {
  services.log.info({ operation: 'uploadPost', code, reason }, 'fault');
  return codec.encodeFault({ kind, code, reason }, { dialect: 'plain' });
}

function answer(reply: FastifyReply, status: number, xml: string, truncate: boolean): FastifyReply {
  const body = Buffer.from(xml, 'utf8');
  return reply
    .code(status)
    .type('text/xml;charset=utf-8')
    .send(truncate ? firstHalf(body) : body);
}

/** One request while it arrives. Received files can be discarded if a later part fails. */
class UploadRequest {
  readonly #services: Services;
  readonly #contracts: ContractSet;
  readonly #traffic: Traffic;
  readonly #request: FastifyRequest;
  readonly #files: ReceivedFile[] = [];
  #auth: string | undefined;
  #params: string | undefined;
  #known: { readonly by: string | undefined; readonly identity: Identity } | undefined;
  #header: Header | undefined;
  #overload: OverloadError | undefined;
  /** Bytes of files received before credentials. */
  #unknownBytes = 0;

  constructor(services: Services, contracts: ContractSet, traffic: Traffic, request: FastifyRequest) {
    this.#contracts = contracts;
    this.#services = services;
    this.#traffic = traffic;
    this.#request = request;
  }

  /** The reason for the refusal, if the server was overloaded. */
  get overload(): OverloadError | undefined {
    return this.#overload;
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

  /** Encodes the response in the contract and namespace of the parameters. */
  answerXml(output: object): string {
    const namespace = this.#namespace;
    const { servlet } = this.#contracts.of(namespace);
    return servlet.encodeMessage('UploadPostReturn', output, { namespace });
  }

  /** The caller, and the parts as the journal shows them. */
  recorded(): { readonly user: string | undefined; readonly request: string } {
    const parts = [
      ...(this.#auth === undefined ? [] : ['--- auth', this.#auth]),
      ...(this.#params === undefined ? [] : ['--- uploadParams', this.#params]),
      ...this.#files.map(({ name, staged }) => `--- file ${JSON.stringify(name)}, ${staged.size} bytes`),
    ];
    return {
      user: presentedUser(this.#header, undefined, this.#request.headers.authorization),
      request: parts.join('\n'),
    };
  }

  get #namespace(): string | undefined {
    const found = this.#params === undefined ? undefined : findMessage(this.#params);
    return found?.namespace === '' ? undefined : found?.namespace;
  }

  /** Removes the received files. */
  async discard(): Promise<void> {
    await Promise.all(this.#files.map(({ staged }) => staged.discard()));
  }

  async #identify(): Promise<Identity> {
    // The part takes precedence over HTTP Basic, even if it comes later.
    if (this.#known !== undefined && this.#known.by === this.#auth) return this.#known.identity;
    this.#header = this.#auth === undefined ? undefined : this.#headerOf(this.#auth);
    const credentials = presentedCredentials(this.#header, undefined, this.#request.headers.authorization);
    const identity = await authenticate(this.#services, credentials, this.#request.ip);
    this.#known = { by: this.#auth, identity };
    return identity;
  }

  /** Decodes a header with the contract of its namespace. */
  #headerOf(xml: string): Header {
    const { servlet } = this.#contracts.of(findMessage(xml)?.namespace);
    const [versioned] = servlet.contract.headers;
    return servlet.decodeMessage(versioned ?? '', xml) as Header;
  }

  async #receive(): Promise<void> {
    try {
      for await (const part of formParts(this.#request.raw)) await this.#take(part);
    } catch (error) {
      const problem = formProblem(error);
      if (problem !== undefined)
        throw invalidRequestXml(`the request is not valid multipart/form-data: ${problem.message}`);
      if (error instanceof OverloadError) {
        this.#overload = error;
        throw ruleBroken(error.message);
      }
      throw error;
    }
  }

  async #take(part: FormPart): Promise<void> {
    const { label, name, fileName, mediaType, content } = part;
    if (name === 'auth' || name === 'uploadParams') {
      if ((name === 'auth' ? this.#auth : this.#params) !== undefined)
        throw new FormError(`${label} occurs twice`);
      const text = await readText(content, label);
      if (name === 'auth') this.#auth = text;
      else this.#params = text;
      return;
    }
    if (fileName === undefined && mediaType === undefined) {
      throw new FormError(`${label} is unknown; expected auth, uploadParams, or a file with a file name`);
    }
    const { maxFileBytes } = this.#services.config.limits;
    const isKnown = this.#auth !== undefined || this.#request.headers.authorization !== undefined;
    if (isKnown) await this.#identify();
    const staged = await this.#services.files
      .stage(content, {
        maxBytes: isKnown ? maxFileBytes : maxFileBytes - this.#unknownBytes,
        admit: (bytes) => this.#traffic.keepUpload(this.#request.raw, bytes, isKnown),
      })
      .catch(async (error: unknown) => {
        if (storageProblem(error) !== undefined) await drain(this.#request);
        throw error;
      });
    if (!isKnown) this.#unknownBytes += staged.size;
    const { metrics } = this.#services;
    metrics.uploadFiles.inc();
    metrics.uploadBytes.inc(staged.size);
    this.#files.push({ name: fileName ?? '', staged });
  }
}

/** Reads the rest of a request for a while, because a client that is still sending would not see the response. */
async function drain({ raw }: FastifyRequest): Promise<void> {
  if (raw.destroyed || raw.readableEnded) return;
  raw.unpipe();
  raw.resume();
  await finished(raw, { signal: AbortSignal.timeout(DRAIN_TIMEOUT) }).catch(() => undefined);
}

async function readText(stream: Readable, label: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_XML_PART) throw new FormError(`${label} is longer than ${MAX_XML_PART} bytes`);
    chunks.push(chunk);
  }
  return xmlTextOf(Buffer.concat(chunks), undefined, label);
}
