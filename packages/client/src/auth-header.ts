import { authHeader } from './client-headers.js';
import type { Exchanger } from './exchange.js';
import type { Credentials } from './options.js';

/** `authHeader` as an element, for what is not a request in an envelope. */
export function encodeAuthHeader(
  { codec, options }: Exchanger,
  credentials: Credentials,
  locale: string | undefined,
): string {
  const { headers, messages, messageNamespace } = codec.contract;
  // Before 2014 there is one header, in the namespace that all versions share.
  const [versioned = '', unversioned = versioned] = headers;
  const name = options.headerForm === 'unversioned' ? unversioned : versioned;
  const isShared = (messages[name]?.namespace ?? messageNamespace) !== messageNamespace;
  return codec.encodeMessage(name, authHeader(options, credentials, locale), {
    namespace: isShared ? undefined : options.namespace,
  });
}
