import type { IpsServer } from './create-server.js';

/**
 * The text printed when the server is ready: first the line that other programs wait for, then the URLs, then the variables that `ips`
 * and the recipes read, ready to paste into a shell.
 *
 * @param options - `isDefault`: the administrator is the default one, whose password is public. `publicUrl`: the URL that clients use,
 *   if it differs from the listen address.
 */
export function welcome(
  { url, endpoints, company, admin }: Pick<IpsServer, 'url' | 'endpoints' | 'company' | 'admin'>,
  {
    isDefault,
    platform,
    publicUrl = url,
  }: {
    readonly isDefault: boolean;
    readonly platform: NodeJS.Platform;
    readonly publicUrl?: string | undefined;
  },
): string {
  const base = publicUrl.replace(/\/+$/, '');
  const reached = (endpoint: string): string => base + endpoint.slice(url.length);
  const variables: readonly (readonly [name: string, value: string])[] = [
    ['IPS_ENDPOINT', reached(endpoints.soap)],
    ['IPS_COMPANY', company],
    ['IPS_USER', admin.email],
    // A password set by the user is a secret.
    ...(isDefault ? ([['IPS_PASSWORD', admin.password]] as const) : []),
  ];
  const lines = variables.map(([name, value]) =>
    platform === 'win32'
      ? `$env:${name} = '${value.replace(/'/g, "''")}'`
      : `export ${name}=${quoted(value)}`,
  );
  return [
    `listening on ${url}`,
    '',
    `  SOAP endpoint  ${reached(endpoints.soap)}`,
    `  plain XML      ${reached(endpoints.plain)}`,
    `  WSDL           ${reached(endpoints.wsdl)}`,
    `  images         ${reached(endpoints.images)}`,
    '',
    ...lines.map((line) => `  ${line}`),
    '',
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** Quotes a text as one word of a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
