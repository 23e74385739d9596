// The floors of the server: see docs/ARCHITECTURE.md. A file imports from its own floor or from one below, types included.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src/', import.meta.url));

/** From the ground up: folders and single files of `src`. */
const FLOORS: readonly (readonly string[])[] = [
  [
    'clock',
    'config',
    'db',
    'error-log',
    'failures',
    'faults',
    'files',
    'handled-contract',
    'handles',
    'metrics',
    'net',
    'option-checks',
    'passwords',
    'redaction',
    'storage-problem',
    'text-limits',
    'traces',
    'untrusted-xml',
    'xml-text',
    'zoned-date-time',
  ],
  ['access', 'folders', 'images', 'services'],
  ['jobs', 'metadata'],
  ['assets', 'search'],
  ['companies', 'publish', 'sets'],
  ['backup', 'housekeeping', 'job-kinds', 'seed', 'state'],
  ['handlers'],
  ['operations'],
  ['http'],
  ['console'],
  [
    'command',
    'commands',
    'create-server',
    'index',
    'ips-server',
    'main',
    'server-core',
    'server-option-checks',
    'server-options',
    'testing',
    'welcome',
    'worker-process',
  ],
];

/** What a folder may not import, whatever its floor: packages, or files of `src`. */
const CLOSED: Readonly<Record<string, RegExp>> = {
  // Handlers and the folders below contain the SQL; transports and policy call them.
  http: /^(drizzle-orm|db\/schema)/,
  operations: /^(drizzle-orm|db\/schema)/,
  // The engine gets its kinds passed in, and knows nothing of their subjects.
  jobs: /^(images|folders|metadata)\//,
  // Nothing below the transports knows them.
  handlers: /^fastify/,
  access: /^fastify/,
  'job-kinds': /^fastify/,
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

const imports: readonly Import[] = files.flatMap((from) => {
  const text = readFileSync(join(SRC, from), 'utf8');
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)'([^']+)'/g)].map(
    ([, specifier = '']) => ({
      from,
      to: specifier.startsWith('.')
        ? relative(SRC, resolve(SRC, dirname(from), specifier)).replace(/\.js$/, '.ts')
        : specifier,
    }),
  );
});

const roomOf = (file: string): string => file.replace(/\.ts$/, '').split('/')[0] ?? '';
const floorOf = (file: string): number => FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)));
const shown = ({ from, to }: Import): string => `${from} → ${to}`;

describe('the floors', () => {
  it('have a place for every file', () => {
    expect(files.length).toBeGreaterThan(150);
    expect(files.filter((file) => floorOf(file) < 0)).toEqual([]);
  });

  it('are imported downwards only', () => {
    const inside = imports.filter(({ to }) => files.includes(to));
    expect(inside.length).toBeGreaterThan(500);
    expect(inside.filter(({ from, to }) => floorOf(to) > floorOf(from)).map(shown)).toEqual([]);
  });

  it('are drawn in docs/ARCHITECTURE.md', () => {
    const text = readFileSync(new URL('../../../docs/ARCHITECTURE.md', import.meta.url), 'utf8');
    // Two spaces between folders, more before the description.
    const drawn = [...text.matchAll(/^ floor +\d+ {2}(.*)$/gm)].map(
      ([, line = '']) => line.split(/ {3,}/)[0]?.split('  ') ?? [],
    );
    expect(drawn.reverse()).toEqual(FLOORS);
  });

  it.each(Object.entries(CLOSED))('%s import nothing of %s', (room, closed) => {
    expect(imports.filter(({ from, to }) => roomOf(from) === room && closed.test(to)).map(shown)).toEqual([]);
  });
});

describe('permissions', () => {
  const textOf = (file: string): string => readFileSync(join(SRC, file), 'utf8');

  it('are read and written in access/permissions alone', () => {
    const tables = /\bpermission(?:Sets|Entries)\b|\bpermission_(?:sets|entries)\b/;
    const named = files.filter((file) => tables.test(textOf(file)));
    expect(named).toContain('access/permissions/set-store.ts');
    expect(named.filter((file) => !/^(?:access\/permissions|db\/schema)\//.test(file))).toEqual([]);
  });

  it('restrict roles that only access/ knows', () => {
    const roles = /['"]ImagePortal(?:User|Contrib|ContribUser)['"]/;
    expect(files.filter((file) => roles.test(textOf(file)) && roomOf(file) !== 'access')).toEqual([]);
  });
});

it('files stay short enough to read', () => {
  const lines = (file: string): number => readFileSync(join(SRC, file), 'utf8').split('\n').length;
  expect(files.filter((file) => lines(file) > 320)).toEqual([]);
});

it('bundles every file from which a thread starts', () => {
  const workers = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('-worker.ts'),
  );
  expect(workers.length).toBeGreaterThan(3);
  const bundled = (file: string): string =>
    fileURLToPath(
      new URL(`../dist/bundle/${file.replace(/.*[\\/]/, '').replace('.ts', '.js')}`, import.meta.url),
    );
  expect(workers.filter((file) => !existsSync(bundled(file)))).toEqual([]);
});
