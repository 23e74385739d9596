import type { TestState } from '../api.js';
import type { ConsoleParts, ConsoleRoutes, SessionRequest } from '../console-parts.js';
import type { OwnAdmin } from '../own/own-admin.js';
import { ConsoleError } from '../problem.js';
import { needed, one, whole } from '../query-string.js';

/** `test`: the test panel, for administrators of a server with the admin API. */
export function testRoutes(routes: ConsoleRoutes, { options, feeds }: ConsoleParts): void {
  const adminFor = ({ session }: SessionRequest): OwnAdmin => {
    const admin = options.own?.admin;
    if (admin === undefined)
      throw new ConsoleError('notFound', 'this server has no admin API; start it with --admin-api');
    if (!session.identity.isIpsAdmin)
      throw new ConsoleError('forbidden', 'the test panel is for administrators');
    return admin;
  };
  const stateOf = async (admin: OwnAdmin): Promise<TestState> => ({ ...(await admin.state()), shell: SHELL });

  routes.get('test', async (given) => stateOf(adminFor(given)));

  routes.post<{ readonly advance?: unknown; readonly now?: unknown }>(
    'test/clock',
    async (given, { advance, now }) => {
      const admin = adminFor(given);
      if (now !== undefined) {
        const time = new Date(typeof now === 'string' ? now : Number.NaN);
        if (Number.isNaN(time.getTime())) throw new ConsoleError('input', 'now: expected an ISO 8601 time');
        await said(() => admin.setTime(time));
      } else if (typeof advance === 'number' && advance >= 0 && advance <= 100 * 366 * 86_400_000)
        await said(() => admin.advance(advance));
      else throw new ConsoleError('input', 'expected advance in milliseconds, or now as an ISO 8601 time');
      await (await given.feed()).live.poke();
      return stateOf(admin);
    },
  );

  routes.post<object>('test/chaos', async (given, body) => {
    const admin = adminFor(given);
    await said(async () => admin.chaos(body));
    return stateOf(admin);
  });

  routes.post<{ readonly seed?: unknown }>('test/seed', async (given, { seed }) => {
    const admin = adminFor(given);
    await said(() => admin.seed(seed));
    return stateOf(admin);
  });

  routes.post<{ readonly confirm?: unknown }>('test/reset', async (given, { confirm }) => {
    const admin = adminFor(given);
    if (confirm !== 'reset') throw new ConsoleError('input', 'confirm: expected the word reset');
    await admin.reset();
    feeds.forget();
    return stateOf(admin);
  });

  const pageOf = ({ query }: SessionRequest) => ({
    page: whole(query, 'page', 1, 1, 1_000_000),
    pageSize: whole(query, 'pageSize', 50, 1, 200),
  });
  routes.get('test/mails', async (given) => adminFor(given).mails(pageOf(given)));
  routes.get('test/notifications', async (given) => adminFor(given).notifications(pageOf(given)));
  routes.get('test/journal', async (given) =>
    adminFor(given).journal(pageOf(given), one(given.query, 'operation')),
  );
  routes.get('test/journal/entry', async (given) => {
    const entry = adminFor(given).journalEntry(needed(given.query, 'id'));
    if (entry === undefined) throw new ConsoleError('notFound', 'the journal no longer has this call');
    return entry;
  });
}

/** The same from a shell. */
const SHELL: readonly string[] = [
  `curl -X POST "$SERVER/admin/clock" --json '{"advance":3600000}'`,
  `curl -X POST "$SERVER/admin/chaos" --json '{"fault":0.1}'`,
];

/** What is wrong with an input, in the words of the action: the admin API answers them as well. */
async function said(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new ConsoleError('input', (error as Error).message, { cause: error });
  }
}
