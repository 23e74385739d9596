import { createRootRoute } from '@tanstack/react-router';
import { AppShell } from '../shell/app-shell.tsx';
import { NotFoundPage } from './not-found-page.tsx';

/** What every page stands in. */
export const root = createRootRoute({ component: AppShell, notFoundComponent: NotFoundPage });
