import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '../page.ts';
import { base } from './base.ts';
import { navigation } from './navigation.ts';

const SRC = fileURLToPath(new URL('../', import.meta.url));

/** The navigation of the pages that were written last, as JSON. */
export const NAVIGATION_FILE: string = join(SRC, 'generated/navigation.json');

/** Writes the pages and the navigation where Astro reads them; what was there is gone. */
export function writePages(pages: readonly Page[]): void {
  const folder = join(SRC, 'content/docs');
  rmSync(folder, { recursive: true, force: true });
  for (const page of pages) {
    const file = join(folder, `${page.path === '' ? 'index' : page.path}.md`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, pageFile(page));
  }
  mkdirSync(dirname(NAVIGATION_FILE), { recursive: true });
  writeFileSync(NAVIGATION_FILE, JSON.stringify(navigation(pages), undefined, 1));
}

function pageFile({ path, title, description, frontMatter, body }: Page): string {
  const head = [
    `title: ${JSON.stringify(title)}`,
    `description: ${JSON.stringify(description)}`,
    ...(path === '' ? [] : [`slug: ${JSON.stringify(path)}`]),
    ...(frontMatter === undefined ? [] : [frontMatter.replace(/^(\s*link: )\//gm, `$1${base}`)]),
  ];
  return `---\n${head.join('\n')}\n---\n\n${withBase(body)}\n`;
}

/** Puts the base of the site before links that begin with a slash; code is not changed. */
export function withBase(markdown: string, prefix: string = base): string {
  if (prefix === '/') return markdown;
  let fenced = false;
  return markdown
    .split('\n')
    .map((line) => {
      if (/^\s*(`{3,}|~{3,})/.test(line)) fenced = !fenced;
      return fenced ? line : line.replace(/\]\(\/(?!\/)/g, `](${prefix}`);
    })
    .join('\n');
}
