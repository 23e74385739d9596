import type { IpsServer } from './create-server.js';
import type { PasswordSource } from './seed/admin-account.js';

/**
 * The text printed when the server is ready: first the line that other programs wait for, then the URLs, then the variables that `ips`
 * and the recipes read, ready to paste into a shell.
 *
 * @param options - `publicUrl`: where clients reach the server, if that is another address.
 */
export function welcome(
  {
    url,
    endpoints,
    console,
    company,
    admin,
    adminPasswordSource,
  }: Pick<IpsServer, 'url' | 'endpoints' | 'console' | 'company' | 'admin' | 'adminPasswordSource'>,
  {
    platform,
    publicUrl = url,
  }: {
    readonly platform: NodeJS.Platform;
    readonly publicUrl?: string | undefined;
  },
): string {
  const base = publicUrl.replace(/\/+$/, '');
  const reached = (endpoint: string): string => base + endpoint.slice(url.length);
  const isShown = adminPasswordSource === 'default' || adminPasswordSource === 'generated';
  const variables: readonly (readonly [name: string, value: string])[] = [
    ['IPS_ENDPOINT', reached(endpoints.soap)],
    ['IPS_COMPANY', company],
    ['IPS_USER', admin.email],
    // One that was given is a secret.
    ...(isShown ? ([['IPS_PASSWORD', admin.password]] as const) : []),
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
    ...(console === undefined ? [] : [`  console        ${reached(console)}/`]),
    '',
    ...lines.map((line) => `  ${line}`),
    '',
    ...notices(adminPasswordSource, admin.email),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** What to know about the administrator's password. */
function notices(source: PasswordSource, email: string): string[] {
  const notice: Partial<Record<PasswordSource, string>> = {
    default: `${email} has the default password, which is public; set another with --admin and --admin-password-file`,
    generated: `the password of ${email} was generated; it is not printed again`,
    stored: `${email} existed before and keeps the stored password; --reset-admin replaces it`,
  };
  const text = notice[source];
  return text === undefined ? [] : [`  note: ${text}`, ''];
}

/** A text as one word of a POSIX shell. */
function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
