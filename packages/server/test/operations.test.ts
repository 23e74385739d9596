// What those who run servers watch: the metrics, and the dashboard, the alerts and the migrations that rely on them.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { countedStore } from '../src/files/counted-store.js';
import { Metrics } from '../src/metrics.js';
import { StorageError } from '../src/storage-problem.js';
import { connect } from './support/call.js';

const companyHandle = 'c|6';
const OPERATIONS = fileURLToPath(new URL('../../../docs/operations/', import.meta.url));
const MIGRATIONS = fileURLToPath(new URL('../src/db/migrations/', import.meta.url));

/** A family of samples. */
interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: {
    readonly name: string;
    readonly labels: Record<string, string>;
    readonly value: number;
  }[];
}

/** Reads the text format of Prometheus, and accepts nothing else. */
function parseMetrics(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  let help: readonly [name: string, text: string] | undefined;
  let current = '';
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, helped, words] = /^# HELP ([a-z][a-z0-9_]*) (\S.*)$/.exec(line) ?? [];
    const [, typed, type] = /^# TYPE ([a-z][a-z0-9_]*) (counter|gauge|histogram)$/.exec(line) ?? [];
    if (helped !== undefined && words !== undefined) help = [helped, words];
    else if (typed !== undefined && type !== undefined) {
      expect(help?.[0], line).toBe(typed);
      expect(families.has(typed), `${typed} twice`).toBe(false);
      families.set(typed, { type, help: help?.[1] ?? '', samples: [] });
      current = typed;
    } else {
      const [, name = '', list = '', value = ''] =
        /^([a-z][a-z0-9_]*)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (-?[\d.e+-]+|NaN|[+-]Inf|Nan)$/.exec(
          line,
        ) ?? [];
      const family = families.get(current);
      expect(name.replace(/_(?:bucket|sum|count)$/, '') === current || name === current, line).toBe(true);
      const labels = Object.fromEntries(
        [...list.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, key, text]) => [key, text]),
      );
      family?.samples.push({ name, labels, value: Number(value) });
    }
  }
  return families;
}

/** The label names of each metric, from its definition. */
const labelsOf = new Map(
  new Metrics().registry.getMetricsAsArray().map((metric) => [
    metric.name,
    // prom-client has them in a property that it does not declare.
    (metric as unknown as { readonly labelNames?: readonly string[] }).labelNames ?? [],
  ]),
);

/** Metrics and labels that an expression names and that do not exist. */
function unknownIn(expression: string): string[] {
  const names = [...expression.matchAll(/\b(ips_[a-z0-9_]+)(?:\{([^}]*)\})?/g)];
  const used = names.flatMap(([, name = '', list = '']) => {
    const family = labelsOf.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, '');
    const known = labelsOf.get(family);
    if (known === undefined) return [name];
    const labels = [...list.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label);
    return labels
      .filter((label) => !['job', 'instance', ...known].includes(label))
      .map((label) => `${name}{${label}}`);
  });
  const families = names.map(([, name = '']) => name.replace(/_(?:bucket|sum|count)$/, ''));
  const allowed = new Set(['le', 'job', 'instance', ...families.flatMap((name) => labelsOf.get(name) ?? [])]);
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(/,\s*/),
  );
  return [...used, ...grouped.filter((label) => !allowed.has(label)).map((label) => `by (${label})`)];
}

let directory: string;
let server: IpsServer;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ips-operations-'));
  server = await createIpsServer({
    dataDir: directory,
    jobClock: 'manual',
    now: new Date('2026-03-01T00:00:00Z'),
    allowPrivateAddresses: true,
  });
});
afterAll(async () => {
  await server?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const scrape = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text();

describe('the metrics', () => {
  it('show work that waits, and work that is done', async () => {
    const user = connect(server);
    await user.call('submitJob', {
      companyHandle,
      jobName: 'Waits',
      imageServingPublishJob: {
        publishType: 'Full',
        emailSetting: 'All',
        httpCompletionUrl: 'http://127.0.0.1:1/',
      },
    });
    await user.fault('getCompanyInfo', { companyName: 'No Company' });
    const sampleOf = (families: Map<string, Family>, name: string, labels: Record<string, string> = {}) =>
      families
        .get(name.replace(/_(?:bucket|sum|count)$/, ''))
        ?.samples.find(
          (each) =>
            each.name === name && Object.entries(labels).every(([key, text]) => each.labels[key] === text),
        )?.value;
    const before = parseMetrics(await scrape());
    expect(sampleOf(before, 'ips_job_runs_active', { kind: 'imageServingPublishJob', state: 'New' })).toBe(1);
    expect(sampleOf(before, 'ips_notifications_waiting', { kind: 'http' })).toBe(0);
    expect(sampleOf(before, 'ips_calls_total', { operation: 'submitJob', outcome: 'ok' })).toBe(1);
    expect(
      sampleOf(before, 'ips_calls_total', { operation: 'getCompanyInfo', outcome: '20000' }) ?? 0,
    ).toBeGreaterThanOrEqual(0);
    expect(sampleOf(before, 'ips_info', { role: 'all' })).toBe(1);
    expect(sampleOf(before, 'ips_database_connections', { state: 'busy' })).toBeGreaterThanOrEqual(0);
    await server.clock.runPending();
    const after = parseMetrics(await scrape());
    expect(sampleOf(after, 'ips_job_runs_total', { kind: 'imageServingPublishJob', outcome: 'done' })).toBe(
      1,
    );
    expect(sampleOf(after, 'ips_notification_attempts_total', { kind: 'http', outcome: 'waiting' })).toBe(1);
    expect(sampleOf(after, 'ips_call_seconds_count', { operation: 'submitJob' })).toBe(1);
  });

  it('have names and texts after the conventions of Prometheus', async () => {
    for (const [name, { type, help, samples }] of parseMetrics(await scrape())) {
      expect(name).toMatch(/^ips_[a-z0-9_]+$/);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(help, name).toMatch(/^[A-Z].{10,}$/);
      expect(name, name).not.toMatch(/_(?:ms|milliseconds|kb|mb|percent)(?:_|$)/);
      if (name.startsWith('ips_nodejs_') || name.startsWith('ips_process_')) continue;
      for (const { labels } of samples)
        expect(
          Object.keys(labels)
            .filter((label) => label !== 'le')
            .sort(),
          name,
        ).toEqual([...(labelsOf.get(name) ?? [])].sort());
    }
  });

  it('contain no names of companies, users and jobs', async () => {
    const text = await scrape();
    for (const word of [server.company, server.admin.email, 'Waits', 'c|6']) expect(text).not.toContain(word);
  });

  it('are valid for promtool', async (context) => {
    const text = await scrape();
    const { code, output } = await promtool(['check', 'metrics'], text);
    if (code === 'missing') return context.skip('promtool of the Debian package prometheus is not installed');
    expect({ code, output }).toEqual({ code: 0, output: '' });
  });

  it('count failures of the file store, and nothing else', async () => {
    const metrics = new Metrics();
    const failing = {
      put: async () => {
        throw new StorageError('the file store does not respond');
      },
      size: async () => {
        throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      },
    };
    const store = countedStore(failing, metrics);
    await expect(store.put()).rejects.toThrow('the file store does not respond');
    await expect(store.size()).rejects.toThrow('no such file');
    expect((await metrics.storeErrors.get()).values).toEqual([{ labels: { method: 'put' }, value: 1 }]);
  });
});

interface Panel {
  readonly title: string;
  readonly description?: string;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: { readonly defaults: { readonly unit?: string } };
  readonly targets: readonly { readonly refId: string; readonly expr: string }[];
  readonly id: number;
}

describe('the dashboard', () => {
  const dashboard = JSON.parse(readFileSync(join(OPERATIONS, 'grafana-dashboard.json'), 'utf8')) as {
    readonly title: string;
    readonly uid: string;
    readonly schemaVersion: number;
    readonly panels: readonly Panel[];
    readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  };

  it('names metrics and labels that exist', () => {
    const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(expressions.length).toBeGreaterThan(20);
    expect(expressions.flatMap(unknownIn)).toEqual([]);
    expect(unknownIn('sum by (size) (ips_calls_total{shoe="red"}) + ips_shoes')).toEqual([
      'ips_calls_total{shoe}',
      'ips_shoes',
      'by (size)',
    ]);
  });

  it('explains every panel, with a unit', () => {
    for (const { title, description = '', fieldConfig } of dashboard.panels) {
      expect(description, title).toMatch(/^[A-Z].{15,}\.$/);
      expect(fieldConfig.defaults.unit, title).toMatch(/^(?:short|s|bytes|Bps|cpm|cps|reqps)$/);
    }
  });

  it('can be imported: panels have numbers and places of their own, and its variables exist', () => {
    const { panels, templating, schemaVersion, uid } = dashboard;
    expect([uid, schemaVersion >= 36]).toEqual(['ips-server', true]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { gridPos, title, targets } of panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      const overlaps = panels.filter(
        (other) =>
          other.title !== title &&
          other.gridPos.x < gridPos.x + gridPos.w &&
          gridPos.x < other.gridPos.x + other.gridPos.w &&
          other.gridPos.y < gridPos.y + gridPos.h &&
          gridPos.y < other.gridPos.y + other.gridPos.h,
      );
      expect(overlaps, title).toEqual([]);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
    const variables = new Set(templating.list.map(({ name }) => name));
    const used = [...JSON.stringify(panels).matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !variables.has(name))).toEqual([]);
  });
});

describe('the alerts', () => {
  const file = join(OPERATIONS, 'prometheus-alerts.yaml');
  const { groups } = parseYaml(readFileSync(file, 'utf8')) as {
    readonly groups: readonly {
      readonly rules: readonly {
        readonly alert: string;
        readonly expr: string;
        readonly labels: { readonly severity: string };
        readonly annotations: { readonly summary: string; readonly description: string };
      }[];
    }[];
  };
  const rules = groups.flatMap((group) => group.rules);

  it('name metrics and labels that exist, and say what to do', () => {
    expect(rules.length).toBeGreaterThan(5);
    expect(rules.flatMap(({ expr }) => unknownIn(expr))).toEqual([]);
    for (const { alert, labels, annotations } of rules) {
      expect(['page', 'ticket'], alert).toContain(labels.severity);
      expect(annotations.summary.length, alert).toBeGreaterThan(10);
      expect(annotations.description, alert).toMatch(/\.$/);
    }
    const guide = readFileSync(join(OPERATIONS, '../operations.md'), 'utf8');
    expect(rules.map(({ alert }) => alert).filter((alert) => !guide.includes(`\`${alert}\``))).toEqual([]);
  });

  it('are valid for promtool', async (context) => {
    const { code, output } = await promtool(['check', 'rules', file], '');
    if (code === 'missing') return context.skip('promtool of the Debian package prometheus is not installed');
    expect(output).toContain(`${rules.length} rules found`);
    expect(code).toBe(0);
  });
});

/** The first migration that old workers may run beside. Earlier ones were made before several processes could share a database. */
const FIRST_SHARED = 17;

/** Statements that break a server of the version before: it reads and writes what they remove, rename or demand. */
const BREAKING: readonly (readonly [RegExp, string])[] = [
  [/\bdrop\s+(?:table|column|schema|type|view)\b/i, 'drops what an older process uses'],
  [/\brename\b/i, 'renames what an older process uses'],
  [/\bset\s+not\s+null\b/i, 'demands what an older process does not write'],
  [/\bset\s+data\s+type\b|\balter\s+column\s+\S+\s+type\b/i, 'changes what an older process reads'],
  [/\bdrop\s+default\b/i, 'demands what an older process does not write'],
  [
    /\badd\s+column\b(?!.*\bdefault\b).*\bnot\s+null\b/i,
    'demands a value that an older process does not write',
  ],
  [/\badd\s+constraint\b.*\b(?:check|unique)\b/i, 'refuses what an older process writes'],
  [/^\s*truncate\b|\bdelete\s+from\b/i, 'removes what an older process uses'],
];

/** Why an older process cannot work while and after a migration runs. */
function breaks(migration: string): string[] {
  const created = new Set([...migration.matchAll(/create table "?(\w+)/gi)].map(([, name]) => name));
  return migration.split('--> statement-breakpoint').flatMap((statement) => {
    const [, table] = /alter table (?:only )?"?(\w+)/i.exec(statement) ?? [];
    if (table !== undefined && created.has(table)) return [];
    return BREAKING.filter(([pattern]) => pattern.test(statement)).map(
      ([, reason]) => `${statement.trim().split('\n')[0]}: ${reason}`,
    );
  });
}

describe('migrations', () => {
  it('only add: processes of the version before continue to work beside new ones', () => {
    const shared = readdirSync(MIGRATIONS).filter(
      (name) => name.endsWith('.sql') && Number(name.slice(0, 4)) >= FIRST_SHARED,
    );
    expect(shared.length).toBeGreaterThan(0);
    const found = shared.flatMap((name) =>
      breaks(readFileSync(join(MIGRATIONS, name), 'utf8')).map((why) => `${name}: ${why}`),
    );
    expect(found).toEqual([]);
  });

  it.each([
    'ALTER TABLE "runs" DROP COLUMN "trace"',
    'DROP TABLE "runs"',
    'ALTER TABLE "runs" RENAME COLUMN "a" TO "b"',
    'ALTER TABLE "runs" ALTER COLUMN "a" SET NOT NULL',
    'ALTER TABLE "runs" ALTER COLUMN "a" SET DATA TYPE bigint',
    'ALTER TABLE "runs" ADD COLUMN "a" text NOT NULL',
    'ALTER TABLE "runs" ADD CONSTRAINT "a" UNIQUE("b")',
    'delete from runs',
  ])('the test refuses %s', (statement) => {
    expect(breaks(statement)).toHaveLength(1);
  });

  it.each([
    'ALTER TABLE "runs" ADD COLUMN "a" text',
    `ALTER TABLE "runs" ADD COLUMN "a" text DEFAULT '' NOT NULL`,
    'CREATE TABLE "a" ("b" text NOT NULL);--> statement-breakpoint\nALTER TABLE "a" ADD CONSTRAINT "c" UNIQUE("b")',
    'CREATE INDEX "a" ON "runs" ("b")',
    'DROP INDEX "a"',
  ])('the test allows %s', (statement) => {
    expect(breaks(statement)).toEqual([]);
  });
});

/** Runs promtool; `missing` where it is not installed. */
function promtool(
  args: readonly string[],
  input: string,
): Promise<{ code: number | 'missing'; output: string }> {
  return new Promise((resolve) => {
    const child = execFile('promtool', args, (error, stdout, stderr) => {
      if (error !== null && error.code === 'ENOENT') resolve({ code: 'missing', output: '' });
      else
        resolve({
          code: typeof error?.code === 'number' ? error.code : 0,
          output: `${stdout}${stderr}`.trim(),
        });
    });
    child.stdin?.on('error', () => undefined).end(input);
  });
}
