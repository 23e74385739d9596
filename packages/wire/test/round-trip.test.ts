import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contract } from '@ips-sdk/types/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryOf, operationNames } from '../../../scripts/testing/arbitrary.js';
import { codec } from '../src/index.js';

const message = (operation: string, side: 'input' | 'output') => contract.operations[operation]?.[side] ?? '';
const anyCall = fc.constantFrom(...operationNames).chain((name) =>
  fc.record({
    name: fc.constant(name),
    input: arbitraryOf(message(name, 'input')),
    output: arbitraryOf(message(name, 'output')),
  }),
);
const form = fc.constantFrom({}, { soapVersion: '1.2' as const }, { dialect: 'plain' as const });

describe('what is encoded', () => {
  it('is decoded to the same value, requests and answers of every operation, without a single issue', () => {
    fc.assert(
      fc.property(anyCall, form, ({ name, input, output }, options) => {
        const issues: unknown[] = [];
        const onIssue = (issue: unknown) => void issues.push(issue);
        const request = codec.decodeRequest(codec.encodeRequest(name as never, input as never, options), {
          onIssue,
        });
        expect(request).toMatchObject({
          operation: name,
          soapVersion: 'dialect' in options ? undefined : (options.soapVersion ?? '1.1'),
        });
        expect(request.input).toEqual(input);
        const answer = codec.decodeResponse(
          name as never,
          codec.encodeResponse(name as never, output as never, options),
          { onIssue },
        );
        expect(answer.value).toEqual(output);
        expect(issues).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps its keys in the order of the contract', () => {
    const value = codec.decodeResponse(
      'addCompany',
      codec.encodeResponse('addCompany', {
        companyInfo: { imsOrgId: 'x', rootPath: 'r', name: 'n', companyHandle: 'c' },
      }),
    ).value;
    expect(Object.keys(value.companyInfo)).toEqual(['companyHandle', 'name', 'rootPath', 'imsOrgId']);
  });
});

describe('what is sent', () => {
  it('validates against the schema: every operation, by xmllint', (context) => {
    if (spawnSync('xmllint', ['--version'], { stdio: 'ignore' }).status !== 0)
      context.skip('xmllint is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'wire-'));
    const files: string[] = [];
    for (const [i, name] of operationNames.entries()) {
      for (const side of ['input', 'output'] as const) {
        // xmllint knows no years with more than four digits less than ours, but refuses none of what a property test makes.
        for (const [n, value] of fc
          .sample(arbitraryOf(message(name, side), 3), { numRuns: 4, seed: i })
          .entries()) {
          const file = join(folder, `${name}-${side}-${n}.xml`);
          writeFileSync(
            file,
            `<?xml version="1.0" encoding="UTF-8"?>${codec.encodeMessage(message(name, side), value)}`,
          );
          files.push(file);
        }
      }
    }
    const schema = fileURLToPath(import.meta.resolve('@ips-sdk/types/xsd/ips.xsd'));
    const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, ...files], {
      encoding: 'utf8',
      maxBuffer: 64e6,
    });
    expect(stderr.split('\n').filter((line) => line !== '' && !line.endsWith(' validates'))).toEqual([]);
    expect({ status, validated: stderr.match(/ validates$/gm)?.length }).toEqual({
      status: 0,
      validated: 164 * 2 * 4,
    });
  });

  it('has a header that validates, in both forms', (context) => {
    if (spawnSync('xmllint', ['--version'], { stdio: 'ignore' }).status !== 0)
      context.skip('xmllint is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'wire-'));
    for (const [name, xsd] of [
      ['AuthHeader', 'ips.xsd'],
      ['UnversionedAuthHeader', 'ips-base.xsd'],
    ] as const) {
      for (const [n, value] of fc.sample(arbitraryOf(name), 20).entries()) {
        const file = join(folder, `${name}-${n}.xml`);
        writeFileSync(file, codec.encodeMessage(name, value));
        execFileSync(
          'xmllint',
          ['--noout', '--schema', fileURLToPath(import.meta.resolve(`@ips-sdk/types/xsd/${xsd}`)), file],
          { stdio: 'pipe' },
        );
        expect(codec.decodeMessage(name, readFileSync(file, 'utf8'))).toEqual(value);
      }
    }
  });
});
