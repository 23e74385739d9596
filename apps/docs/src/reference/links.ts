/** The addresses of the pages, in one place. They begin with `/`; `write-pages.ts` adds the base of the site. */
export const operationPath = (name: string): string => `api/operations/${name.toLowerCase()}`;
export const typePath = (name: string): string => `api/types/${name.toLowerCase()}`;
export const areaPath = (area: string): string => `api/areas/${area}`;

export function operationLink(name: string): string {
  return `[\`${name}\`](/${operationPath(name)}/)`;
}

export function typeLink(name: string): string {
  return `[\`${name}\`](/${typePath(name)}/)`;
}

export function constantsLink(title: string): string {
  return `[${title}](/api/constants/#${constantsAnchor(title)})`;
}

/** The anchor that the Markdown renderer gives to a heading of letters, digits and spaces. */
export function constantsAnchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

export function formatLink(name: string): string {
  return `[${name.replaceAll('-', ' ')}](/api/formats/#${name})`;
}
