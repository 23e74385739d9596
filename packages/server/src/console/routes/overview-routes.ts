import type { ConsoleParts, ConsoleRoutes } from '../console-parts.js';
import { overviewPage } from '../overview/overview-page.js';
import { publishPage } from '../overview/publish-page.js';

/** `overview` and `publish`. */
export function overviewRoutes(routes: ConsoleRoutes, { options }: ConsoleParts): void {
  routes.get('overview', async (given) => overviewPage(options, given.session, await given.feed()));
  routes.get('publish', async (given) => publishPage(options, given.session, await given.feed()));
}
