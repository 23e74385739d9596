import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { main } from '../src/cli.js';
import { folderWith, wsdlWith } from './support/wsdl.js';

const library = fileURLToPath(new URL('./fixtures/library/library.wsdl', import.meta.url));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await main(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

describe('ips-codegen generate and check', () => {
  it('writes, then finds itself up to date, then shows drift as a diff and exits 1', async () => {
    const out = folderWith({});
    const first = await run('generate', '--wsdl', library, '--out', out);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toBe('Library: 2 operations, 9 types in 6 files (6 written, 0 unchanged, 0 removed)\n');
    expect(await run('check', '--wsdl', library, '--out', out)).toMatchObject({ code: 0, err: '' });

    const file = join(out, 'service.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('pages: number', 'pages: string'));
    const stale = await run('check', '--wsdl', library, '--out', out);
    expect(stale.code).toBe(1);
    expect(stale.out).toContain('-  pages: string;\n+  pages: number;\n');
    expect(stale.err).toMatch(/is stale; run ips-codegen generate/);
  });

  it('shows the findings of a bad input with file and line, exits 1 and writes nothing', async () => {
    const folder = folderWith({ 'bad.wsdl': wsdlWith('<xs:notation name="g"/>') });
    const wsdl = join(folder, 'bad.wsdl');
    const result = await run('generate', '--wsdl', wsdl, '--out', join(folder, 'out'));
    expect(result.code).toBe(1);
    expect(result.err).toContain(`${wsdl}:5:1: <xs:notation> is not supported [unsupported-construct]`);
    expect(result.err).toContain('1 finding; nothing was written.');
  });

  it('exits 2 for wrong usage and says what is wrong', async () => {
    expect(await run('generate', '--out', 'x')).toMatchObject({
      code: 2,
      err: expect.stringContaining("'--wsdl <file>'"),
    });
    expect(await run('genrate')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean generate?'),
    });
  });

  it('prints help and version', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('generate [options]'),
    });
    expect(await run('--version')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});

describe('ips-codegen diff', () => {
  const before = wsdlWith(
    '<xs:complexType name="A"><xs:sequence><xs:element name="x" type="xs:int"/><xs:element name="y" type="xs:int" minOccurs="0"/></xs:sequence></xs:complexType>',
    { input: '<xs:element name="a" type="t:A"/>' },
  );
  const compare = (after: string, ...options: string[]) => {
    const folder = folderWith({ 'old.wsdl': before, 'new.wsdl': after });
    return run('diff', join(folder, 'old.wsdl'), join(folder, 'new.wsdl'), ...options);
  };

  it('says so when nothing changed', async () => {
    expect((await compare(before)).out).toBe('S urn:t and S urn:t are the same contract.\n');
  });

  it.each([
    [
      'an optional field is added',
      '<xs:element name="z" type="xs:int" minOccurs="0"/></xs:sequence>',
      'minor',
      /\+ A\/z: xsd:int, optional/,
    ],
    [
      'a required field is added to a request',
      '<xs:element name="z" type="xs:int"/></xs:sequence>',
      'major',
      /\+ A\/z: BREAKING xsd:int, required; now required in requests/,
    ],
  ])('when %s', async (_name, added, bump, line) => {
    const after = before.replace('</xs:sequence></xs:complexType>', `${added}</xs:complexType>`);
    const { out } = await compare(after);
    expect(out).toMatch(line);
    expect(out).toContain(`Semver: ${bump}.`);
  });

  it.each([
    ['a field is removed', ['<xs:element name="x" type="xs:int"/>', ''], 'major', 'removed'],
    [
      'a type changes',
      ['name="x" type="xs:int"', 'name="x" type="xs:long"'],
      'major',
      'changed from xsd:int to xsd:long',
    ],
    ['an optional field of a request is required now', [' minOccurs="0"', ''], 'major', 'now required'],
    [
      'a required field of a request is optional now',
      ['name="x"', 'name="x" minOccurs="0"'],
      'minor',
      'now optional',
    ],
    [
      'a field becomes an array',
      ['name="x"', 'name="x" maxOccurs="9"'],
      'major',
      'now allowed 9 times instead of once',
    ],
    [
      'the action changes',
      ['soapAction="call"', 'soapAction="urn:call"'],
      'major',
      'SOAPAction changed from "call" to "urn:call"',
    ],
    [
      'the address changes',
      ['http://localhost', 'http://127.0.0.1'],
      'patch',
      'address changed from http://localhost to http://127.0.0.1',
    ],
  ])('when %s', async (_name, [from, to], bump, text) => {
    const { out } = await compare(before.replace(from as string, to as string), '--json');
    const diff = JSON.parse(out) as {
      bump: string;
      changes: { change: string; detail: string; breaking: boolean }[];
    };
    expect(diff.bump).toBe(bump);
    expect(
      diff.changes.some((c) => `${c.change} ${c.detail}`.includes(text) && c.breaking === (bump === 'major')),
    ).toBe(true);
  });

  it('exits 1 for a breaking change when asked to', async () => {
    const after = before.replace('<xs:element name="x" type="xs:int"/>', '');
    expect((await compare(after, '--exit-code')).code).toBe(1);
    expect((await compare(after)).code).toBe(0);
  });
});
