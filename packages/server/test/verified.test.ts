// Holds server and client to what is known of the live service: every row of the tables in facts/, against both.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from './facts/fact.js';
import { factTables } from './facts/table.js';
import { ClientWorlds } from './support/client-world.js';
import { ServerWorlds } from './support/server-world.js';

const clients = new ClientWorlds(expect);
const servers = new ServerWorlds(expect);

beforeAll(() => servers.open());
// A check that failed must not leave workers waiting for what it let hang.
afterEach(() => servers.letGo());
afterAll(async () => {
  await clients.close();
  await servers.close();
});

it('names each fact once', () => {
  const ids = Object.values(factTables).flatMap((facts) => facts.map(({ id }) => id));
  expect(ids).toEqual([...new Set(ids)]);
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
});

it('says why a fact does not concern a side, and concerns at least one', () => {
  for (const { id, server, client } of Object.values(factTables).flat()) {
    const reasons = [server, client].flatMap((check) => (typeof check === 'function' ? [] : [check.reason]));
    expect(reasons.length, id).toBeLessThan(2);
    for (const reason of reasons) expect(reason, id).toMatch(/\w.* \w/);
  }
});

for (const [area, facts] of Object.entries(factTables)) {
  describe(area, () => {
    for (const { id, server, client } of facts) {
      checked(`server: ${id}`, server, () => servers.world());
      checked(`client: ${id}`, client, () => clients.world());
    }
  });
}

function checked<World>(name: string, check: Check<World>, world: () => World | Promise<World>): void {
  if (typeof check === 'function') it(name, async () => check(await world()));
}
