import { ConfigError } from '../config-error.js';

// This module replaces proxy-from-env, which assumes https for a proxy without a scheme and does not support CIDR ranges.

/**
 * Returns the proxy for a URL from the environment, with the rules of curl: `https_proxy` or `http_proxy` depending on the protocol,
 * otherwise `all_proxy`, in lower or upper case. A proxy without a scheme uses HTTP. `no_proxy` lists the exceptions: hosts with their
 * subdomains, addresses and ranges such as `10.0.0.0/8`, each with an optional port, or `*` for all hosts.
 *
 * @throws ConfigError when the proxy is not an http or https URL.
 */
export function proxyFor(url: URL, environment: NodeJS.ProcessEnv): string | undefined {
  const variable = (name: string): string =>
    (environment[name] || environment[name.toUpperCase()] || '').trim();
  const names = [`${url.protocol.slice(0, -1)}_proxy`, 'all_proxy'];
  const name = names.find((one) => variable(one) !== '') ?? '';
  const named = variable(name);
  if (named === '' || isListed(url, variable('no_proxy'))) return undefined;
  const proxy = named.includes('://') ? named : `http://${named}`;
  const protocol = URL.canParse(proxy) ? new URL(proxy).protocol : undefined;
  if (protocol !== 'http:' && protocol !== 'https:') {
    // The message shows only the scheme, since the URL may contain a password.
    const scheme = /^[a-z][a-z\d+.-]{0,20}(?=:\/\/)/i.exec(proxy)?.[0];
    throw new ConfigError(
      environment[name] ? name : name.toUpperCase(),
      `expected the http or https URL of a proxy for ${url.origin}, found ${schemeProblem(scheme)}`,
    );
  }
  return proxy;
}

function schemeProblem(scheme: string | undefined): string {
  return scheme === undefined || /^https?$/i.test(scheme)
    ? 'a malformed URL'
    : `one with the scheme ${scheme}`;
}

function isListed(url: URL, list: string): boolean {
  const host = url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => covers(entry, host, port));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInRange(host, entry);
  const [, bracketed, bracketedPort] = /^\[([^\]]+)\](?::(\d+))?$/.exec(entry) ?? [];
  if (bracketed !== undefined) return isSameAddress(host, bracketed) && (bracketedPort ?? port) === port;
  if (isAddress(entry) !== 0) return isSameAddress(host, entry);
  const [, name = '', ownPort = port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (ownPort !== port) return false;
  if (isAddress(name) !== 0) return isSameAddress(host, name);
  const domain = name.replace(/^\*?\.?/, '').replace(/\.$/, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

const net = (): typeof import('node:net') => process.getBuiltinModule('node:net');

function isAddress(text: string): number {
  return net().isIP(text);
}

/** IPv6 addresses have several notations. */
function isSameAddress(host: string, address: string): boolean {
  const version = isAddress(address);
  if (version === 0 || version !== isAddress(host)) return false;
  return isInRange(host, `${address}/${version === 4 ? 32 : 128}`);
}

/** An invalid range contains no addresses. */
function isInRange(host: string, range: string): boolean {
  const [address = '', length = ''] = range.replace(/^\[|\](?=\/)/g, '').split('/');
  const version = isAddress(address);
  const most = version === 4 ? 32 : 128;
  if (version === 0 || version !== isAddress(host) || !/^\d{1,3}$/.test(length) || Number(length) > most)
    return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new (net().BlockList)();
  list.addSubnet(address, Number(length), family);
  return list.check(host, family);
}
