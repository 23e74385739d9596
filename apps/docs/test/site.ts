import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Parser } from 'htmlparser2';

/** The site as `npm run docs` built it. */
export const dist: string = fileURLToPath(new URL('../dist/', import.meta.url));

export function readSite(path: string): string {
  return readFileSync(join(dist, path), 'utf8');
}

/** The addresses of all pages below a folder: `api/operations/submitjob`. */
export function pagesBelow(folder: string): string[] {
  return readdirSync(join(dist, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);
}

/**
 * The text of a page as a reader sees it, without the navigation. White space is taken out: highlighted code has some between
 * its words that nobody sees.
 */
export function mainText(html: string): string {
  let text = '';
  let inside = false;
  let hidden = 0;
  const isHidden = (name: string): boolean => name === 'script' || name === 'style';
  const parser = new Parser({
    onopentag(name) {
      if (name === 'main') inside = true;
      if (isHidden(name)) hidden += 1;
    },
    ontext(part) {
      if (inside && hidden === 0) text += part;
    },
    onclosetag(name) {
      if (name === 'main') inside = false;
      if (isHidden(name)) hidden -= 1;
    },
  });
  parser.end(html);
  return withoutSpace(text);
}

export function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}
