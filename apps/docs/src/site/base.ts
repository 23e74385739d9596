/**
 * The path of the site on its host, which begins and ends with a slash: `/`, or that in the environment variable DOCS_BASE, such as
 * `/ips-sdk/`.
 */
export const base: string = `/${process.env['DOCS_BASE'] ?? ''}/`.replace(/\/{2,}/g, '/');

/** The address of a page within its host. */
export function address(path: string): string {
  return path === '' ? base : `${base}${path}/`;
}
