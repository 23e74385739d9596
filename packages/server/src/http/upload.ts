import type { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { UploadPostParam } from '@ips-sdk/types';
import type { JobPayloads } from '@ips-sdk/types/jobs';
import { validate } from '@ips-sdk/validator';
import { codec, IpsFault, WireError } from '@ips-sdk/wire';
import { and, eq, ne } from 'drizzle-orm';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  authenticate,
  checkRole,
  type Identity,
  mayAct,
  presentedCredentials,
  rolesOf,
} from '../access/identity.js';
import { rolesAllowed } from '../access/operation-roles.js';
import { uploadPath } from '../assets/upload-path.js';
import type { CompanyRow, RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import {
  illegalCompany,
  invalidCompany,
  invalidParameter,
  invalidRequestXml,
  missingParameter,
  ruleBroken,
  unknownHandle,
} from '../faults.js';
import { FileTooLargeError, type StagedFile } from '../files/file-store.js';
import { parseCompanyHandle, runHandle } from '../handles.js';
import { jobKindOf } from '../job-kinds/registry.js';
import type { Services } from '../services.js';
import { faultStatusOf } from './fault-status.js';
import { registerWrongMethods } from './wrong-method.js';

/** Bytes of an XML part. */
const MAX_XML_PART = 1024 * 1024;

interface Received {
  auth: string | undefined;
  params: string | undefined;
  readonly files: { readonly name: string; readonly staged: StagedFile }[];
}

/** The header of an `auth` part. */
type Header = Readonly<Record<string, unknown>>;

/**
 * The servlet that takes files: parts `auth` and `uploadParams` with XML, any other part with a file name is a file, in any
 * order. Files go straight to the disk; a request that is refused leaves none of them. Where credentials come before the files,
 * as they should, nothing is taken from somebody unknown, and no more than the bytes of one file where they come later.
 */
export function registerUpload(app: FastifyInstance, services: Services): void {
  app.register(async (scope) => {
    const { maxFileBytes } = services.config.limits;
    await scope.register(multipart, {
      limits: {
        fileSize: maxFileBytes + 1,
        files: 10_000,
        fields: 100,
        fieldSize: MAX_XML_PART,
        headerPairs: 100,
      },
      throwFileSizeLimit: false,
      // The name of a file may have folders.
      preservePath: true,
    });
    registerWrongMethods(scope, '/scene7/UploadFile', 'This takes files, as multipart/form-data');
    scope.post('/scene7/UploadFile', { bodyLimit: Number.MAX_SAFE_INTEGER }, async (request, reply) => {
      let faultStatus = 500;
      const received: Received = { auth: undefined, params: undefined, files: [] };
      let known: { readonly by: string | undefined; readonly identity: Identity } | undefined;
      const identify = async (): Promise<Identity> => {
        // The part counts before HTTP Basic, also when it comes later.
        if (known !== undefined && known.by === received.auth) return known.identity;
        const header = received.auth === undefined ? undefined : headerOf(received.auth);
        faultStatus = faultStatusOf(header);
        const credentials = presentedCredentials(header, undefined, request.headers.authorization);
        const { db, passwords, clock } = services;
        known = { by: received.auth, identity: await authenticate(db, passwords, credentials, clock.now()) };
        return known.identity;
      };
      try {
        await receive(request, services, received, identify);
        const handle = await accept(services, request, await identify(), received);
        return answer(reply, 200, codec.encodeMessage('UploadPostReturn', { jobHandle: handle }));
      } catch (error) {
        await Promise.all(received.files.map(({ staged }) => staged.discard()));
        const fault = faultOf(services, error);
        services.log.info({ operation: 'uploadPost', code: fault.code, reason: fault.reason }, 'fault');
        return answer(
          reply,
          faultStatus,
          codec.encodeFault(
            { kind: fault.kind, code: fault.code, reason: fault.reason },
            { dialect: 'plain' },
          ),
        );
      }
    });
  });
}

function answer(reply: FastifyReply, status: number, xml: string): FastifyReply {
  return reply.code(status).type('text/xml;charset=utf-8').send(xml);
}

/** Takes in all parts. What is taken in stands in `received` at once, so that it can be discarded when a later part fails. */
async function receive(
  request: FastifyRequest,
  services: Services,
  received: Received,
  identify: () => Promise<Identity>,
): Promise<void> {
  if (!request.isMultipart()) throw invalidRequestXml('expected a request of multipart/form-data');
  const { maxFileBytes } = services.config.limits;
  let unknownBytes = 0;
  for await (const part of request.parts()) {
    const isXml = part.fieldname === 'auth' || part.fieldname === 'uploadParams';
    if (part.type === 'field') {
      if (isXml) setXml(received, part.fieldname, String(part.value));
      continue;
    }
    if (isXml) {
      setXml(received, part.fieldname, await readText(part.file));
      continue;
    }
    const isKnown = received.auth !== undefined || request.headers.authorization !== undefined;
    if (isKnown) await identify();
    const maxBytes = isKnown ? maxFileBytes : maxFileBytes - unknownBytes;
    const staged = await services.files.stage(part.file, { maxBytes });
    if (!isKnown) unknownBytes += staged.size;
    received.files.push({ name: part.filename ?? '', staged });
  }
}

function setXml(received: Received, field: string, text: string): void {
  if (field === 'auth') received.auth = text;
  else received.params = text;
}

async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_XML_PART)
      throw invalidRequestXml(`a part with XML is longer than ${MAX_XML_PART} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headerOf(xml: string): Header {
  const [versioned] = codec.contract.headers;
  return codec.decodeMessage(versioned ?? '', xml) as Header;
}

async function accept(
  services: Services,
  request: FastifyRequest,
  identity: Identity,
  received: Received,
): Promise<string> {
  const now = services.clock.now();
  if (received.params === undefined) throw missingParameter('the part uploadParams');
  const input = codec.decodeMessage('UploadPostParam', received.params) as UploadPostParam;
  const [issue] = validate('uploadPostParam', input, { mode: 'lenient' }).errors;
  if (issue !== undefined) {
    throw issue.code === 'required'
      ? missingParameter(issue.path)
      : invalidParameter(issue.path, issue.value, issue.expected);
  }
  const company = await companyOf(services, identity, input.companyHandle, now);
  checkRole('uploadPost', rolesAllowed('uploadPost'), rolesOf(identity, company, now));
  if (input.fileName !== undefined && received.files.length > 1) {
    throw invalidParameter('fileName', input.fileName, 'one file in the request that names it');
  }
  const files = received.files.map(({ name, staged }) => ({
    path: uploadPath(company, { fileName: input.fileName, partName: name, destFolder: input.destFolder }),
    staged,
  }));
  const run = await runOf(services, request, identity, company, input);
  for (const { staged } of files) await staged.keep();
  if (files.length > 0) {
    await services.db.transaction(async (tx) => {
      // Another post may have ended the job meanwhile: nobody would look at these files.
      const [open] = await tx
        .select({ id: t.runs.id })
        .from(t.runs)
        .where(and(eq(t.runs.id, run.id), ne(t.runs.state, 'Done'), eq(t.runs.endRequested, false)))
        .for('update');
      if (open === undefined) throw closedJob(run);
      await tx
        .insert(t.postedFiles)
        .values(
          files.map(({ path, staged }) => ({ runId: run.id, path, file: staged.hash, size: staged.size })),
        );
    });
  }
  await services.jobs.uploadPosted(run.id, input.endJob === true);
  return runHandle(run);
}

/** The run that a request belongs to: a new one for a name, one that is there for a handle. */
async function runOf(
  services: Services,
  request: FastifyRequest,
  identity: Identity,
  company: CompanyRow,
  input: UploadPostParam,
): Promise<RunRow> {
  const { jobName, jobHandle } = input;
  if ((jobName === undefined) === (jobHandle === undefined)) {
    throw jobName === undefined
      ? missingParameter('jobName or jobHandle')
      : invalidParameter('jobHandle', jobHandle, 'either jobName or jobHandle, not both');
  }
  if (jobName !== undefined) {
    if (input.uploadParams === undefined) throw missingParameter('uploadParams');
    if (jobName.trim() === '' || jobName.includes('|'))
      throw invalidParameter('jobName', jobName, 'a name without "|"');
    const details: JobPayloads['uploadPostJob'] = input.uploadParams;
    await jobKindOf('uploadPostJob').check?.(details, {
      company,
      identity,
      db: services.db,
      services,
    } as never);
    return services.jobs.openUpload(
      {
        company,
        submitter: identity.user,
        kind: 'uploadPostJob',
        details,
        name: jobName,
        locale: input.locale,
        description: input.description,
      },
      request.ip,
    );
  }
  const { runs } = await services.jobs.find(company, jobHandle ?? '');
  const [run] = runs.filter(({ kind }) => kind === 'uploadPostJob');
  if (run === undefined) throw unknownHandle('jobHandle', jobHandle ?? '');
  if (run.state === 'Done' || run.endRequested) throw closedJob(run);
  if (run.sourceAddress !== request.ip) {
    throw ruleBroken(
      `jobHandle: all files of an upload job come from one address; this one began at ${run.sourceAddress}`,
    );
  }
  return run;
}

const closedJob = ({ name }: RunRow) => ruleBroken(`jobHandle: the upload job '${name}' is closed`);

async function companyOf(
  services: Services,
  identity: Identity,
  handle: string,
  now: Date,
): Promise<CompanyRow> {
  const id = parseCompanyHandle(handle);
  const [company] =
    id === undefined ? [] : await services.db.select().from(t.companies).where(eq(t.companies.id, id));
  if (company === undefined) throw invalidCompany(handle);
  if (!mayAct(identity, company, now)) throw illegalCompany(handle);
  return company;
}

function faultOf(services: Services, error: unknown): IpsFault {
  if (error instanceof IpsFault) return error;
  if (error instanceof WireError) return invalidRequestXml(error.message);
  if (error instanceof FileTooLargeError) return ruleBroken(`a file is larger than ${error.maxBytes} bytes`);
  const { code, message, statusCode } = error as { code?: string; message?: string; statusCode?: number };
  if (
    (statusCode !== undefined && statusCode < 500) ||
    code?.startsWith('FST_') ||
    /multipart|boundary|unexpected end/i.test(message ?? '')
  ) {
    return invalidRequestXml(`the request is no sound multipart/form-data: ${message}`);
  }
  services.log.error({ err: error, operation: 'uploadPost' }, 'an upload failed unexpectedly');
  return ruleBroken('An unexpected error occurred; the log of the server has the details');
}
