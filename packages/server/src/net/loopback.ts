import ipaddr from 'ipaddr.js';

/** Names of the machine itself. */
const LOOPBACK_NAMES: readonly string[] = ['localhost', 'ip6-localhost', 'ip6-loopback'];

/** Whether a host name or address means the machine itself, which no other machine reaches. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (LOOPBACK_NAMES.includes(name) || name.endsWith('.localhost')) return true;
  // Not `127.1` or `0x7f000001`, which name servers could resolve.
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(name) || ipaddr.IPv6.isValid(name);
  return isAddress && ipaddr.process(name).range() === 'loopback';
}
