// Validates what the client would send against the schema with libxml2: every operation, with generated inputs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Operations } from '@ips-sdk/types';
import { contract } from '@ips-sdk/types/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arbitraryOf, operationNames, shuffled } from '../../../scripts/testing/arbitrary.js';
import { createIpsClient, type IpsClientOptions } from '../src/index.js';
import { jobCalls } from './support/peers/job-calls.js';

const INPUTS_PER_OPERATION = 6;
const installed = spawnSync('xmllint', ['--version'], { stdio: 'ignore' }).status === 0;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xmllint-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const client = (options: Partial<IpsClientOptions> = {}) =>
  createIpsClient({
    // Nothing is called here.
    endpoint: 'http://127.0.0.1:9/scene7/services/IpsApiService',
    auth: { user: 'ann@example.com', password: 'p<w>&"' },
    app: { name: 'Schema <test>', version: '1' },
    locale: 'de-CH',
    // Of the contract's types, but not always sensible: two fields that exclude each other can be there.
    validation: 'off',
    ...options,
  });

/** Validates all documents of a folder at once, and answers what xmllint says of those that are not valid. */
function validate(files: readonly string[], schema: 'ips.xsd' | 'ips-base.xsd'): string[] {
  const xsd = fileURLToPath(import.meta.resolve(`@ips-sdk/types/xsd/${schema}`));
  const { stderr } = spawnSync('xmllint', ['--noout', '--schema', xsd, ...files], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
  const lines = stderr.split('\n').filter((line) => line !== '');
  const valid = new Set(
    lines.filter((line) => line.endsWith(' validates')).map((line) => line.slice(0, -10)),
  );
  // Every file has its own line; a file that xmllint says nothing of was not looked at.
  return [
    ...lines.filter((line) => !line.endsWith(' validates')),
    ...files.filter((file) => !valid.has(file)),
  ];
}

/** Takes a request apart and writes its parts as documents of their own. */
function write(name: string, request: string): { readonly body: string; readonly header: string } {
  const part = (pattern: RegExp, kind: string): string => {
    const found = pattern.exec(request)?.[1];
    if (found === undefined) throw new Error(`no ${kind} in ${request}`);
    const file = join(kind, `${name}.xml`);
    mkdirSync(join(folder, kind), { recursive: true });
    writeFileSync(join(folder, file), `<?xml version="1.0" encoding="UTF-8"?>${found}`);
    return file;
  };
  return {
    body: part(/<soapenv:Body>(.*)<\/soapenv:Body>/s, 'body'),
    header: part(/<soapenv:Header>(.*)<\/soapenv:Header>/s, 'header'),
  };
}

describe.skipIf(!installed)('by xmllint, where it is installed', () => {
  it('every request of every operation is valid, body and header, whatever the order of keys', async () => {
    const ips = client();
    const bodies: string[] = [];
    const headers: string[] = [];
    for (const [seed, operation] of operationNames.entries()) {
      const inputs = fc.sample(arbitraryOf(contract.operations[operation]?.input ?? ''), {
        numRuns: INPUTS_PER_OPERATION,
        seed,
      });
      for (const [n, input] of inputs.entries()) {
        const request = await ips.preview(operation as keyof Operations, shuffled(input, n) as never);
        const { body, header } = write(`${operation}-${n}`, request);
        bodies.push(body);
        headers.push(header);
      }
    }
    expect(bodies).toHaveLength(164 * INPUTS_PER_OPERATION);
    expect(validate(bodies, 'ips.xsd')).toEqual([]);
    expect(validate(headers, 'ips.xsd')).toEqual([]);
  });

  it('so are the jobs of real programs, checked before they are sent, in both forms of the header', async () => {
    const forms = { versioned: 'ips.xsd', unversioned: 'ips-base.xsd' } as const;
    for (const [headerForm, schema] of Object.entries(forms) as [keyof typeof forms, 'ips.xsd'][]) {
      const ips = client({ headerForm, validation: 'lenient' });
      const files = await Promise.all(
        jobCalls.map(async ({ operation, input }, i) =>
          write(`job-${headerForm}-${i}`, await ips.preview(operation, input as never)),
        ),
      );
      expect(
        validate(
          files.map(({ body }) => body),
          'ips.xsd',
        ),
      ).toEqual([]);
      expect(
        validate(
          files.map(({ header }) => header),
          schema,
        ),
      ).toEqual([]);
    }
  });

  it('and xmllint would say so if one were not', async () => {
    const request = await client().preview('stopJob', { companyHandle: 'c|6', jobHandle: 'j|6|x|' });
    const { body } = write('broken', request.replace('<companyHandle>c|6</companyHandle>', ''));
    expect(validate([body], 'ips.xsd').join('\n')).toContain('fails to validate');
  });
});
