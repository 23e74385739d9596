// WSDLs of strangers that cannot be read as they are: each is refused with its place and with what to do about it, and nothing else
// than a refusal ever comes of a broken document.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { main } from '../src/cli.js';
import { emitContract } from '../src/emit/emit-contract.js';
import { emitTypes } from '../src/emit/emit-types.js';
import { annotate, CodegenError, readWsdl } from '../src/index.js';
import { diagnosticsOf, folderWith, wsdlWith } from './support/wsdl.js';

const OTHER = 'http://example.com/other.xsd';
const importing = wsdlWith(`<xs:import namespace="urn:o" schemaLocation="${OTHER}"/>`, {
  input: '<xs:element name="x" type="o:X" xmlns:o="urn:o"/>',
});
const other =
  '<xs:schema targetNamespace="urn:o" xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:simpleType name="X"><xs:restriction base="xs:int"/></xs:simpleType></xs:schema>';

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await main(args, { out: (text) => void (out += text), err: (text) => void (err += text) });
  return { code, out, err };
}

describe('locations that are not on disk', () => {
  it('are never fetched: the refusal says how to name the file', () => {
    const folder = folderWith({ 'service.wsdl': importing });
    const [first] = diagnosticsOf(() => readWsdl(join(folder, 'service.wsdl')));
    expect(first?.message).toContain(`--resolve ${OTHER}=FILE`);
    expect(first?.position).toMatchObject({ line: 6 });
  });

  it('are resolved by a file that the caller names, in a program and on the command line', async () => {
    const folder = folderWith({ 'service.wsdl': importing, 'saved.xsd': other });
    const [wsdl, saved] = [join(folder, 'service.wsdl'), join(folder, 'saved.xsd')];
    expect(readWsdl(wsdl, { resolve: { [OTHER]: saved } }).types.map((t) => t.name)).toEqual(['X']);
    const out = join(folder, 'out');
    const resolve = ['--resolve', `${OTHER}=${saved}`];
    expect(await run('generate', '--wsdl', wsdl, '--out', out, ...resolve)).toMatchObject({
      code: 0,
      err: '',
    });
    expect(await run('check', '--wsdl', wsdl, '--out', out, ...resolve)).toMatchObject({ code: 0, err: '' });
    expect(await run('diff', wsdl, wsdl, ...resolve)).toMatchObject({ code: 0, err: '' });
    expect((await run('generate', '--wsdl', wsdl, '--out', out, '--resolve', 'x')).err).toContain('URL=FILE');
  });

  it('resolve what a saved file refers to from its own folder, and a URL that contains =', () => {
    const url = 'http://example.com/other?xsd=1&v=2';
    const folder = folderWith({
      'service.wsdl': importing.replace(OTHER, url.replace('&', '&amp;')),
      'saved.xsd': other.replace('<xs:simpleType', '<xs:include schemaLocation="more.xsd"/><xs:simpleType'),
      'more.xsd': other.replaceAll('"X"', '"Y"'),
    });
    const contract = readWsdl(join(folder, 'service.wsdl'), {
      resolve: { [url]: join(folder, 'saved.xsd') },
    });
    expect(contract.types.map((t) => t.name)).toEqual(['X', 'Y']);
  });

  it('are refused for a WSDL, of which everything is needed', () => {
    const text = wsdlWith('').replace(
      '<types>',
      '<import namespace="urn:o" location="http://example.com/o.wsdl"/><types>',
    );
    const [first] = diagnosticsOf(() => readWsdl('service.wsdl', { readFile: () => text }));
    expect(first?.message).toContain('--resolve http://example.com/o.wsdl=FILE');
  });
});

describe('encodings', () => {
  const read = (bytes: Uint8Array) => readWsdl('service.wsdl', { readFile: () => bytes });
  const declared = (encoding: string) =>
    wsdlWith('<!-- é -->').replace('<?xml version="1.0"?>', `<?xml version="1.0" encoding="${encoding}"?>`);

  it.each([
    [
      'one that nothing here knows',
      Buffer.from(declared('x-klingon')),
      /encoding x-klingon is not supported/,
      1,
    ],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), /encoding utf-32le is not supported/, 1],
    ['EBCDIC', Buffer.from([0x4c, 0x6f, 0xa7, 0x94, 0x93]), /encoding ebcdic is not supported/, 1],
    [
      'bytes that are no UTF-8',
      Buffer.from(wsdlWith('<!-- é -->'), 'latin1'),
      /not valid utf-8, and it declares no other/,
      5,
    ],
    ['bytes that are not what is declared', Buffer.from(declared('utf-8'), 'latin1'), /not valid utf-8$/, 5],
    [
      'UTF-16 that is declared only',
      Buffer.from(declared('utf-16')),
      /declares utf-16, but is not encoded so; .*or save the file as utf-16/,
      1,
    ],
  ])('refuse %s', (_kind, bytes, expected, line) => {
    const [first] = diagnosticsOf(() => read(bytes));
    expect(first?.message).toMatch(expected);
    expect(first?.position.line).toBe(line);
  });

  it('guess UTF-16 without a mark', () => {
    expect(read(Buffer.from(declared('utf-16'), 'utf16le')).service).toBe('S');
  });
});

describe('refusals say what to do', () => {
  const services = wsdlWith('', {
    extra:
      '<service name="Z"><port name="P" binding="t:B"><soap:address location="http://localhost/z"/></port></service>',
  });
  const refusal = (text: string) =>
    diagnosticsOf(() => readWsdl('service.wsdl', { readFile: () => text }))[0]?.message;

  it('several services: which there are, and how to choose one', async () => {
    expect(refusal(services)).toBe('the document has 2 services: S, Z; choose one with --service');
    const folder = folderWith({ 'service.wsdl': services });
    const wsdl = join(folder, 'service.wsdl');
    expect(readWsdl(wsdl, { service: 'Z' }).ports[0]?.address).toBe('http://localhost/z');
    expect((await run('generate', '--wsdl', wsdl, '--out', join(folder, 'out'), '--service', 'Z')).code).toBe(
      0,
    );
    expect(
      (await run('generate', '--wsdl', wsdl, '--out', join(folder, 'out'), '--service', 'Y')).err,
    ).toContain('unknown service "Y"; the document has S, Z');
  });

  it.each<[kind: string, text: string, expected: RegExp]>([
    [
      'rpc',
      wsdlWith('').replace('soap:binding ', 'soap:binding style="rpc" '),
      /generate from a document\/literal binding/,
    ],
    [
      'a part with a type',
      wsdlWith('').replaceAll('element="t:call"', 'type="xs:string"'),
      /declare an element of that type and refer to it with element="…"/,
    ],
    [
      'parts',
      wsdlWith('').replace('<part name="p" element="t:call"/>', '$&<part name="q" element="t:call"/>'),
      /2 parts in its body; only one is supported: select it with parts="…" in soap:body/,
    ],
    [
      'attachments',
      wsdlWith('').replace(
        '<soap:body use="literal"/>',
        '<m:multipartRelated xmlns:m="http://schemas.xmlsoap.org/wsdl/mime/"/>',
      ),
      /bodies must be plain SOAP, without attachments or other protocols/,
    ],
    [
      'overloaded operations',
      wsdlWith('').replace(
        '</portType>',
        '<operation name="call"><input message="t:out"/></operation></portType>',
      ),
      /overloaded operations are not supported, so rename one/,
    ],
    [
      'a namespace without a schema',
      wsdlWith('', { input: '<xs:element name="x" type="o:X" xmlns:o="urn:o"/>' }),
      /import the schema of its namespace with a schemaLocation/,
    ],
    [
      'a draft of XML Schema',
      wsdlWith('').replace('</types>', '<schema xmlns="http://www.w3.org/2000/10/XMLSchema"/></types>'),
      /its namespace is from a draft/,
    ],
    ['WSDL 2.0', '<description xmlns="http://www.w3.org/ns/wsdl"/>', /get the WSDL 1.1 of the service/],
    [
      'a service that calls its clients',
      wsdlWith('').replace('<input message="t:in"/>', ''),
      /operations that the service starts are not supported/,
    ],
  ])('%s', (_kind, text, expected) => {
    expect(refusal(text)).toMatch(expected);
  });

  it('a chain of definitions longer than the stack is deep', () => {
    const chain = Array.from(
      { length: 30_000 },
      (_, i) => `<xs:simpleType name="T${i}"><xs:restriction base="t:T${i + 1}"/></xs:simpleType>`,
    );
    expect(refusal(wsdlWith(chain.join('')))).toMatch(/nested too deeply|no schema defines/);
  });
});

it('any document, however broken, ends in a contract or in findings with places', () => {
  const corpus = fileURLToPath(new URL('corpus/', import.meta.url));
  const names = readdirSync(corpus).filter((name) => name.endsWith('.wsdl') && !name.startsWith('encoding'));
  const counts = { read: 0, refused: 0 };
  let state = 1;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state % limit;
  };
  for (let i = 0; i < 1500; i += 1) {
    const text = readFileSync(join(corpus, names[i % names.length] ?? ''), 'utf8');
    const tags = [...text.matchAll(/<[^>]+>|"[^"]*"/g)];
    const one = tags[below(tags.length)];
    const two = tags[below(tags.length)];
    if (one === undefined || two === undefined) continue;
    // One tag or value takes the place of another, or goes.
    const kind = one[0].startsWith('<') === two[0].startsWith('<') && below(3) > 0 ? two[0] : '""';
    const broken = text.slice(0, one.index) + kind + text.slice(one.index + one[0].length);
    try {
      const contract = readWsdl('broken.wsdl', { readFile: () => broken });
      // What is read can be emitted, too.
      const annotated = annotate(contract, undefined);
      expect(emitContract(annotated).text).toContain('export const contract');
      expect(emitTypes(annotated).length).toBeGreaterThan(3);
      counts.read += 1;
    } catch (error) {
      if (!(error instanceof CodegenError)) throw new Error(broken, { cause: error });
      for (const { position } of error.diagnostics) expect(position.line).toBeGreaterThan(0);
      counts.refused += 1;
    }
  }
  expect(counts.read).toBeGreaterThan(100);
  expect(counts.refused).toBeGreaterThan(300);
});
