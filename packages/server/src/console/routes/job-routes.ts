import type {
  JobActionRequest,
  JobAssetsPage,
  JobFacets,
  JobSort,
  JobStage,
  JobsPage,
  JobVerdictState,
  LogQuery,
} from '../api.js';
import type { ConsoleParts, ConsoleRoutes, SessionRequest } from '../console-parts.js';
import { actOnJobs } from '../jobs/job-actions.js';
import { jobPage, rowOf } from '../jobs/job-page.js';
import { jobXml } from '../jobs/job-xml.js';
import { logCsv, logPage, selectRows } from '../jobs/log-page.js';
import { type CompleteQuery, facetsOf, queryJobs } from '../jobs/query-jobs.js';
import { rowShower } from '../jobs/shown-row.js';
import { throughputOf } from '../jobs/throughput.js';
import { toJson } from '../json.js';
import { many, moment, needed, one, type Query, whole, word, words } from '../query-string.js';
import { shellLine } from '../shell-text.js';

const STAGES: readonly JobStage[] = ['scheduled', 'active', 'completed'];
const STATES: readonly JobVerdictState[] = [
  'scheduled',
  'paused',
  'scheduleError',
  'waiting',
  'running',
  'stopping',
  'completed',
  'warnings',
  'failed',
  'fatal',
  'stopped',
];
const SORTS: readonly JobSort[] = [
  'name',
  'state',
  'type',
  'destination',
  'started',
  'duration',
  'total',
  'warnings',
  'errors',
  'server',
  'user',
];

/** `jobs` and `job`: the list, one job, and actions. */
export function jobRoutes(routes: ConsoleRoutes, { options }: ConsoleParts): void {
  routes.get('jobs', async (given): Promise<JobsPage> => {
    const query = jobsQueryOf(given.query);
    const feed = await given.feed();
    const { board } = feed;
    const { session } = given;
    if (query.from !== undefined) await board.reach(Date.parse(query.from));
    const { rows, ...found } = queryJobs(board.rows.values(), query, session.user.email, board.now);
    return {
      ...found,
      rows: rows.map(rowShower(options, session, board.now)),
      page: query.page,
      pageSize: query.pageSize,
      from: new Date(board.from).toISOString(),
      at: new Date(board.at).toISOString(),
      shell: listCommand(query),
    };
  });

  routes.get(
    'jobs/facets',
    async (given): Promise<JobFacets> => facetsOf((await given.feed()).board.rows.values()),
  );

  routes.get('job', async (given) =>
    jobPage(options, given.session, await given.feed(), needed(given.query, 'handle')),
  );

  routes.get('job/log', async (given) => {
    const query = logQueryOf(given.query);
    const feed = await given.feed();
    const page = whole(given.query, 'page', 1, 1, 1_000_000);
    const pageSize = whole(given.query, 'pageSize', 200, 1, 1000);
    return logPage(await feed.logs.read(rowOf(feed, query.handle).handle), { ...query, page, pageSize });
  });

  routes.get('job/log/file', async (given) => {
    const query = logQueryOf(given.query);
    const format = word(given.query, 'format', ['csv', 'json']) ?? 'csv';
    const feed = await given.feed();
    const row = rowOf(feed, query.handle);
    const rows = selectRows(await feed.logs.read(row.handle), { order: 'oldest', ...query });
    const [type, text] =
      format === 'csv'
        ? ['text/csv; charset=utf-8', logCsv(rows)]
        : ['application/json; charset=utf-8', toJson(rows)];
    const name = `${row.name.replace(/[^\w .-]+/g, '_').slice(0, 100)}.${format}`;
    await given.reply
      .type(type)
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(Buffer.from(text));
    return undefined;
  });

  routes.get('job/assets', async (given) => jobAssets(given));

  routes.get('job/xml', async (given) =>
    jobXml(given.session, await given.feed(), needed(given.query, 'handle')),
  );

  routes.get('job/throughput', async (given) =>
    throughputOf(await given.feed(), needed(given.query, 'handle')),
  );

  routes.post<JobActionRequest>('job/actions', async (given, body) =>
    actOnJobs(given.session, await given.feed(), body),
  );
}

async function jobAssets(given: SessionRequest): Promise<JobAssetsPage> {
  const page = whole(given.query, 'page', 1, 1, 1_000_000);
  const pageSize = whole(given.query, 'pageSize', 24, 1, 200);
  const feed = await given.feed();
  const { rows } = await feed.logs.read(rowOf(feed, needed(given.query, 'handle')).handle);
  const assets = new Map<string, JobAssetsPage['assets'][number]>();
  // The latest first, each once.
  for (const { assetHandle, assetName, assetType } of rows.toReversed()) {
    if (assetHandle === undefined || assets.has(assetHandle)) continue;
    const thumbnail = `/console/api/asset/image?handle=${encodeURIComponent(assetHandle)}`;
    assets.set(assetHandle, {
      assetHandle,
      name: assetName ?? assetHandle,
      ...(assetType === undefined ? {} : { assetType }),
      thumbnail,
    });
  }
  const all = [...assets.values()];
  return { assets: all.slice((page - 1) * pageSize, page * pageSize), page, pageSize, total: all.length };
}

function jobsQueryOf(query: Query): CompleteQuery {
  return {
    stage: word(query, 'stage', STAGES),
    state: words(query, 'state', STATES),
    type: many(query, 'type'),
    user: many(query, 'user'),
    server: many(query, 'server'),
    text: one(query, 'text'),
    from: moment(query, 'from'),
    to: moment(query, 'to'),
    sort: word(query, 'sort', SORTS),
    direction: word(query, 'direction', ['asc', 'desc']),
    page: whole(query, 'page', 1, 1, 1_000_000),
    pageSize: whole(query, 'pageSize', 100, 1, 500),
  };
}

function logQueryOf(query: Query): LogQuery {
  return {
    handle: needed(query, 'handle'),
    level: word(query, 'level', ['errors', 'warnings', 'other']),
    logType: many(query, 'logType'),
    text: one(query, 'text'),
    order: word(query, 'order', ['errorsFirst', 'oldest', 'latest']),
    row: one(query, 'row'),
  };
}

function listCommand({ stage, from, user }: CompleteQuery): string {
  return shellLine(
    'ips',
    'job',
    'list',
    ...(stage === undefined ? [] : ['--only', stage]),
    '--since',
    from ?? '7d',
    ...(user?.length === 1 && user[0] === 'me' ? ['--mine'] : []),
  );
}
