import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishedPackages } from '../packages/package-list.ts';
import { type Page, type Section, sections } from '../page.ts';
import { discrepancyDocument, linkFirstCells } from '../reference/discrepancies.ts';
import { firstSentence, plain } from '../reference/markdown.ts';
import { repositoryLinks } from './repository-links.ts';

const FOLDER = fileURLToPath(new URL('../../content/', import.meta.url));
const DOCUMENTS = fileURLToPath(new URL('../../../../docs/', import.meta.url));

/** Documents for users; those for contributors, in capitals or on style, are not part of the site. */
const FOR_USERS = /^(?!style\.)[a-z][\w-]*\.md$/;

/** The pages that people wrote for the site, and the documents of the repository. */
export function contentPages(): Page[] {
  const written = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => readPage(join(FOLDER, name)));
  const documents = readdirSync(DOCUMENTS)
    .filter((name) => FOR_USERS.test(name))
    .sort()
    .map((name) => documentPage(name));
  return [...written, ...documents];
}

/** A document of the repository: its heading is the title, its first sentence the description. */
function documentPage(name: string): Page {
  const path = `reference/${name.replace(/\.md$/, '')}`;
  const [, title, text = ''] =
    /^(?:\s*<!--.*?-->\s*)?# (.+?)\n(.*)$/s.exec(readFileSync(join(DOCUMENTS, name), 'utf8')) ?? [];
  if (title === undefined) throw new Error(`docs/${name}: expected a heading at the beginning`);
  const packages = new Set(publishedPackages().map(({ shortName }) => shortName));
  const [paragraph = title] = text.trim().split('\n\n');
  return {
    path,
    title,
    description: firstSentence(plain(paragraph.replace(/\s+/g, ' '))),
    section: 'reference',
    body:
      name === 'discrepancies.md'
        ? discrepancyDocument()
        : linkFirstCells(repositoryLinks(text.trim(), 'docs', packages)),
  };
}

/** A Markdown file with front matter: `title` and `description` are required, other lines are Starlight's. */
function readPage(file: string): Page {
  const [, head, body] = /^---\n(.*?)\n---\n(.*)$/s.exec(readFileSync(file, 'utf8')) ?? [];
  if (head === undefined || body === undefined)
    throw new Error(`${file}: expected front matter between two lines ---`);
  const own = new Map<string, string>();
  const rest: string[] = [];
  for (const line of head.split('\n')) {
    const [, key, value] = /^(title|description): (.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) own.set(key, value);
    else rest.push(line);
  }
  const path = relative(FOLDER, file)
    .replaceAll('\\', '/')
    .replace(/\.md$/, '')
    .replace(/(^|\/)index$/, '');
  const [section] = path.split('/');
  return {
    path,
    title: required(own, 'title', file),
    description: required(own, 'description', file),
    section: section !== undefined && isSection(section) ? section : 'home',
    body: body.trim(),
    ...(rest.length === 0 ? {} : { frontMatter: rest.join('\n') }),
  };
}

function isSection(name: string): name is Section {
  return (sections as readonly string[]).includes(name);
}

function required(own: ReadonlyMap<string, string>, key: string, file: string): string {
  const value = own.get(key);
  if (value === undefined) throw new Error(`${file}: the front matter has no ${key}`);
  return value;
}
