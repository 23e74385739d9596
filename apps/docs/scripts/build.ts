// Builds the site into dist: writes the generated pages, runs Astro, adds the Markdown for language models, then checks every link
// of what came out.
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'astro';
import { checkLinks, formatBroken } from '../src/check/links.ts';
import { base } from '../src/site/base.ts';
import { writeLlms } from '../src/site/llms.ts';
import { allPages } from '../src/site/pages.ts';
import { writePages } from '../src/site/write-pages.ts';

process.env['ASTRO_TELEMETRY_DISABLED'] = '1';
const root = fileURLToPath(new URL('../', import.meta.url));
const dist = fileURLToPath(new URL('../dist/', import.meta.url));

const pages = await allPages();
writePages(pages);
await build({ root, logLevel: 'warn' });
// The pictures of docs/image-serving.md.
cpSync(
  new URL('../../../docs/image-serving/', import.meta.url),
  new URL('../dist/pictures/image-serving/', import.meta.url),
  {
    recursive: true,
  },
);
writeLlms(pages, dist);

const { pages: checked, links, broken } = checkLinks(dist, base);
if (broken.length > 0) {
  console.error(`${broken.length} broken links:\n${formatBroken(broken)}`);
  process.exitCode = 1;
} else {
  console.log(`${checked} pages in apps/docs/dist, ${links} links, none broken`);
}
