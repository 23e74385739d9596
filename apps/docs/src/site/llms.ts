import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page, Section } from '../page.ts';
import { base } from './base.ts';
import { withBase } from './write-pages.ts';

const HEADINGS: Readonly<Record<Exclude<Section, 'home'>, string>> = {
  guides: 'Guides',
  api: 'API reference',
  packages: 'Packages',
  reference: 'More',
};

/**
 * Writes the site once more as Markdown for language models: each page beside its HTML as `PATH.md`, the list of them in
 * `llms.txt`, and all of them in `llms-full.txt`.
 */
export function writeLlms(pages: readonly Page[], folder: string): void {
  const documents = pages
    .filter(({ path }) => path !== '404')
    .map((page) => ({ page, markdown: markdownOf(page) }));
  for (const { page, markdown } of documents) {
    const file = join(folder, `${page.path === '' ? 'index' : page.path}.md`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, withBase(markdown));
  }
  writeFileSync(join(folder, 'llms.txt'), llmsText(pages));
  writeFileSync(join(folder, 'llms-full.txt'), documents.map(({ markdown }) => markdown).join('\n\n'));
}

function llmsText(pages: readonly Page[]): string {
  const home = pages.find(({ path }) => path === '');
  const sections = Object.entries(HEADINGS).map(([section, heading]) => {
    const lines = pages
      .filter((page) => page.section === section)
      .map(({ title, path, description }) => `- [${title}](${base}${path}.md): ${description}`);
    return `## ${heading}\n\n${lines.join('\n')}`;
  });
  return `# ${home?.title}\n\n> ${home?.description}\n\nAll pages in one file: [llms-full.txt](${base}llms-full.txt)\n\n${sections.join('\n\n')}\n`;
}

/** The page as plain Markdown: what only serves the browser is taken out. */
export function markdownOf({ title, description, body }: Page): string {
  const plain = body
    .replace(/<div[^>]*>\n\n|\n\n<\/div>/g, '')
    .replace(/<code id="[^"]*">([^<]*)<\/code>/g, '`$1`')
    .replace(/<details>\n<summary>(.*?)<\/summary>\n\n|\n\n<\/details>/g, '')
    .replace(
      /^:::(\w+)(?:\[(.*)\])?\n(.*?)\n:::$/gms,
      (_, kind: string, label: string | undefined, text: string) => `> ${label ?? kind}: ${text}`,
    )
    .replace(/^```(\w+) .*$/gm, '```$1');
  return `# ${title}\n\n${description}\n\n${plain}\n`;
}
