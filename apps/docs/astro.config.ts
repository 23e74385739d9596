import { readFileSync } from 'node:fs';
import starlight from '@astrojs/starlight';
import { defineConfig } from 'astro/config';
import { base } from './src/site/base.ts';
import { searchRanking } from './src/site/search-ranking.ts';
import { NAVIGATION_FILE } from './src/site/write-pages.ts';

const site = process.env['DOCS_SITE'];

export default defineConfig({
  base,
  ...(site === undefined ? {} : { site }),
  trailingSlash: 'always',
  integrations: [
    starlight({
      title: 'IPS SDK',
      description:
        'A TypeScript toolkit for the Image Production System (IPS) API of Adobe Dynamic Media Classic.',
      // Set for each page by the middleware.
      sidebar: [],
      routeMiddleware: './src/site/sidebar.ts',
      customCss: ['./src/site/site.css'],
      tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 3 },
      pagefind: { ranking: searchRanking },
      // A frame without a title is an empty bar. Blocks with a title set the frame themselves.
      expressiveCode: {
        defaultProps: { overridesByLang: { 'sh,bash,shell,powershell,console': { frame: 'none' } } },
      },
      // The site has its own page.
      disable404Route: true,
    }),
  ],
  vite: {
    plugins: [
      {
        name: 'navigation',
        resolveId: (id) => (id === 'virtual:navigation' ? '\0navigation' : undefined),
        load: (id) =>
          id === '\0navigation' ? `export default ${readFileSync(NAVIGATION_FILE, 'utf8')}` : undefined,
      },
    ],
  },
});
