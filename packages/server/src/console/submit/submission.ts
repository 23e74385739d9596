import { ScheduleError, type SubmittableJobKind } from '@ips-sdk/client';
import type { SubmitJobParam } from '@ips-sdk/types';
import { validate } from '@ips-sdk/validator';
import { WireError } from '@ips-sdk/wire';
import type { InputIssue, SubmitCheck, SubmitRequest, SubmitResult } from '../api.js';
import { KIND_WORDS } from '../jobs/kind-words.js';
import { payloadOf } from '../jobs/run-again.js';
import type { Feed } from '../live/feeds.js';
import { ConsoleError } from '../problem.js';
import { KEPT_SECRET, redactXml, withoutSecrets, withSecretsOf } from '../secrets.js';
import type { Session } from '../session.js';
import { shellWord } from '../shell-text.js';
import { SUBMITTABLE } from './job-schemas.js';
import { schedulePreview } from './schedule-preview.js';

/** A submission as `submitJob` takes it, without the company. */
type Input = Omit<SubmitJobParam, 'companyHandle'> & Readonly<Record<string, unknown>>;

/** A request that has the form of one: what its values are worth, the validator says. */
export function checkedSubmission(body: unknown): SubmitRequest {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const { kind, details } = given;
  if (!SUBMITTABLE.some((one) => one === kind))
    throw new ConsoleError('input', `kind: found "${String(kind)}", expected ${SUBMITTABLE.join(', ')}`);
  if (typeof details !== 'object' || details === null || Array.isArray(details))
    throw new ConsoleError('input', 'details: expected an object');
  for (const name of ['jobName', 'description', 'locale', 'execSchedule', 'execTime', 'basedOn']) {
    const value = given[name];
    if (value !== undefined && typeof value !== 'string')
      throw new ConsoleError('input', `${name}: expected a text`);
  }
  // Every field was checked.
  return given as unknown as SubmitRequest;
}

/** Submits a job. */
export async function submit(session: Session, feed: Feed, request: SubmitRequest): Promise<SubmitResult> {
  const { kind, input } = await inputOf(session, feed, request);
  const { jobName, [kind]: details, ...options } = input;
  const job = await session.client.jobs.submit(
    kind as SubmittableJobKind,
    // The client validates it.
    details as never,
    { ...options, name: jobName },
  );
  await feed.live.poke();
  return { jobHandle: job.handle, jobName };
}

/** The dry run: what is wrong with a job, and what would be sent. */
export async function checkSubmission(
  session: Session,
  feed: Feed,
  request: SubmitRequest,
  zones: { readonly service: string | undefined; readonly viewer: string | undefined },
): Promise<SubmitCheck> {
  const { kind, input } = await inputOf(session, feed, request);
  const { companyHandle } = session.company;
  const { errors, warnings } = validate('submitJobParam', { ...input, companyHandle }, { mode: 'lenient' });
  const issues: InputIssue[] = [
    ...errors.map(({ path, message }) => ({ path, message, severity: 'error' as const })),
    // The codec refuses a field that the contract lacks.
    ...warnings.map(({ path, message, code }) => ({
      path,
      message,
      severity: code === 'unknown-field' ? ('error' as const) : ('warning' as const),
    })),
  ];
  const { execSchedule } = request;
  const schedule =
    execSchedule === undefined
      ? undefined
      : schedulePreview(execSchedule, zones.service, zones.viewer ?? 'UTC', 10, feed.board.now);
  if (schedule?.error !== undefined)
    issues.push({ path: 'execSchedule', message: schedule.error, severity: 'error' });
  const shown: Input = { ...input, [kind]: withoutSecrets(input[kind]) };
  return {
    issues,
    xml: await xmlOf(session, input, issues),
    shell: shellOf(request, shown),
    typescript: typescriptOf(request, shown),
    ...(schedule === undefined ? {} : { schedule }),
  };
}

/** The input of the call, with the secrets of the job that it is based on. */
async function inputOf(
  session: Session,
  feed: Feed,
  { kind, details, jobName, basedOn, execTime, ...rest }: SubmitRequest,
): Promise<{ readonly kind: SubmitRequest['kind']; readonly input: Input }> {
  const original = basedOn === undefined ? undefined : await payloadOf(session, feed, basedOn);
  const complete = withSecretsOf(details, original?.kind === kind ? original.details : undefined);
  if (JSON.stringify(complete).includes(KEPT_SECRET))
    throw new ConsoleError(
      'input',
      `details: ${KEPT_SECRET} stands for a secret that is not known here; type it`,
    );
  const { description, locale, execSchedule } = rest;
  const optional = { description, locale, execSchedule, execTime };
  const given = Object.entries(optional).filter(([, value]) => value !== undefined && value !== '');
  const name =
    jobName || `${KIND_WORDS[kind].label} ${new Date().toISOString().slice(0, 19).replace('T', ' ')}`;
  return { kind, input: { jobName: name, ...Object.fromEntries(given), [kind]: complete } };
}

async function xmlOf(session: Session, input: Input, issues: InputIssue[]): Promise<string | undefined> {
  try {
    return redactXml(await session.client.preview('submitJob', input, { validation: 'off' }));
  } catch (error) {
    if (error instanceof WireError) {
      if (!issues.some(({ severity }) => severity === 'error'))
        issues.push({ path: error.path, message: error.message, severity: 'error' });
      return undefined;
    }
    if (error instanceof ScheduleError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The same job from a shell: the payload comes from a document, because arguments have limits. */
function shellOf({ kind, execSchedule, execTime, description }: SubmitRequest, input: Input): string {
  const details = JSON.stringify(input[kind] ?? {}, undefined, 2);
  const options = [
    '--name',
    shellWord(input.jobName),
    ...(description ? ['--description', shellWord(description)] : []),
    ...(execTime ? ['--at', shellWord(execTime)] : []),
  ].join(' ');
  const command = execSchedule
    ? `ips job schedule ${shellWord(execSchedule)} ${kind} ${options}`
    : `ips job submit ${kind} ${options}`;
  return `${command} --input - <<'JSON'\n${details}\nJSON`;
}

function typescriptOf({ kind }: SubmitRequest, input: Input): string {
  const { jobName, [kind]: details, ...rest } = input;
  const indented = (value: unknown): string =>
    JSON.stringify(value, undefined, 2)
      .replace(/^(\s*)"([A-Za-z_]\w*)":/gm, '$1$2:')
      .replaceAll('\n', '\n  ');
  return [
    `const job = await ips.jobs.submit(`,
    `  '${kind}',`,
    `  ${indented(details ?? {})},`,
    `  ${indented({ name: jobName, ...rest })},`,
    `);`,
    `const { status, counts } = await job.wait();`,
    `console.log(status, counts);`,
  ].join('\n');
}
