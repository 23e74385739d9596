import { createRootRoute } from '@tanstack/react-router';
import { AppShell } from '../shell/app-shell.tsx';
import { NotFoundPage } from './not-found-page.tsx';

/** The frame of every page. */
export const root = createRootRoute({ component: AppShell, notFoundComponent: NotFoundPage });
