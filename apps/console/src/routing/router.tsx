import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { JobsPage } from '../jobs/jobs-page.tsx';
import { readJobsSearch } from '../jobs/jobs-search.ts';
import { CrashPage } from './crash-page.tsx';
import { pageRoutes } from './page-routes.ts';
import { root } from './root-route.ts';
import { parseSearch, searchBy, stringifySearch, textOf, withoutAbsent } from './search.ts';

const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/jobs' });
  },
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  validateSearch: searchBy(readJobsSearch),
  component: JobsPage,
});

const job = createRoute({
  getParentRoute: () => root,
  path: '/jobs/job',
  validateSearch: searchBy((search): { handle?: string; row?: string } =>
    withoutAbsent({ handle: textOf(search['handle']), row: textOf(search['row']) }),
  ),
  component: lazyRouteComponent(() => import('../job/job-page.tsx'), 'JobPage'),
});

const routeTree = root.addChildren([index, jobs, job, ...pageRoutes]);

export function createConsoleRouter() {
  return createRouter({
    routeTree,
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultErrorComponent: CrashPage,
    // Lists scroll inside the page, and keep their place themselves.
    scrollRestoration: false,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
