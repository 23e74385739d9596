import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from 'htmlparser2';

/** A link that leads nowhere, or to a host that is not this one where none may be needed. */
export interface BrokenLink {
  /** The file with the link, relative to the site. */
  readonly file: string;
  readonly link: string;
  readonly reason: 'no such file' | 'no such anchor' | 'loaded from another host';
}

interface Document {
  readonly links: readonly string[];
  /** What the browser loads for the page: scripts, styles, images. */
  readonly assets: readonly string[];
  readonly anchors: ReadonlySet<string>;
}

/** The number of checked links, and the findings. */
export interface LinkReport {
  readonly pages: number;
  /** Links within the site, anchors included. */
  readonly links: number;
  readonly broken: readonly BrokenLink[];
}

/**
 * Follows every link of every page of a built site, with its anchor. Links to other hosts are not called, but what a page loads
 * must come from the site itself.
 *
 * @param folder - The site as built.
 * @param base - The path of the site on its host; begins and ends with a slash.
 */
export function checkLinks(folder: string, base = '/'): LinkReport {
  const documents = new Map<string, Document>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.html')) {
      documents.set(name.replaceAll('\\', '/'), readDocument(readFileSync(join(folder, name), 'utf8')));
    }
  }
  const broken: BrokenLink[] = [];
  let links = 0;
  for (const [file, document] of documents) {
    const origin = new URL(`http://site.invalid${base}${file.replace(/index\.html$/, '')}`);
    for (const link of [...document.links, ...document.assets]) {
      const url = new URL(link, origin);
      if (url.protocol !== 'http:' && url.protocol !== 'https:') continue;
      if (url.host !== origin.host) {
        if (document.assets.includes(link)) broken.push({ file, link, reason: 'loaded from another host' });
        continue;
      }
      links += 1;
      const reason = follow(url, folder, base, documents);
      if (reason !== undefined) broken.push({ file, link, reason });
    }
  }
  return { pages: documents.size, links, broken };
}

function follow(
  url: URL,
  folder: string,
  base: string,
  documents: ReadonlyMap<string, Document>,
): BrokenLink['reason'] | undefined {
  const path = decodeURIComponent(url.pathname);
  if (!path.startsWith(base)) return 'no such file';
  const name = path.slice(base.length).replace(/^$|\/$/, (end) => `${end}index.html`);
  const document = documents.get(name);
  if (document === undefined) {
    return statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() ? undefined : 'no such file';
  }
  const anchor = decodeURIComponent(url.hash.slice(1));
  return anchor === '' || document.anchors.has(anchor) ? undefined : 'no such anchor';
}

/** The attributes that name what the browser loads, by element. */
const ASSETS: Readonly<Record<string, string>> = {
  script: 'src',
  img: 'src',
  source: 'src',
  link: 'href',
  iframe: 'src',
};

function readDocument(html: string): Document {
  const links: string[] = [];
  const assets: string[] = [];
  const anchors = new Set<string>();
  const parser = new Parser({
    onopentag(name, attributes) {
      const { id, href } = attributes;
      if (id !== undefined) anchors.add(id);
      if (name === 'a' && href !== undefined) links.push(href);
      const asset = ASSETS[name] === undefined ? undefined : attributes[ASSETS[name]];
      // A canonical address names the page, the browser does not load it.
      if (asset !== undefined && attributes['rel'] !== 'canonical') assets.push(asset);
    },
  });
  parser.end(html);
  return { links, assets, anchors };
}

/** The findings as text, one line each, most of them; the same mistake on many pages is said once. */
export function formatBroken(broken: readonly BrokenLink[]): string {
  const byLink = new Map<string, BrokenLink[]>();
  for (const each of broken) {
    const key = `${each.link}: ${each.reason}`;
    byLink.set(key, [...(byLink.get(key) ?? []), each]);
  }
  return [...byLink]
    .map(
      ([what, where]) =>
        `${what}, in ${where[0]?.file}${where.length > 1 ? ` and ${where.length - 1} more` : ''}`,
    )
    .join('\n');
}
