import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Context } from '../context.js';
import { json } from '../output/json.js';
import { schemaName, schemaNames } from './schema-names.js';

interface Schema {
  readonly $ref?: string;
  readonly [key: string]: unknown;
}

/** `ips schema` */
export async function run(context: Context, _: object, given?: string): Promise<undefined> {
  if (given === undefined) {
    await context.print.text(`${schemaNames().join('\n')}\n`);
    return undefined;
  }
  await context.print.text(`${json(bundledSchema(schemaName(given)), 2)}\n`);
  return undefined;
}

/** The schema with a name, including all definitions it references. */
export function bundledSchema(name: string): Schema {
  const head = read(`${name}.json`);
  const { definitions: all } = read('ips.json') as { definitions: Record<string, unknown> };
  const needed = new Set<string>();
  const local = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(local);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (key !== '$ref' || typeof inner !== 'string') return [key, local(inner)];
        const definition = decodeURIComponent(inner.slice(inner.lastIndexOf('/') + 1));
        needed.add(definition);
        return [key, `#/definitions/${definition}`];
      }),
    );
  };
  const root = local(head) as Schema;
  const definitions: Record<string, unknown> = {};
  // The set grows during the iteration.
  for (const definition of needed) definitions[definition] = local(all[definition]);
  const sorted = Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...root, definitions: Object.fromEntries(sorted) };
}

function read(file: string): Schema {
  const path = fileURLToPath(import.meta.resolve(`@ips-sdk/types/schema/${file}`));
  return JSON.parse(readFileSync(path, 'utf8')) as Schema;
}
