import { IpsFault } from '@ips-sdk/client';
import type { PendingPublish, PublishPage, PublishRun } from '../api.js';
import { listAssets } from '../assets/list-assets.js';
import type { ConsoleOptions } from '../console-options.js';
import { rowShower } from '../jobs/shown-row.js';
import type { Feed } from '../live/feeds.js';
import { isRefusedLogin } from '../problem.js';
import type { Session } from '../session.js';

/** Runs in the history, and assets in the list. */
const MOST = 50;

/** Contexts, history, and what a publish would take. */
export async function publishPage(
  options: ConsoleOptions,
  session: Session,
  feed: Feed,
): Promise<PublishPage> {
  const { client } = session;
  const { board } = feed;
  const show = rowShower(options, session, board.now);
  const [contexts, active] = await Promise.all([
    unlessRefused(async () => (await client.getPublishContexts({})).publishContextArray),
    unlessRefused(async () => (await client.getActivePublishContexts({})).contextArray),
  ]);
  const runs = [...board.rows.values()].filter(
    ({ type, stage }) => /Publish/.test(type) && stage !== 'scheduled',
  );
  runs.sort((one, other) => Date.parse(other.startDate ?? '') - Date.parse(one.startDate ?? ''));
  const last = runs.find(
    ({ kind, state }) => kind === 'imageServingPublishJob' && (state === 'completed' || state === 'warnings'),
  );
  return {
    contexts: contexts.map((context) => ({ ...context, isActive: active.includes(context.contextType) })),
    history: runs.slice(0, MOST).map(
      (row): PublishRun => ({
        job: show(row),
        ...(row.jobSubType === undefined ? {} : { publishType: row.jobSubType }),
      }),
    ),
    pending: await pendingOf(session, last?.startDate),
    shell: 'ips publish',
    typescript: 'const job = await ips.publish();\nconsole.log((await job.wait()).status);',
  };
}

/** Assets that are marked, the latest changes first: those changed since the last publish are what an incremental one takes. */
async function pendingOf(session: Session, since: string | undefined): Promise<PendingPublish> {
  const { assets, total } = await listAssets(session, {
    includeSubfolders: true,
    publishState: 'MarkedForPublish',
    sort: 'lastModified',
    direction: 'desc',
    page: 1,
    pageSize: MOST,
  });
  const changed =
    since === undefined
      ? assets
      : assets.filter(({ lastModified }) => Date.parse(lastModified ?? '') > Date.parse(since));
  // With the whole page changed, there may be more.
  const isKnown = since === undefined || changed.length < assets.length || assets.length === total;
  return {
    marked: total,
    changed: since === undefined ? total : isKnown ? changed.length : undefined,
    since,
    assets: changed,
  };
}

async function unlessRefused<T>(work: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof IpsFault && !isRefusedLogin(error)) return [];
    throw error;
  }
}
