import ipaddr from 'ipaddr.js';

/** The address that limits count as one client: an IPv4 address or an IPv6 /64 network, the usual size for one subscriber. */
export function addressKey(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined || !ipaddr.isValid(remoteAddress)) return 'unknown';
  const address = ipaddr.process(remoteAddress);
  if (address.kind() === 'ipv4') return address.toString();
  return address.toByteArray().slice(0, 8).join('.');
}
