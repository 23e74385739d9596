import { describe, expect, it } from 'vitest';
import { readWsdl } from '../src/index.js';
import { diagnosticsOf, wsdlWith } from './support/wsdl.js';

const library = readWsdl(new URL('./fixtures/library/library.wsdl', import.meta.url).pathname);
const type = (name: string) => {
  const found = library.types.find((t) => t.name === name);
  if (found?.kind !== 'complex') throw new Error(`no complex type ${name}`);
  return found;
};

/** Reads a document from memory. */
const read = (text: string, path = 'service.wsdl') => readWsdl(path, { readFile: () => text });

describe('reading a WSDL', () => {
  it('keeps operations, messages, actions and addresses', () => {
    expect(library.service).toBe('Library');
    expect(library.operations.map((o) => [o.name, o.soapAction])).toEqual([
      ['findItems', 'urn:find'],
      ['lend', 'urn:lend'],
    ]);
    expect(library.ports).toEqual([
      {
        name: 'LibraryPort',
        binding: 'LibrarySoap',
        soapVersion: '1.1',
        address: 'http://localhost/library',
      },
    ]);
    expect(library.operations[1]?.faults.map((f) => f.xmlName)).toEqual(['notAvailable']);
  });

  it('follows imports and includes, the latter into the namespace of the including schema', () => {
    expect(type('Book').namespace).toBe('urn:example:library:items');
    expect(library.types.find((t) => t.name === 'Isbn')?.namespace).toBe('urn:example:library:items');
  });

  it('reads extension as a base and does not repeat its fields', () => {
    expect(type('Book').base).toBe('Item');
    expect(type('Book').fields.map((f) => f.name)).toEqual(['isbn', 'pages', 'chapter']);
    expect(type('Item').abstract).toBe(true);
  });

  it('tells attributes, text content and elements apart', () => {
    expect(type('BookChapter').fields.map((f) => [f.name, f.attribute, f.text, f.min])).toEqual([
      ['_', false, true, 1],
      ['number', true, false, 1],
    ]);
  });

  it('gives the members of a choice their group and branch, and makes them optional', () => {
    const input = library.operations[0]?.input.fields ?? [];
    expect(input.map((f) => [f.name, f.min, f.choice])).toEqual([
      ['title', 0, { group: 1, branch: 1 }],
      ['shelf', 0, { group: 1, branch: 2 }],
      ['position', 0, { group: 1, branch: 2 }],
      ['addedSince', 0, undefined],
      ['window', 0, undefined],
    ]);
  });

  it('hoists anonymous types and names them after their path', () => {
    expect(type('FindItemsWindow').fields.map((f) => [f.name, f.nillable])).toEqual([
      ['from', false],
      ['until', true],
    ]);
  });

  it('keeps an element that is referenced in the namespace of its own schema', () => {
    const note = library.operations[0]?.output?.fields.find((f) => f.name === 'note');
    expect(note?.namespace).toBe('urn:example:library:items');
  });

  it('reads enumerations and other facets', () => {
    const format = library.types.find((t) => t.name === 'Format');
    expect(format?.kind === 'simple' && format.enumeration).toEqual(['LP', "Single's", '*/ alert(1) /*']);
    const isbn = library.types.find((t) => t.name === 'Isbn');
    expect(isbn?.kind === 'simple' && { ...isbn.facets }).toEqual({ pattern: '[0-9]{13}' });
  });

  it('multiplies the cardinalities of nested groups', () => {
    const contract = read(
      wsdlWith(`<xs:complexType name="A"><xs:sequence maxOccurs="unbounded">
        <xs:element name="x" type="xs:int"/><xs:sequence minOccurs="0"><xs:element name="y" type="xs:int" maxOccurs="3"/></xs:sequence>
        <xs:element name="z" type="xs:int" maxOccurs="0"/></xs:sequence></xs:complexType>`),
    );
    const a = contract.types[0];
    expect(a?.kind === 'complex' && a.fields.map((f) => [f.name, f.min, f.max])).toEqual([
      ['x', 1, Number.POSITIVE_INFINITY],
      ['y', 0, Number.POSITIVE_INFINITY],
    ]);
  });
});

describe('what it does not support', () => {
  const unsupported: [name: string, components: string, expected: RegExp][] = [
    [
      'a group that no schema defines',
      '<xs:complexType name="A"><xs:group ref="t:G"/></xs:complexType>',
      /<xs:group> refers to \{urn:t\}G, which no schema defines/,
    ],
    [
      'a group inside itself',
      '<xs:group name="G"><xs:sequence><xs:group ref="t:G"/></xs:sequence></xs:group><xs:complexType name="A"><xs:group ref="t:G"/></xs:complexType>',
      /<xs:group> contains itself/,
    ],
    [
      'more than one any',
      '<xs:complexType name="A"><xs:sequence><xs:any/><xs:element name="a"/><xs:any/></xs:sequence></xs:complexType>',
      /"A" has more than one <any>/,
    ],
    [
      'mixed content that extends',
      '<xs:complexType name="A"><xs:complexContent mixed="true"><xs:extension base="t:B"/></xs:complexContent></xs:complexType><xs:complexType name="B"/>',
      /mixed content that extends a type is not supported/,
    ],
    [
      'an element that the base has too',
      '<xs:complexType name="A"><xs:complexContent><xs:extension base="t:B"><xs:sequence><xs:element name="x"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType><xs:complexType name="B"><xs:sequence><xs:element name="x"/></xs:sequence></xs:complexType>',
      /"A" has the element "x" and inherits another from "B"/,
    ],
    [
      'an abstract element without substitutes',
      '<xs:complexType name="A"><xs:sequence><xs:element ref="t:h"/></xs:sequence></xs:complexType><xs:element name="h" abstract="true"/>',
      /abstract element \{urn:t\}h, which no other element replaces/,
    ],
    [
      'SOAP encoding',
      '<xs:complexType name="A"><xs:sequence><xs:element name="x" type="e:Array" xmlns:e="http://schemas.xmlsoap.org/soap/encoding/"/></xs:sequence></xs:complexType>',
      /"Array" is a type of SOAP encoding/,
    ],
    [
      'key',
      '<xs:complexType name="A"><xs:sequence><xs:key name="k"/></xs:sequence></xs:complexType>',
      /<xs:key>/,
    ],
    [
      'a built-in type that does not exist',
      '<xs:complexType name="A"><xs:sequence><xs:element name="x" type="xs:sting"/></xs:sequence></xs:complexType>',
      /built-in type "sting"/,
    ],
    [
      'unknown type',
      '<xs:complexType name="A"><xs:sequence><xs:element name="x" type="t:Nope"/></xs:sequence></xs:complexType>',
      /no schema defines the type \{urn:t\}Nope/,
    ],
    [
      'undeclared prefix',
      '<xs:complexType name="A"><xs:sequence><xs:element name="x" type="zz:Nope"/></xs:sequence></xs:complexType>',
      /prefix of type="zz:Nope" is not declared/,
    ],
    [
      'circular extension',
      '<xs:complexType name="A"><xs:complexContent><xs:extension base="t:A"/></xs:complexContent></xs:complexType>',
      /"A" extends itself/,
    ],
    [
      'duplicate',
      '<xs:complexType name="A"/><xs:complexType name="A"><xs:attribute name="a"/></xs:complexType>',
      /"A" is already defined at service\.wsdl:5/,
    ],
    ['redefine', '<xs:redefine schemaLocation="x.xsd"/>', /<xs:redefine> is not supported/],
    ['remote schema', '<xs:include schemaLocation="http://127.0.0.1:1/x.xsd"/>', /not a relative path/],
  ];

  it.each(unsupported)('stops at %s, naming it with file and line', (_name, components, expected) => {
    const [first] = diagnosticsOf(() => read(wsdlWith(components)));
    expect(first?.message).toMatch(expected);
    expect(first?.position).toMatchObject({ file: 'service.wsdl', line: 5 });
  });

  it('stops at rpc style, encoded use, type parts and foreign transports', () => {
    const messages = (text: string) => diagnosticsOf(() => read(text)).map((d) => d.message);
    const rpc = '<soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>';
    const advice = 'generate from a document/literal binding of the service';
    expect(messages(wsdlWith('', { binding: rpc }))).toEqual([`style="rpc" is not supported; ${advice}`]);
    expect(messages(wsdlWith('').replaceAll('use="literal"', 'use="encoded"'))).toContain(
      `use="encoded" is not supported; ${advice}`,
    );
    expect(messages(wsdlWith('').replaceAll('element="t:call"', 'type="xs:string"'))[0]).toMatch(
      /message part with a type/,
    );
    const jms = '<soap:binding transport="http://www.example.org/jms"/>';
    expect(messages(wsdlWith('', { binding: jms }))).toEqual([
      'transport="http://www.example.org/jms" is not supported',
    ]);
  });

  it('stops at an extension that the document requires, and passes over others', () => {
    const extension = '<x:policy xmlns:x="urn:x"/>';
    expect(read(wsdlWith('', { extra: extension })).service).toBe('S');
    const required = extension.replace(
      '/>',
      ' w:required="true" xmlns:w="http://schemas.xmlsoap.org/wsdl/"/>',
    );
    expect(diagnosticsOf(() => read(wsdlWith('', { extra: required })))[0]?.message).toMatch(
      /required extension <x:policy>/,
    );
  });

  it('reports all findings of a document at once', () => {
    const components =
      '<xs:complexType name="A"><xs:sequence><xs:key/></xs:sequence></xs:complexType>\n<xs:notation name="n"/>';
    expect(diagnosticsOf(() => read(wsdlWith(components))).map((d) => [d.code, d.position.line])).toEqual([
      ['unsupported-construct', 6],
      ['unsupported-construct', 5],
    ]);
  });
});

describe('hostile documents', () => {
  it('refuses a DOCTYPE', () => {
    const text = `<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>${wsdlWith('').replace(/^.*\n/, '')}`;
    expect(diagnosticsOf(() => read(text))[0]).toMatchObject({ code: 'doctype', position: { line: 1 } });
  });

  it('says where a document is malformed', () => {
    expect(diagnosticsOf(() => read('<a>\n<b>\n</a>'))[0]).toMatchObject({
      code: 'malformed-xml',
      position: { line: 3 },
    });
    expect(diagnosticsOf(() => read(''))[0]?.code).toBe('malformed-xml');
  });

  it('refuses deep nesting', () => {
    const text = `${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`;
    expect(diagnosticsOf(() => read(text))[0]?.code).toBe('too-deep');
  });

  it('refuses names that are not XML names', () => {
    const evil = `x: string }; process.exit(1); export interface Y { y`;
    for (const components of [
      `<xs:complexType name="${evil}"/>`,
      `<xs:complexType name="A"><xs:sequence><xs:element name="${evil}" type="xs:int"/></xs:sequence></xs:complexType>`,
      `<xs:complexType name="A"><xs:attribute name="${evil}" type="xs:int"/></xs:complexType>`,
    ]) {
      expect(diagnosticsOf(() => read(wsdlWith(components)))[0]?.code).toBe('bad-name');
    }
  });

  it('says which file cannot be read', () => {
    expect(diagnosticsOf(() => readWsdl('no/such.wsdl'))[0]).toMatchObject({
      code: 'unreadable-file',
      message: 'cannot read "no/such.wsdl": no such file',
    });
  });
});
