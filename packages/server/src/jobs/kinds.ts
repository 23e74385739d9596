import type { JobKind as KindName } from '@ips-sdk/types/jobs';
import { kinds } from '../job-kinds/registry.js';
import type { JobKind } from './job-kind.js';

/** The implementation of a kind of job. Every kind of the contract has one. */
export function jobKindOf<Kind extends KindName>(kind: Kind): JobKind<Kind> {
  return kinds[kind] as unknown as JobKind<Kind>;
}
