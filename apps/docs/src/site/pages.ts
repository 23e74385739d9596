import { packagePages } from '../packages/package-pages.ts';
import type { Page } from '../page.ts';
import { apiPages } from '../reference/pages.ts';
import { contentPages } from './content-pages.ts';

/** All pages of the site. */
export async function allPages(): Promise<Page[]> {
  return [...contentPages(), ...apiPages(), ...(await packagePages())];
}
