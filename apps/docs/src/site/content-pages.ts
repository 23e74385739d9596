import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Page, type Section, sections } from '../page.ts';
import { discrepancyDocument } from '../reference/discrepancies.ts';

const FOLDER = fileURLToPath(new URL('../../content/', import.meta.url));

/** The pages that people wrote, and the table of differences. */
export function contentPages(): Page[] {
  const written = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => readPage(join(FOLDER, name)));
  return [
    ...written,
    {
      path: 'reference/discrepancies',
      title: 'Where documentation and wire differ',
      description:
        "The places where the service's documentation and its WSDL disagree, and what this toolkit does about each.",
      section: 'reference',
      body: discrepancyDocument(),
    },
  ];
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
