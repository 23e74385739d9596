import type { Contract } from '@ips-sdk/types/contract';

/** The name of a contract in messages: `contract 2014-04-03`. */
export function contractName({ version, service }: Contract): string {
  return `contract ${version ?? `of ${service}`}`;
}
