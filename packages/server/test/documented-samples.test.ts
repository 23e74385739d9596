// Sends each request that the public documentation shows, in data of our own, and compares which fields its answer fills with those
// that the documented answer fills. Every difference has a reason, which docs/server-support.md states.
import { readFileSync } from 'node:fs';
import type { OperationName, Operations } from '@ips-sdk/types';
import { codec } from '@ips-sdk/wire';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { handlers } from '../src/handlers/registry.js';
import { filledFields, isInContract, rootOf } from './documented/fields.js';
import type { Differences, DocumentedPage, Reproduction } from './documented/sample.js';
import { reproductions } from './documented/table.js';
import { connect } from './support/call.js';
import { ServerWorlds } from './support/server-world.js';

// A file of our own that these tests compare; its shape is what they rely on.
const pages = JSON.parse(
  readFileSync(new URL('documented/samples.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, DocumentedPage>>;
const operations = Object.keys(reproductions) as OperationName[];

const servers = new ServerWorlds(expect);
beforeAll(() => servers.open());
afterEach(() => servers.letGo());
afterAll(() => servers.close());

it('reproduces every documented sample of a supported operation', () => {
  expect(operations.toSorted()).toEqual(Object.keys(pages).toSorted());
  for (const operation of operations) expect(handlers, operation).toHaveProperty(operation);
});

describe('documented samples', () => {
  for (const operation of operations) {
    it(operation, () => reproduce(operation, reproductions[operation] as Reproduction<typeof operation>));
  }
});

async function reproduce<Name extends OperationName>(
  operation: Name,
  { run, asksLess, lacks, adds }: Reproduction<Name>,
): Promise<void> {
  const { examples } = pages[operation] ?? { examples: [] };
  const world = await servers.world();
  const asked: string[][] = [];
  const answered: string[][] = [];
  const connection = connect(world.server, world.server.admin, (_operation, body) => {
    answered.push(filledFields(body, rootOf(operation, 'output')));
  });
  await run(world, (input: Operations[Name]['input']) => {
    asked.push(filledFields(codec.encodeRequest(operation, input), rootOf(operation, 'input')));
    return connection.call(operation, input);
  });
  expect(asked.length, 'requests, one for each sample').toBe(examples.length);

  const missing = { asked: new Set<string>(), answered: new Set<string>() };
  const additional = new Set<string>();
  for (const [index, { asks = [], answers, cut = [] }] of examples.entries()) {
    for (const path of without(asks, asked[index])) {
      if (isInContract(operation, 'input', path)) missing.asked.add(path);
    }
    for (const path of without(answers, answered[index])) {
      if (isInContract(operation, 'output', path)) missing.answered.add(path);
    }
    for (const path of without(answered[index], answers)) {
      if (!cut.some((part) => path.startsWith(`${part}/`))) additional.add(path);
    }
  }
  expect([...missing.asked].toSorted(), 'asked by the sample, not by us').toEqual(fieldsOf(asksLess));
  expect([...missing.answered].toSorted(), 'filled by the sample, not by us').toEqual(fieldsOf(lacks));
  expect([...additional].toSorted(), 'filled by us, not by the sample').toEqual(fieldsOf(adds));
}

function without(paths: readonly string[] = [], others: readonly string[] = []): string[] {
  return paths.filter((path) => !others.includes(path));
}

function fieldsOf(differences: Differences = {}): string[] {
  return Object.values(differences).flat().toSorted();
}
