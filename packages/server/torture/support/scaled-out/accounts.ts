// The accounts at the end: every job, file, log row, counter and notification, exactly once.
import { createHash, createHmac } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type Fleet, type Life, SECRET } from './fleet.ts';
import type { Observer } from './observer.ts';
import { type Outside, pictureOf } from './outside.ts';
import { followName, type Work } from './work.ts';

export interface Accounts {
  readonly works: readonly Work[];
  readonly fleet: Fleet;
  readonly observer: Observer;
  readonly outside: Outside;
  /** When processes were killed, which excuses a second delivery of a notification that was being delivered. */
  readonly kills: readonly number[];
  readonly dataDir: string;
}

interface Run {
  readonly id: number;
  readonly company_id: number;
  readonly original_name: string;
  readonly name: string;
  readonly state: string;
  readonly server_name: string;
  readonly end_date: Date | null;
  readonly counters: Readonly<Record<string, number>>;
  readonly fatal_error: boolean;
  readonly log_type: string;
}

interface Row {
  readonly run_id: number;
  readonly log_type: string;
  readonly message: string;
}

/** Milliseconds that the clocks of two observers of one event may show apart, and an answer may take. */
const SLACK = 2000;

/** The rows of a log by the type of its first one: of its end, and of each success. */
const LOGS: Readonly<Record<string, { readonly end: string; readonly successes: readonly string[] }>> = {
  BeginUpload: { end: 'EndUpload', successes: ['UploadSuccess', 'FileUpdated'] },
  BeginUploadUrls: { end: 'EndUploadUrls', successes: ['UploadSuccess', 'FileUpdated'] },
  BeginPdfRip: { end: 'EndUpload', successes: ['UploadSuccess'] },
  BeginGet: { end: 'EndGet', successes: ['ReturnSuccess'] },
  BeginReoptimize: { end: 'endReoptimize', successes: ['ReoptimizeSuccess'] },
  BeginImageServingPublish: { end: 'EndImageServingPublish', successes: ['ImageServingPublishSuccess'] },
};

/** What is wrong; empty if nothing is. */
export async function problemsOf(accounts: Accounts): Promise<string[]> {
  return [
    ...(await problemsOfRuns(accounts)),
    ...(await problemsOfNotifications(accounts)),
    ...(await problemsOfFiles(accounts)),
    ...(await problemsOfRests(accounts)),
  ];
}

async function problemsOfRuns({ works, fleet, observer }: Accounts): Promise<string[]> {
  const wrong: string[] = [];
  const runs = await observer.rows<Run>(
    `select id, company_id, original_name, name, state, server_name, end_date, counters, fatal_error, log_type from runs`,
  );
  const rows = Map.groupBy(
    await observer.rows<Row>('select run_id, log_type, message from log_rows order by id'),
    ({ run_id }) => run_id,
  );
  const lives = new Map(fleet.lives.map((life) => [life.name, life]));
  const named = Map.groupBy(runs, ({ company_id, original_name }) => `${company_id} ${original_name}`);
  for (const { customer, name, counts, follows } of works) {
    for (const each of follows ? [name, followName(name)] : [name]) {
      const found = named.get(`${customer.id} ${each}`) ?? [];
      if (found.length !== 1) wrong.push(`${each}: ${found.length} runs`);
      const [run] = found;
      if (run === undefined) continue;
      const expected = each === name ? counts : undefined;
      if (expected !== undefined)
        for (const [what, count] of Object.entries({
          ...expected,
          total: expected.success + expected.error,
        }))
          if (run.counters[what] !== count)
            wrong.push(`${each}: ${what} is ${run.counters[what]}, expected ${count}`);
    }
  }
  for (const run of runs) wrong.push(...problemsOfRun(run, rows.get(run.id) ?? [], lives));
  return wrong;
}

function problemsOfRun(run: Run, rows: readonly Row[], lives: ReadonlyMap<string, Life>): string[] {
  const wrong: string[] = [];
  const say = (text: string): void => void wrong.push(`${run.name}: ${text}`);
  const of = (...types: readonly string[]): Row[] => rows.filter(({ log_type }) => types.includes(log_type));
  const { end = '', successes = [] } = LOGS[run.log_type] ?? {};
  if (run.state !== 'Done') say(`is ${run.state}`);
  if (run.fatal_error) say(`failed: ${of('FatalError').map(({ message }) => message)}`);
  for (const [what, types] of Object.entries({
    beginnings: [run.log_type],
    'original names': ['OriginalJobName'],
    types: ['JobType'],
    ends: [end],
  }))
    if (of(...types).length !== 1) say(`${of(...types).length} ${what}`);
  if (rows.at(-1)?.log_type !== end) say(`its log ends with ${rows.at(-1)?.log_type}`);
  const { success = 0, update = 0, warning = 0, duplicate = 0, error = 0, total = 0 } = run.counters;
  if (success + update + warning + duplicate + error !== total)
    say(`the counters do not add up: ${JSON.stringify(run.counters)}`);
  if (of('TotalFileCount').length > 1) say(`${of('TotalFileCount').length} rows with the number of files`);
  // A link to an archive and assets that were made of pages have rows, but are not files of the job.
  const own = of(...successes).filter(({ message }) => !/^https?:|was created from/.test(message));
  if (own.length !== success + update + warning)
    say(`${own.length} rows of success, counted ${success + update + warning}`);
  if (new Set(own.map(({ message }) => message)).size !== own.length) say('a row of success is there twice');
  wrong.push(...problemsOfWorkers(run, rows, lives));
  return wrong;
}

/** The processes that a log names lived, and those that were said to be lost were killed. */
function problemsOfWorkers(run: Run, rows: readonly Row[], lives: ReadonlyMap<string, Life>): string[] {
  const wrong: string[] = [];
  const clients = rows.filter(({ log_type }) => log_type === 'JobClient').map(({ message }) => message);
  for (const client of clients)
    if (!lives.has(client)) wrong.push(`${run.name}: its log names ${client}, which never lived`);
  if (clients.at(-1) !== run.server_name)
    wrong.push(`${run.name}: serverName is ${run.server_name}, its log names ${clients.at(-1)} last`);
  const last = lives.get(run.server_name);
  const end = run.end_date?.getTime() ?? 0;
  if (last?.role !== 'worker') wrong.push(`${run.name}: ${run.server_name} is not a worker`);
  else if (end < last.began || end > (last.ended ?? Number.POSITIVE_INFINITY) + SLACK)
    wrong.push(`${run.name}: ${run.server_name} did not live when the run ended`);
  for (const { message } of rows) {
    const lost = /^The worker (\S+) was lost/.exec(message)?.[1];
    if (lost !== undefined && lives.get(lost)?.ending !== 'killed')
      wrong.push(`${run.name}: ${lost} was not killed, but the log says that it was lost`);
  }
  return wrong;
}

async function problemsOfNotifications(accounts: Accounts): Promise<string[]> {
  const { works, observer, outside, kills } = accounts;
  const wrong: string[] = [];
  const notices = Map.groupBy(outside.notices, ({ job }) => job);
  const expected = works.flatMap(({ name, notices: count, follows }) => [
    ...(count > 0 ? [name] : []),
    ...(follows ? [followName(name)] : []),
  ]);
  for (const job of expected) {
    const [first, ...again] = notices.get(job) ?? [];
    notices.delete(job);
    if (first === undefined) wrong.push(`${job}: no notice`);
    const signature = createHmac('sha256', SECRET)
      .update(first?.body ?? '')
      .digest('hex');
    if (first !== undefined && first.signature !== `sha256=${signature}`)
      wrong.push(`${job}: another signature than that of the secret`);
    for (const each of again) {
      if (each.body !== first?.body || each.signature !== first.signature)
        wrong.push(`${job}: two different notices`);
      const excused = kills.some((at) => at > (first?.at ?? 0) - SLACK && at < each.at);
      if (!excused) wrong.push(`${job}: a second notice, though no process was killed since the first one`);
    }
  }
  for (const job of notices.keys()) wrong.push(`${job}: a notice that it must not have`);
  const mails = await observer.rows<{ run_id: number; outcome: string; count: string }>(
    'select run_id, min(outcome) as outcome, count(*) from mails group by run_id',
  );
  for (const { run_id, outcome, count } of mails)
    if (Number(count) !== 1 || outcome !== 'sent') wrong.push(`run ${run_id}: ${count} mails, ${outcome}`);
  const runs = await observer.number(
    'select count(*) from runs where mail_user_id is not null and details::text like $1',
    ['%"All"%'],
  );
  if (mails.length !== runs) wrong.push(`${mails.length} mails for ${runs} runs`);
  if (outside.mails.length < runs)
    wrong.push(`${outside.mails.length} mails arrived, expected at least ${runs}`);
  return wrong;
}

/** Every file is one asset with the bytes that were sent, and those are in the store. */
async function problemsOfFiles({ works, observer, dataDir }: Accounts): Promise<string[]> {
  const wrong: string[] = [];
  const assets = Map.groupBy(
    await observer.rows<{ company_id: number; path: string; original_file: string | null }>(
      `select a.company_id, f.path || a.file_name as path, a.original_file from assets a join folders f on f.id = a.folder_id`,
    ),
    ({ company_id, path }) => `${company_id} ${path}`,
  );
  for (const { customer, files } of works)
    for (const { path, picture } of files) {
      const found = assets.get(`${customer.id} ${path}`) ?? [];
      if (found.length !== 1) wrong.push(`${path}: ${found.length} assets`);
      const [asset] = found;
      if (asset === undefined) continue;
      const hash = createHash('sha256')
        .update(await pictureOf(picture))
        .digest('hex');
      if (asset.original_file !== hash) wrong.push(`${path}: another content than that was sent`);
      else if ((await hashIn(dataDir, hash)) !== hash) wrong.push(`${path}: its content is not in the store`);
    }
  const pages = await observer.rows<{ company_id: number; name: string; count: string }>(
    'select company_id, lower(name) as name, count(*) from assets group by 1, 2 having count(*) > 1',
  );
  for (const { name, count } of pages) wrong.push(`${count} assets have the name ${name}`);
  return wrong;
}

/** The hash of a stored file, or the error that reading it met. */
async function hashIn(dataDir: string, hash: string): Promise<string> {
  const sum = createHash('sha256');
  try {
    const path = join(dataDir, 'files', hash.slice(0, 2), hash.slice(2, 4), hash);
    for await (const chunk of createReadStream(path)) sum.update(chunk as Buffer);
  } catch (error) {
    return (error as Error).message;
  }
  return sum.digest('hex');
}

/** Nothing is left to do, everything that is marked is published, and each once in each publish. */
async function problemsOfRests({ works, observer }: Accounts): Promise<string[]> {
  const wrong: string[] = [];
  const counts: Readonly<Record<string, string>> = {
    'notifications that were not delivered': 'select count(*) from outbox',
    'records of items of ended runs': 'select count(*) from run_items',
    'entries of runs in the queue':
      "select count(*) from pgboss.job where name like 'ips-run%' and state < 'completed'",
    'assets that an ended run published twice':
      'select count(*) from (select 1 from publish_history group by asset_id, context_name, run_id having count(*) > 1) twice',
    'marked images that are not published': `select count(*) from assets a where a.type = 'Image' and a.ready_for_publish
      and a.trash_state = 'NotInTrash' and not exists (select 1 from publications p where p.asset_id = a.id)`,
  };
  for (const [what, query] of Object.entries(counts)) {
    const count = await observer.number(query);
    if (count > 0) wrong.push(`${count} ${what}`);
  }
  const posts = works.filter(({ payload }) => payload === 'post');
  const posted = posts.reduce((sum, { files }) => sum + files.length, 0);
  const found = await observer.number(
    'select count(*) from posted_files p join runs r on r.id = p.run_id where r.original_name = any($1::text[])',
    [posts.map(({ name }) => name)],
  );
  if (found !== posted) wrong.push(`${found} posted files, expected ${posted}`);
  return wrong;
}
