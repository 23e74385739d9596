// Named here too, so that packages which read this source find it.
/// <reference path="./proxy-from-env.d.ts" />
import type { Agent } from 'node:http';

/**
 * The proxy that the environment names for a URL: `https_proxy` or `http_proxy` by its protocol, or `all_proxy`, unless `no_proxy`
 * lists the host. Upper case works too. The proxy packages are loaded only when one of the variables is set.
 */
export async function proxyAgentFor(
  url: URL,
  options: object,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Agent | undefined> {
  const set = ['https_proxy', 'http_proxy', 'all_proxy'].some(
    (name) => environment[name] || environment[name.toUpperCase()],
  );
  if (!set) return undefined;
  const { getProxyForUrl } = await import('proxy-from-env');
  const proxy = getProxyForUrl(url.href);
  if (proxy === '') return undefined;
  const protocol = URL.canParse(proxy) ? new URL(proxy).protocol : undefined;
  if (protocol !== 'http:' && protocol !== 'https:') {
    // The message leaves out the URL itself, which may contain a password.
    throw new RangeError(
      `the proxy that the environment names for ${url.origin} is not an http or https URL`,
    );
  }
  if (url.protocol === 'https:') {
    const { HttpsProxyAgent } = await import('https-proxy-agent');
    // These agents work as Node's do, without extending its class.
    return new HttpsProxyAgent(proxy, options) as unknown as Agent;
  }
  const { HttpProxyAgent } = await import('http-proxy-agent');
  // As above.
  return new HttpProxyAgent(proxy, options) as unknown as Agent;
}
