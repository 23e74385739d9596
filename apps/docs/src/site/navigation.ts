import type { Page } from '../page.ts';

/** A page in the navigation. */
export interface NavigationLink {
  readonly label: string;
  readonly path: string;
}

/** A heading of the navigation with what stands below it. */
export interface NavigationGroup {
  readonly label: string;
  readonly entries: readonly NavigationEntry[];
  /** The group is shown with its entries on pages of these addresses only; elsewhere it is one link. */
  readonly within?: { readonly path: string; readonly pages: readonly string[] };
}

export type NavigationEntry = NavigationLink | NavigationGroup;

const GUIDES = [
  'guides/getting-started',
  'guides/jobs',
  'guides/from-crontab',
  'guides/uploads',
  'guides/smart-crops',
  'guides/permissions',
  'guides/faults',
  'guides/test-without-the-service',
  'guides/local-server',
  'guides/console',
  'guides/in-ci',
  'guides/behind-a-proxy',
  'guides/move-a-company',
  'guides/check-your-company',
  'guides/from-soap',
  'guides/from-zeep',
  'guides/from-java',
];

/** The pages with the guides in the order in which they are to be read; one that is not in the list comes first. */
export function guideOrder(pages: readonly Page[]): Page[] {
  const place = ({ path, section }: Page): number => (section === 'guides' ? GUIDES.indexOf(path) : 0);
  return [...pages].sort((a, b) => place(a) - place(b));
}

/**
 * The navigation of the site. The areas of the API and the packages unfold only on their own pages. Otherwise every page would
 * link the 386 pages of operations and types.
 */
export function navigation(pages: readonly Page[]): NavigationGroup[] {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const link = (path: string, label?: string): NavigationLink[] => {
    const page = byPath.get(path);
    return page === undefined ? [] : [{ label: label ?? page.title, path }];
  };
  const guides = guideOrder(pages).filter(({ section }) => section === 'guides');
  const areas = pages.filter(({ path }) => path.startsWith('api/areas/'));
  const packages = pages.filter(({ path }) => /^packages\/[^/]+$/.test(path));
  return [
    { label: 'Guides', entries: guides.map(({ title, path }) => ({ label: title, path })) },
    {
      label: 'API reference',
      entries: [
        ...link('api', 'Overview'),
        ...link('api/operations'),
        ...link('api/types'),
        ...link('api/constants'),
        ...link('api/formats'),
        ...link('api/faults'),
        ...link('api/roles'),
        ...areas.map((area) => areaGroup(area, pages)),
      ],
    },
    {
      label: 'Packages',
      entries: [...link('packages', 'Overview'), ...packages.map((page) => packageEntry(page, pages))],
    },
    {
      label: 'More',
      entries: [
        ...link('reference/glossary'),
        ...pages
          .filter(({ section, path }) => section === 'reference' && path !== 'reference/glossary')
          .map(({ title, path }) => ({ label: title, path })),
      ],
    },
  ];
}

function areaGroup(area: Page, pages: readonly Page[]): NavigationGroup {
  const members = pages.filter(({ group, path }) => group === area.group && path !== area.path);
  const below = (prefix: string): NavigationLink[] =>
    members.filter(({ path }) => path.startsWith(prefix)).map(({ title, path }) => ({ label: title, path }));
  return {
    label: area.title,
    entries: [
      { label: 'Overview', path: area.path },
      ...[
        { label: 'Operations', entries: below('api/operations/') },
        { label: 'Types', entries: below('api/types/') },
      ].filter(({ entries }) => entries.length > 0),
    ],
    within: { path: area.path, pages: [area.path, ...members.map(({ path }) => path)] },
  };
}

function packageEntry(page: Page, pages: readonly Page[]): NavigationEntry {
  const members = pages.filter(({ group, path }) => group === page.group && path !== page.path);
  if (members.length === 0) return { label: page.title, path: page.path };
  return {
    label: page.title,
    entries: [
      { label: 'Overview', path: page.path },
      ...members.map(({ title, path }) => ({ label: title, path })),
    ],
    within: { path: page.path, pages: [page.path, ...members.map(({ path }) => path)] },
  };
}
