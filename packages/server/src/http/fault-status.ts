import type { IpsFault } from '@ips-sdk/wire';
import type { FastifyReply } from 'fastify';

const DEFAULT_STATUS = 500;

/** Statuses without a body, which a fault needs. */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/** The HTTP status of a fault: `faultHttpStatusCode` of the request header if that is possible, otherwise 500. */
export function faultStatusOf(header: Readonly<Record<string, unknown>> | undefined): number {
  const status = header?.['faultHttpStatusCode'];
  const possible = typeof status === 'number' && status >= 200 && status <= 599;
  return possible && !WITHOUT_BODY.includes(status) ? status : DEFAULT_STATUS;
}

/**
 * The HTTP status of a fault, given that of its answer otherwise. A call that was refused before it was
 * processed has its own status instead of 500, and a header with the time to wait, which HTTP libraries
 * understand.
 */
export function refusal(reply: FastifyReply, { httpStatus, retryAfter }: IpsFault, status: number): number {
  if (retryAfter !== undefined) reply.header('retry-after', Math.ceil(retryAfter / 1000));
  return status === DEFAULT_STATUS ? (httpStatus ?? status) : status;
}
