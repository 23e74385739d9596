import navigation from 'virtual:navigation';
import { defineRouteMiddleware, type StarlightRouteData } from '@astrojs/starlight/route-data';
import { address } from './base.ts';
import type { NavigationEntry } from './navigation.ts';

type SidebarEntry = StarlightRouteData['sidebar'][number];
type SidebarLink = Extract<SidebarEntry, { type: 'link' }>;

/** Gives each page the part of the navigation that belongs to it. */
export const onRequest = defineRouteMiddleware((context) => {
  const route = context.locals.starlightRoute;
  const current = route.id;
  route.sidebar = navigation.map((entry) => sidebarEntry(entry, current));
  const guides = route.sidebar[0];
  const links =
    guides?.type === 'group'
      ? guides.entries.filter((entry): entry is SidebarLink => entry.type === 'link')
      : [];
  const at = links.findIndex(({ isCurrent }) => isCurrent);
  // Only guides are read one after the other.
  route.pagination =
    at < 0 ? { prev: undefined, next: undefined } : { prev: links[at - 1], next: links[at + 1] };
});

function sidebarEntry(entry: NavigationEntry, current: string): SidebarEntry {
  if ('path' in entry) return sidebarLink(entry.label, entry.path, current);
  if (entry.within !== undefined && !entry.within.pages.includes(current)) {
    return sidebarLink(entry.label, entry.within.path, current);
  }
  return {
    type: 'group',
    label: entry.label,
    entries: entry.entries.map((each) => sidebarEntry(each, current)),
    collapsed: false,
    badge: undefined,
  };
}

function sidebarLink(label: string, path: string, current: string): SidebarLink {
  return {
    type: 'link',
    label,
    href: address(path),
    isCurrent: path === current,
    badge: undefined,
    attrs: {},
  };
}
