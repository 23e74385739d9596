import type { SubmitOptions, SubmittableJobKind } from '@ips-sdk/client';
import { jobKinds } from '@ips-sdk/types/jobs';
import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit-code.js';
import { assignFields, fieldsOf } from './api-fields.js';
import { readInput } from './read-input.js';

/** Options with the details of a job. */
export interface JobInputOptions {
  readonly field?: readonly string[];
  readonly input?: string;
  readonly name?: string;
  readonly description?: string;
}

const KINDS: readonly SubmittableJobKind[] = jobKinds.filter((kind) => kind !== 'uploadPostJob');

/** @throws CliError for an unknown job kind. */
export function jobKind(text: string): SubmittableJobKind {
  const exact = KINDS.find((kind) => kind === text || kind === `${text}Job`);
  if (exact !== undefined) return exact;
  const meant = nearest(text, KINDS);
  throw new CliError(
    EXIT.usage,
    `unknown job kind ${JSON.stringify(text)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    `the kinds are ${KINDS.join(', ')}`,
  );
}

/** The input of `submitJob`, from command-line options. */
export async function jobInput(
  context: Context,
  kind: SubmittableJobKind,
  options: JobInputOptions,
): Promise<{ details: Record<string, unknown>; submit: SubmitOptions }> {
  const type = fieldsOf('SubmitJobParam').find(([name]) => name === kind)?.[1] ?? '';
  const details = assignFields(await readInput(context, options.input), options.field ?? [], type);
  // Send no email unless requested.
  if (fieldsOf(type).some(([name]) => name === 'emailSetting')) details['emailSetting'] ??= 'None';
  return {
    details,
    submit: {
      name: options.name ?? `${kind.replace(/Job$/, '')} ${new Date().toISOString()}`,
      description: options.description,
      call: { signal: context.signal },
    },
  };
}

/** The input of `submitJob` as one object. */
export function submitInput(
  kind: SubmittableJobKind,
  details: object,
  { name = '', call: _, ...rest }: SubmitOptions,
): { jobName: string } & Record<string, unknown> {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return { jobName: name, ...Object.fromEntries(given), [kind]: details };
}
