import type { Agent, ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { proxyFor } from './proxy-for.js';
import type { TlsSettings } from './tls.js';

/** The option of a request with the signal that aborts it: a proxy agent makes connections that nothing else could give up. */
export const ABORTED_BY = 'abortedBy';

interface ConnectOptions {
  readonly [ABORTED_BY]?: AbortSignal | undefined;
}

/** How an agent of the proxy packages makes a connection. */
interface ProxyAgent {
  connect(request: ClientRequest, options: never): Promise<Duplex>;
}

type ProxyAgentClass = new (proxy: string, options: object) => ProxyAgent;

/**
 * An agent for the proxy that the environment names for a URL; nothing where it names none. The proxy packages are loaded only when
 * there is one.
 */
export async function proxyAgentFor(
  url: URL,
  tls: TlsSettings,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Agent | undefined> {
  const proxy = proxyFor(url, environment);
  if (proxy === undefined) return undefined;
  // These agents work as Node's do, without extending its class.
  if (url.protocol === 'https:')
    return patient((await import('https-proxy-agent')).HttpsProxyAgent, proxy, tls) as unknown as Agent;
  return patient((await import('http-proxy-agent')).HttpProxyAgent, proxy, tls) as unknown as Agent;
}

/** An agent whose connections end with the request that they are made for, as long as they are not made. */
function patient(base: unknown, proxy: string, tls: TlsSettings): ProxyAgent {
  // Both classes have the same constructor and the same way to connect; their types name different options.
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
        // An agent gives what it was made with to every connection, so each connection has an agent with a signal of its own.
        return await new Base(proxy, { ...options, signal: given.signal }).connect(request, connecting);
      } finally {
        signal.removeEventListener('abort', abort);
      }
    }
  })(proxy, options);
}
