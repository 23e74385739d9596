import type { IpsFault } from '@ips-sdk/wire';
import type { FastifyRequest } from 'fastify';
import type { Services } from '../services.js';
import type { JournalCall } from './request-journal.js';
import { charsetOf } from './xml-text-of.js';

/** What the journal records of a call when it ends, given what is known when it arrives. */
export type RecordEnd = (
  answer: { readonly status: number; readonly text: string },
  fault: IpsFault | undefined,
  known?: Partial<Pick<JournalCall, 'operation' | 'user' | 'request'>>,
) => JournalCall;

/** Begins to record a call that has arrived. */
export function arrivedCall(
  { clock }: Services,
  transport: JournalCall['transport'],
  { body, headers }: FastifyRequest,
): RecordEnd {
  const at = clock.now();
  const begun = performance.now();
  return ({ status, text }, fault, known) => ({
    at,
    operation: '',
    transport,
    user: undefined,
    ...(Buffer.isBuffer(body)
      ? { request: body, charset: charsetOf(body, headers['content-type']) }
      : { request: '' }),
    ...known,
    status,
    fault: fault && { code: fault.code ?? 0, reason: fault.reason },
    duration: Math.round(performance.now() - begun),
    response: text,
  });
}
