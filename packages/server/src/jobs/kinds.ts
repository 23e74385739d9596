import type { JobKind as KindName } from '@ips-sdk/types/jobs';
import type { JobKind } from './job-kind.js';
import { kinds } from './kinds/registry.js';

/** The implementation of a kind of job. Every kind of the contract has one. */
export function jobKindOf<Kind extends KindName>(kind: Kind): JobKind<Kind> {
  return kinds[kind] as unknown as JobKind<Kind>;
}
