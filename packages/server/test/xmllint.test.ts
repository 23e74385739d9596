// Calls every supported operation, and validates every answer against the schema with a validator that others wrote. Skipped, with
// the reason, where xmllint is not installed; CI installs it (libxml2-utils from Debian).
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OperationName } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import type { IpsServer } from '../src/create-server.js';
import { handlers } from '../src/handlers/registry.js';
import { connect, post, requestXml } from './support/call.js';
import { serverForFile } from './support/shared-server.js';
import { goOnTour } from './support/tour.js';

const SCHEMA = fileURLToPath(import.meta.resolve('@ips-sdk/types/xsd/ips.xsd'));
const BASE_SCHEMA = fileURLToPath(import.meta.resolve('@ips-sdk/types/xsd/ips-base.xsd'));
const supported = (Object.keys(contract.operations) as OperationName[]).filter(
  (name) => handlers[name] !== undefined,
);
const hasXmllint = spawnSync('xmllint', ['--version'], { stdio: 'ignore' }).status === 0;

function need(context: TestContext): void {
  if (!hasXmllint) context.skip('xmllint --version does not work here');
}

let server: IpsServer;
let folder: string;
/** Files with the answers, as elements of their own, by operation. */
const answers = new Map<OperationName, string[]>();

serverForFile('instant', async (shared) => {
  folder = mkdtempSync(join(tmpdir(), 'ips-xmllint-'));
  server = shared;
  const admin = connect(server, server.admin, (operation, body) => {
    const files = answers.get(operation) ?? [];
    const path = join(folder, operation);
    mkdirSync(path, { recursive: true });
    const file = join(path, `${files.length}.xml`);
    writeFileSync(file, payload(body));
    answers.set(operation, [...files, file]);
  });
  await goOnTour(server, admin);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What stands in the body of an envelope. */
function payload(envelope: string): string {
  const content = /<([\w]+):Body>([\s\S]*)<\/\1:Body>/.exec(envelope)?.[2];
  if (content === undefined) throw new Error(`no body of an envelope: ${envelope.slice(0, 200)}`);
  return content;
}

function lint(schema: string, files: readonly string[]) {
  return spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, ...files], { encoding: 'utf8' });
}

describe('answers', () => {
  it.each(supported)('of %s are among them', (operation) => {
    const files = answers.get(operation) ?? [];
    // Every supported operation has to be part of the tour.
    expect(files.length).toBeGreaterThan(0);
  });

  it('are valid by the schema: xmllint', (context) => {
    need(context);
    const files = [...answers.values()].flat();
    const { status, stderr } = lint(SCHEMA, files);
    const wrong = stderr.split('\n').filter((line) => line !== '' && !line.endsWith(' validates'));
    expect(wrong).toEqual([]);
    expect(status).toBe(0);
    expect(stderr.match(/ validates$/gm)).toHaveLength(files.length);
  });

  it('would fail if they were not: xmllint', (context) => {
    need(context);
    const file = join(folder, 'wrong.xml');
    writeFileSync(
      file,
      `<getAssetCountsReturn xmlns="${contract.messageNamespace}"><count>1</count></getAssetCountsReturn>`,
    );
    expect(lint(SCHEMA, [file]).status).not.toBe(0);
  });
});

describe('faults', () => {
  it.for([
    ['authenticationFault', 'getAllCompanies', { includeExpired: true }, { password: 'wrong' }],
    ['authorizationFault', 'getAssetCounts', { companyHandle: 'c|99' }, {}],
    ['ipsApiFault', 'getProperty', { name: '<&>' }, {}],
  ] as const)(
    'of the kind %s are valid by the schema: xmllint',
    async ([kind, operation, input, wrong], context) => {
      const header = {
        user: server.admin.email,
        password: server.admin.password,
        appName: 't',
        appVersion: '1',
        ...wrong,
      };
      const xml = requestXml(operation, input as never, { dialect: 'plain', header });
      const { body } = await post(server.url, xml, { path: '/scene7/api/IpsApiService' });
      expect(body).toContain(`<${kind} `);
      need(context);
      const file = join(folder, `${kind}.xml`);
      writeFileSync(file, body);
      expect(lint(BASE_SCHEMA, [file])).toMatchObject({ status: 0 });
    },
  );
});
