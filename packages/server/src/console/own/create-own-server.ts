import { statfs } from 'node:fs/promises';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { findAsset } from '../../assets/asset-store.js';
import type { DatabaseChanges } from '../../db/changes.js';
import * as t from '../../db/schema.js';
import { parseCompanyHandle } from '../../handles.js';
import type { RequestJournal } from '../../http/request-journal.js';
import type { Services } from '../../services.js';
import type { DiskInfo, WorkerInfo } from '../api.js';
import type { OwnAdmin } from './own-admin.js';
import type { OwnServer, Topic } from './own-server.js';
import { renderAsset } from './render-asset.js';
import { runFacts, triggerPayload } from './run-facts.js';

/** Milliseconds after which a worker that has a run and does not report counts as lost. */
const LOST = 60_000;

const TOPICS: readonly Topic[] = ['jobs', 'assets', 'test'];

/** What the parts of a server offer to its console. */
export function createOwnServer(
  services: Services,
  changes: DatabaseChanges,
  directory: string,
  /** Only with the admin API. */
  test: { readonly admin: OwnAdmin; readonly journal: RequestJournal | undefined } | undefined,
): OwnServer {
  const { db, config, clock, metrics } = services;
  return {
    timeZone: config.timeZone,
    workers: config.workers,
    now: () => clock.now(),
    watch: async (onChange, onGap) => {
      const end = await changes.watch((payload) => {
        const topic = TOPICS.find((one) => one === payload);
        if (topic !== undefined) onChange(topic);
      }, onGap);
      const deafen = test?.journal?.listen(() => onChange('test'));
      return async () => {
        deafen?.();
        await end();
      };
    },
    runFacts: (companyHandle, handles) => runFacts(db, companyHandle, handles),
    triggerPayload: (companyHandle, name) => triggerPayload(db, companyHandle, name),
    workersAlive: async (): Promise<WorkerInfo[]> => {
      const rows = await db
        .select({
          serverName: t.runs.serverName,
          running: sql<number>`count(*)::int`,
          seenAt: sql<string | null>`max(${t.runs.seenAt})`,
          age: sql<number | null>`extract(epoch from clock_timestamp() - max(${t.runs.seenAt}))::float8`,
        })
        .from(t.runs)
        .where(and(inArray(t.runs.state, ['Running', 'Stopping']), sql`${t.runs.serverName} <> ''`))
        .groupBy(t.runs.serverName);
      const found = rows.map(({ serverName, running, seenAt, age }) => ({
        serverName,
        running,
        seenAt: seenAt === null ? undefined : new Date(seenAt).toISOString(),
        isAlive: serverName === config.serverName || (age !== null && age * 1000 < LOST),
      }));
      // This process is alive, with or without runs.
      if (!found.some(({ serverName }) => serverName === config.serverName))
        found.push({
          serverName: config.serverName,
          running: 0,
          seenAt: new Date().toISOString(),
          isAlive: true,
        });
      return found.sort((one, other) => (one.serverName < other.serverName ? -1 : 1));
    },
    disk: async (): Promise<DiskInfo[]> => {
      const { blocks, bsize, bavail, bfree } = await statfs(directory);
      return [
        {
          label: 'data directory',
          used: (blocks - bfree) * bsize,
          free: bavail * bsize,
          total: blocks * bsize,
        },
      ];
    },
    metrics: async () => {
      const all = await metrics.values();
      return all.flatMap(({ name, values }) =>
        values.flatMap(({ value, labels }) => {
          const words = Object.entries(labels).map(([label, text]) => `${label}=${String(text)}`);
          const isTotal = !/_bucket$/.test(name) && !('le' in labels);
          return isTotal && typeof value === 'number'
            ? [{ name: words.length === 0 ? name : `${name}{${words.join(',')}}`, value }]
            : [];
        }),
      );
    },
    render: async (companyHandle, assetHandle, commands) => {
      const companyId = parseCompanyHandle(companyHandle);
      const [company] =
        companyId === undefined
          ? []
          : await db.select().from(t.companies).where(eq(t.companies.id, companyId));
      if (company === undefined) return undefined;
      const asset = await findAsset(db, company.id, assetHandle);
      return renderAsset(services, company.rootPath.replace(/\/$/, ''), asset, commands);
    },
    admin: test?.admin,
  };
}
