/**
 * Where the site will stand on its host: `/` unless the environment variable DOCS_BASE says otherwise, such as `/ips-sdk/`.
 * It begins and ends with a slash.
 */
export const base: string = `/${process.env['DOCS_BASE'] ?? ''}/`.replace(/\/{2,}/g, '/');

/** The address of a page within its host. */
export function address(path: string): string {
  return path === '' ? base : `${base}${path}/`;
}
