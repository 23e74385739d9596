import ipaddr from 'ipaddr.js';

/** The address that limits count as one client: an IPv4 address or an IPv6 /64 network, the usual size for one subscriber. */
export function addressKey(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined || !ipaddr.isValid(remoteAddress)) return 'unknown';
  // All bytes of an IPv4 address, or half of those of an IPv6 address.
  return ipaddr.process(remoteAddress).toByteArray().slice(0, 8).join('.');
}
