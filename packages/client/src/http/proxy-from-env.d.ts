/** The package has no types of its own. */
declare module 'proxy-from-env' {
  /** The proxy for a URL, from the usual environment variables; empty where there is none. */
  export function getProxyForUrl(url: string): string;
}
