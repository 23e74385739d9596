// Our WSDLs, read by tools that other people wrote. A tool that is not installed is reported as skipped; CI installs
// them all (php-soap, python3-zeep, gsoap and libxml2-utils from Debian; soap and strong-soap from npm).
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readWsdl } from '@ips-sdk/codegen';
import * as soap from 'soap';
import { describe, expect, it, type TestContext } from 'vitest';

const wsdl = (version: string) => fileURLToPath(new URL(`../wsdl/IpsApi-${version}.wsdl`, import.meta.url));
const versions = [
  { version: '2014-04-03', operations: 164, types: 222 },
  { version: '2013-02-15', operations: 163, types: 221 },
];

/** Skips the test, saying why, when a command is not on this machine. */
function need(context: TestContext, command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'ignore' });
  if (status !== 0) context.skip(`${command} ${args.join(' ')} does not work here`);
}

const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 64e6 });

describe.each(versions)('the WSDL of $version', ({ version, operations, types }) => {
  const path = wsdl(version);

  it('has every operation and type for our own reader', () => {
    const contract = readWsdl(path);
    expect(contract.operations).toHaveLength(operations);
    expect(contract.types).toHaveLength(types);
  });

  it('is well-formed and its schemas are valid: xmllint', (context) => {
    need(context, 'xmllint', '--version');
    run('xmllint', '--noout', path);
    const text = readFileSync(path, 'utf8');
    const schemas = text.match(/<xsd:schema [\s\S]*?<\/xsd:schema>/g) ?? [];
    expect(schemas).toHaveLength(2);
    const folder = mkdtempSync(join(tmpdir(), 'xsd-'));
    const namespaces = text.match(/xmlns:(?:types|base|xsd)="[^"]+"/g)?.join(' ') ?? '';
    for (const [i, schema] of schemas.entries()) {
      const file = join(folder, `${i}.xsd`);
      writeFileSync(file, schema.replace('<xsd:schema ', `<xsd:schema ${namespaces} `));
      const name = i === 0 ? 'ipsApiFault' : 'stopJobParam';
      const children =
        i === 0
          ? '<code>1</code><reason/>'
          : '<companyHandle>c|6</companyHandle><jobHandle>j|6|x|</jobHandle>';
      const namespace = /targetNamespace="([^"]+)"/.exec(schema)?.[1];
      const lint = (body: string) =>
        spawnSync('xmllint', ['--noout', '--schema', file, '-'], {
          input: `<${name} xmlns="${namespace}">${body}</${name}>`,
          encoding: 'utf8',
        });
      expect(lint(children)).toMatchObject({ status: 0, stderr: '- validates\n' });
      // 3 is xmllint's code for a document that does not validate; 5 would be a broken schema.
      expect(lint('<nope/>').status).toBe(3);
    }
  });

  it('is loaded by the SoapClient of PHP', (context) => {
    need(context, 'php', '-r', 'exit(class_exists("SoapClient") ? 0 : 1);');
    const code =
      '$c = new SoapClient($argv[1], ["cache_wsdl" => WSDL_CACHE_NONE]); echo json_encode([$c->__getFunctions(), $c->__getTypes()]);';
    const [functions, structs] = JSON.parse(run('php', '-r', code, '--', path)) as [string[], string[]];
    // PHP lists a function for each of the two ports.
    expect(new Set(functions.map((f) => /(\w+)\(/.exec(f)?.[1])).size).toBe(operations);
    const activeJob = structs.find((s) => s.startsWith('struct ActiveJob {')) ?? '';
    expect(activeJob).toMatch(
      / dateTime startDate;[\s\S]* TaskProgressArray taskProgressArray;[\s\S]* ExportJob exportJob;/,
    );
  });

  it('is loaded by zeep', (context) => {
    need(context, '/usr/bin/python3', '-c', 'import zeep');
    const code = `
import json, sys, zeep
client = zeep.Client(sys.argv[1])
service = client.wsdl.services['IpsApiService']
print(json.dumps({port.name: sorted(port.binding._operations) for port in service.ports.values()}))`;
    const ports = JSON.parse(run('/usr/bin/python3', '-c', code, path)) as Record<string, string[]>;
    expect(Object.keys(ports).sort()).toEqual(['IpsApiSoap12Port', 'IpsApiSoapPort']);
    for (const names of Object.values(ports)) expect(names).toHaveLength(operations);
  });

  it('is turned into C++ by gSOAP', (context) => {
    need(context, 'wsdl2h', '-V');
    const out = join(mkdtempSync(join(tmpdir(), 'gsoap-')), 'ips.h');
    run('wsdl2h', '-O2', '-o', out, path);
    const header = readFileSync(out, 'utf8');
    const lines = header.matchAll(/^\/\/gsoap \w+ +service method-input-action:\s+\w+\s+(\w+)/gm);
    // Both ports' operations are listed, under names that differ; their action is the operation's name.
    const methods = new Set([...lines].map(([, action]) => action));
    expect(methods.size).toBe(operations);
  });

  it('is loaded by soap', async () => {
    const client = await soap.createClientAsync(path);
    const { IpsApiService } = client.describe() as Record<string, Record<string, Record<string, unknown>>>;
    expect(Object.keys(IpsApiService ?? {})).toEqual(['IpsApiSoapPort', 'IpsApiSoap12Port']);
    for (const port of Object.values(IpsApiService ?? {})) expect(Object.keys(port)).toHaveLength(operations);
  });

  it('is loaded by strong-soap', async () => {
    type Callback = (
      error: Error | null,
      client: { describe(): Record<string, Record<string, object>> },
    ) => void;
    const strong = createRequire(import.meta.url)('strong-soap') as {
      soap: { createClient(path: string, options: object, callback: Callback): void };
    };
    const description = await new Promise<Record<string, Record<string, object>>>((resolve, reject) => {
      strong.soap.createClient(path, {}, (error, client) =>
        error ? reject(error) : resolve(client.describe()),
      );
    });
    for (const port of Object.values(description['IpsApiService'] ?? {})) {
      expect(Object.keys(port).length).toBe(operations);
    }
    expect(Object.keys(description['IpsApiService'] ?? {})).toHaveLength(2);
  });
});
