import { authHeader } from './client-headers.js';
import type { Exchanger } from './exchange.js';
import type { Credentials } from './options.js';

/** The `authHeader` element, for requests without an envelope. */
export function encodeAuthHeader(
  { codec, options }: Exchanger,
  credentials: Credentials,
  locale: string | undefined,
): string {
  const { headers, messages, messageNamespace } = codec.contract;
  // Versions before 2014 have one header, in the namespace that all versions share.
  const [versioned = '', unversioned = versioned] = headers;
  const name = options.headerForm === 'unversioned' ? unversioned : versioned;
  const isShared = (messages[name]?.namespace ?? messageNamespace) !== messageNamespace;
  return codec.encodeMessage(name, authHeader(options, credentials, locale), {
    namespace: isShared ? undefined : options.namespace,
  });
}
