import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readAssetsSearch } from '../assets/assets-search.ts';
import { readSubmitSearch } from '../submit/submit-search.ts';
import { readTestSearch } from '../test-panel/test-search.ts';
import { root } from './root-route.ts';
import { searchBy, textOf, withoutAbsent } from './search.ts';

const submit = createRoute({
  getParentRoute: () => root,
  path: '/submit',
  validateSearch: searchBy(readSubmitSearch),
  component: lazyRouteComponent(() => import('../submit/submit-page.tsx'), 'SubmitPage'),
});

const schedules = createRoute({
  getParentRoute: () => root,
  path: '/schedules',
  component: lazyRouteComponent(() => import('../schedules/schedules-page.tsx'), 'SchedulesPage'),
});

const assets = createRoute({
  getParentRoute: () => root,
  path: '/assets',
  validateSearch: searchBy(readAssetsSearch),
  component: lazyRouteComponent(() => import('../assets/assets-page.tsx'), 'AssetsPage'),
});

const asset = createRoute({
  getParentRoute: () => root,
  path: '/assets/asset',
  validateSearch: searchBy((search): { handle?: string } =>
    withoutAbsent({ handle: textOf(search['handle']) }),
  ),
  component: lazyRouteComponent(() => import('../assets/asset-page.tsx'), 'AssetPage'),
});

const publish = createRoute({
  getParentRoute: () => root,
  path: '/publish',
  component: lazyRouteComponent(() => import('../publish/publish-page.tsx'), 'PublishPage'),
});

const overview = createRoute({
  getParentRoute: () => root,
  path: '/overview',
  component: lazyRouteComponent(() => import('../overview/overview-page.tsx'), 'OverviewPage'),
});

const test = createRoute({
  getParentRoute: () => root,
  path: '/test',
  validateSearch: searchBy(readTestSearch),
  component: lazyRouteComponent(() => import('../test-panel/test-page.tsx'), 'TestPage'),
});

/** The pages whose scripts are loaded when they are opened. */
export const pageRoutes = [submit, schedules, assets, asset, publish, overview, test] as const;
