import type { Agent, ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { proxyFor } from './proxy-for.js';
import type { TlsSettings } from './tls.js';

/** The request option with the abort signal, which a proxy agent needs to abort a connection attempt. */
export const ABORTED_BY = 'abortedBy';

interface ConnectOptions {
  readonly [ABORTED_BY]?: AbortSignal | undefined;
}

/** An agent of the proxy packages. */
interface ProxyAgent {
  connect(request: ClientRequest, options: never): Promise<Duplex>;
}

type ProxyAgentClass = new (proxy: string, options: object) => ProxyAgent;

/**
 * Returns an agent for the proxy of a URL from the environment, or `undefined` without a proxy. The proxy packages are loaded on first use.
 */
export async function proxyAgentFor(
  url: URL,
  tls: TlsSettings,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Agent | undefined> {
  const proxy = proxyFor(url, environment);
  if (proxy === undefined) return undefined;
  // These agents have the interface of Node's agents, but do not extend its class.
  if (url.protocol === 'https:')
    return patient((await import('https-proxy-agent')).HttpsProxyAgent, proxy, tls) as unknown as Agent;
  return patient((await import('http-proxy-agent')).HttpProxyAgent, proxy, tls) as unknown as Agent;
}

/** An agent that aborts a connection attempt when its request is aborted. */
function patient(base: unknown, proxy: string, tls: TlsSettings): ProxyAgent {
  // Both classes have the same constructor and the same connect method. Only the types of their options differ.
  const Base = base as ProxyAgentClass;
  const options = { keepAlive: true, ...tls };
  return new (class extends Base {
    override async connect(request: ClientRequest, connecting: ConnectOptions & never): Promise<Duplex> {
      const signal = (connecting as ConnectOptions)[ABORTED_BY];
      if (signal === undefined) return super.connect(request, connecting);
      const given = new AbortController();
      const abort = (): void => given.abort(signal.reason);
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
      try {
        // An agent passes its own options to every connection, so each connection needs its own agent with its own signal.
        return await new Base(proxy, { ...options, signal: given.signal }).connect(request, connecting);
      } finally {
        signal.removeEventListener('abort', abort);
      }
    }
  })(proxy, options);
}
