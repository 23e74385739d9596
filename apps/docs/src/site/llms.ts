import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page, Section } from '../page.ts';
import { plain } from '../reference/markdown.ts';
import { base } from './base.ts';
import { guideOrder } from './navigation.ts';
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
    const lines = guideOrder(pages)
      .filter((page) => page.section === section)
      .map(({ title, path, description }) => `- [${title}](${base}${path}.md): ${description}`);
    return `## ${heading}\n\n${lines.join('\n')}`;
  });
  return `# ${home?.title}\n\n> ${home?.description}\n\nAll pages in one file: [llms-full.txt](${base}llms-full.txt)\n\n${sections.join('\n\n')}\n`;
}

/** The page as plain Markdown: what only serves the browser is taken out, or said in words. */
export function markdownOf({ title, description, body }: Page): string {
  const text = body
    .replace(/<div[^>]*>\n\n|\n\n<\/div>/g, '')
    .replace(/<span[^>]*>([^<]*)<\/span>/g, '$1')
    .replace(/<code id="[^"]*">([^<]*)<\/code>/g, '`$1`')
    .replace(/<a id="[^"]*"><\/a> /g, '')
    .replace(/<details>\n<summary>(.*?)<\/summary>/g, '$1:')
    .replace(/\n\n<\/details>/g, '')
    .replace(
      /^:::(\w+)(?:\[(.*)\])?\n(.*?)\n:::$/gms,
      (_, kind: string, label: string | undefined, note: string) => `> ${label ?? kind}: ${note}`,
    )
    .replace(/^(`{3,})(\w+) title="([^"]*)"$/gm, '$3:\n\n$1$2')
    .replace(/^(`{3,}\w+) .*$/gm, '$1');
  // The description of many pages is their first sentence.
  const lead = plain(text).startsWith(description) ? [] : [description];
  return `${[`# ${title}`, ...lead, text].join('\n\n')}\n`;
}
