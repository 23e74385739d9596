// What the generator emits for other services than IPS, option by option: the codec writes and reads it, or refuses it by name.
import { describe, expect, it } from 'vitest';
import { codecOf, wsdlOf } from './support/foreign-codec.js';

const SEQUENCE = (...elements: string[]) => `<xs:sequence>${elements.join('')}</xs:sequence>`;

/** Writes a value and reads it back strictly, as a request and as an answer; returns what stands in the message. */
async function roundTrip(wsdl: string, value: object): Promise<string> {
  const { codec } = await codecOf(wsdl);
  const xml = codec.encodeRequest('call', value, { dialect: 'plain', header: undefined });
  const answer = codec.encodeResponse('call', value);
  expect(codec.decodeResponse('call', answer, { strict: true }).value).toEqual(value);
  const request = codec.encodeRequest('call', value);
  expect(codec.decodeRequest(request, { strict: true }).input).toEqual(value);
  expect(xml).toContain('xmlns="urn:t"');
  return /<call xmlns="urn:t"([\s\S]*)<\/call>/.exec(request)?.[1]?.replace(/^>/, '') ?? request;
}

describe('options of a contract table', () => {
  it.each<[kind: string, content: string, value: object, xml: string]>([
    [
      'an element that repeats without an array type',
      SEQUENCE(
        '<xs:element name="a" type="xs:int" maxOccurs="3"/>',
        '<xs:element name="b" type="xs:string"/>',
      ),
      { a: [1, 2], b: 'x' },
      '<a>1</a><a>2</a><b>x</b>',
    ],
    [
      'an element that may be nil',
      SEQUENCE(
        '<xs:element name="a" type="xs:int" nillable="true"/>',
        '<xs:element name="b" type="xs:string" nillable="true" maxOccurs="5"/>',
      ),
      { a: null, b: ['x', null] },
      '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/><b>x</b>' +
        '<b xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>',
    ],
    [
      'elements without a namespace',
      SEQUENCE(
        '<xs:element name="a" type="xs:string" form="unqualified"/>',
        '<xs:element name="b" type="xs:int"/>',
      ),
      { a: 'x', b: 1 },
      '<a xmlns="">x</a><b>1</b>',
    ],
    [
      'a choice, one branch of it',
      '<xs:choice><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/></xs:choice>',
      { b: 2 },
      '<b>2</b>',
    ],
    [
      'a choice that repeats',
      '<xs:choice maxOccurs="unbounded"><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/></xs:choice>',
      { a: [1, 3], b: [2] },
      '<a>1</a><a>3</a><b>2</b>',
    ],
    [
      'elements that the schema does not name, as XML',
      SEQUENCE('<xs:element name="a" type="xs:int"/>', '<xs:any maxOccurs="unbounded"/>'),
      { a: 1, $any: ['<x:b xmlns:x="urn:x" y="1"><x:c/>t &amp; u</x:b>', '<d xmlns="urn:d"/>'] },
      '<a>1</a><x:b xmlns:x="urn:x" y="1"><x:c/>t &amp; u</x:b><d xmlns="urn:d"/>',
    ],
    [
      'any content, as XML',
      SEQUENCE('<xs:element name="a"/>'),
      { a: 'x <b xmlns="urn:t">1</b> y' },
      '<a>x <b xmlns="urn:t">1</b> y</a>',
    ],
    [
      'names that JavaScript has for itself',
      SEQUENCE(
        '<xs:element name="__proto__" type="xs:int"/>',
        '<xs:element name="constructor" type="xs:int"/>',
      ),
      { $__proto__: 1, constructor: 2 },
      '<__proto__>1</__proto__><constructor>2</constructor>',
    ],
  ])('%s', async (_kind, content, value, xml) => {
    expect(await roundTrip(wsdlOf(content), value)).toBe(xml);
  });

  it('attributes, one of which is named like an element and one in the namespace xml', async () => {
    const content =
      SEQUENCE('<xs:element name="a" type="xs:int"/>') +
      '<xs:attribute name="a" type="xs:boolean" use="required"/><xs:attribute ref="xml:lang"/><xs:attribute name="s" type="xs:string"/>';
    expect(await roundTrip(wsdlOf(content), { a: 1, $a: true, lang: 'de', s: '"<\n' })).toBe(
      ' a="true" xml:lang="de" s="&quot;&lt;&#xA;"><a>1</a>',
    );
  });

  it('attributes that the schema does not name, by their qualified names', async () => {
    const open =
      '<xs:complexType name="O"><xs:attribute name="id" type="xs:int"/><xs:anyAttribute/></xs:complexType>';
    const derived =
      '<xs:complexType name="D"><xs:complexContent><xs:extension base="t:O"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>';
    const wsdl = wsdlOf(SEQUENCE('<xs:element name="d" type="t:D"/>'), open + derived);
    const $attributes = { plain: '"', '{urn:x}y': 'z', '{http://www.w3.org/XML/1998/namespace}lang': 'de' };
    expect(await roundTrip(wsdl, { d: { id: 1, $attributes, a: 2 } })).toBe(
      '<d id="1" plain="&quot;" xmlns:o1="urn:x" o1:y="z" xml:lang="de"><a>2</a></d>',
    );
    const { codec } = await codecOf(wsdl);
    for (const key of ['a b', 'xmlns', 'id', '{http://www.w3.org/2000/xmlns/}p', 'x:y'])
      expect(() => codec.encodeRequest('call', { d: { $attributes: { [key]: '1' }, a: 2 } })).toThrow(
        'call.d.$attributes',
      );
  });

  it('the text of an element that has attributes', async () => {
    const price =
      '<xs:complexType name="Price"><xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="unit" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType>';
    const wsdl = wsdlOf(SEQUENCE('<xs:element name="p" type="t:Price" maxOccurs="2"/>'), price);
    expect(await roundTrip(wsdl, { p: [{ $value: '1.50', unit: 'EUR' }, { $value: '2' }] })).toBe(
      '<p unit="EUR">1.50</p><p>2</p>',
    );
  });

  it('mixed content with attributes, as XML', async () => {
    const mixed =
      '<xs:complexType name="M" mixed="true"><xs:sequence><xs:element name="b"/></xs:sequence><xs:attribute name="id" type="xs:int"/></xs:complexType>';
    const wsdl = wsdlOf(SEQUENCE('<xs:element name="m" type="t:M"/>'), mixed);
    expect(await roundTrip(wsdl, { m: { $value: 'a<b xmlns="urn:t">c</b>d', id: 3 } })).toBe(
      '<m id="3">a<b xmlns="urn:t">c</b>d</m>',
    );
  });

  it('types, references and bases of another namespace', async () => {
    const other = `<xs:schema targetNamespace="urn:o" elementFormDefault="qualified"><xs:element name="ref" type="xs:int"/>
      <xs:complexType name="Base"><xs:sequence><xs:element name="inner" type="xs:string"/></xs:sequence></xs:complexType></xs:schema>`;
    const derived =
      '<xs:complexType name="D"><xs:complexContent><xs:extension base="o:Base"><xs:sequence><xs:element name="own" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>';
    const content = SEQUENCE(
      '<xs:element ref="o:ref"/>',
      '<xs:element name="x" type="o:Base"/>',
      '<xs:element name="d" type="t:D"/>',
    );
    const value = { ref: 1, x: { inner: 'a' }, d: { inner: 'b', own: 2 } };
    expect(await roundTrip(wsdlOf(content, derived, other), value)).toBe(
      '<ref xmlns="urn:o">1</ref><x><inner xmlns="urn:o">a</inner></x><d><inner xmlns="urn:o">b</inner><own>2</own></d>',
    );
  });

  it('arrays in arrays, and an element inside itself', async () => {
    const types = `<xs:complexType name="Row"><xs:sequence><xs:element name="c" type="xs:int" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
      <xs:complexType name="Grid"><xs:sequence><xs:element name="r" type="t:Row" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
      <xs:element name="node"><xs:complexType><xs:sequence><xs:element name="n" type="xs:int"/><xs:element ref="t:node" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>`;
    const content = SEQUENCE('<xs:element name="g" type="t:Grid"/>', '<xs:element ref="t:node"/>');
    expect(await roundTrip(wsdlOf(content, types), { g: [[1, 2], []], node: { n: 1, node: { n: 2 } } })).toBe(
      '<g><r><c>1</c><c>2</c></r><r/></g><node><n>1</n><node><n>2</n></node></node>',
    );
  });

  it('the members of a substitution group', async () => {
    const shapes =
      '<xs:element name="shape" abstract="true"/><xs:element name="circle" type="xs:int" substitutionGroup="t:shape"/><xs:element name="line" type="xs:string" substitutionGroup="t:shape"/>';
    expect(await roundTrip(wsdlOf(SEQUENCE('<xs:element ref="t:shape"/>'), shapes), { line: 'x' })).toBe(
      '<line>x</line>',
    );
  });

  it('refuses an abstract type and a sequence that repeats, by their names', async () => {
    const base =
      '<xs:complexType name="A" abstract="true"><xs:sequence/></xs:complexType><xs:complexType name="B"><xs:complexContent><xs:extension base="t:A"/></xs:complexContent></xs:complexType>';
    const abstract = await codecOf(wsdlOf(SEQUENCE('<xs:element name="a" type="t:A"/>'), base));
    expect(() => abstract.codec.encodeRequest('call', { a: {} })).toThrow('the type "A" is abstract');
    const turns = await codecOf(
      wsdlOf(
        '<xs:sequence maxOccurs="9"><xs:element name="k" type="xs:int"/><xs:element name="v" type="xs:int"/></xs:sequence>',
      ),
    );
    // The second time as well.
    for (const value of [{ k: [1], v: [2] }, {}]) {
      expect(() => turns.codec.encodeRequest('call', value)).toThrow(
        'repeated sequences of several elements are not supported',
      );
    }
  });
});

describe('values that a contract excludes', () => {
  const codec = async (content: string, components?: string) =>
    (await codecOf(wsdlOf(content, components))).codec;
  const body = (xml: string) =>
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><answer xmlns="urn:t">${xml}</answer></e:Body></e:Envelope>`;

  it('two branches of a choice', async () => {
    const choice = await codec(
      '<xs:choice><xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/></xs:choice>',
    );
    expect(() => choice.encodeRequest('call', { a: 1, b: 2 })).toThrow(
      'call.b: the field and "a" are mutually exclusive',
    );
    expect(() => choice.decodeResponse('call', body('<a>1</a><b>2</b>'), { strict: true })).toThrow(
      'answer.b: the contract allows only one of <b> and <a>',
    );
  });

  it('a value that an enumeration lacks; a lenient reader keeps it', async () => {
    const simple =
      '<xs:simpleType name="E"><xs:restriction base="xs:string"><xs:enumeration value="A"/><xs:enumeration value="B"/></xs:restriction></xs:simpleType>';
    const closed = await codec(SEQUENCE('<xs:element name="e" type="t:E"/>'), simple);
    expect(() => closed.encodeRequest('call', { e: 'C' })).toThrow('call.e: found "C", expected one of A, B');
    expect(() => closed.decodeResponse('call', body('<e>C</e>'), { strict: true })).toThrow('answer.e');
    const issues: string[] = [];
    const onIssue = ({ code }: { code: string }) => void issues.push(code);
    expect(closed.decodeResponse('call', body('<e>C</e>'), { onIssue }).value).toEqual({ e: 'C' });
    expect(issues).toEqual(['bad-value']);
  });

  it.each([
    ['unsignedLong', [0, 1, 18446744073709551615n], [-1, 18446744073709551616n, 1.5]],
    ['nonNegativeInteger', [0, 10n ** 30n], [-1, -(10n ** 30n)]],
    ['positiveInteger', [1], [0]],
    ['nonPositiveInteger', [0, -(10n ** 30n)], [1]],
    ['negativeInteger', [-1], [0]],
    ['integer', [0, -(10n ** 30n), 10n ** 30n], ['1']],
    ['long', [0, 9223372036854775807n], [9223372036854775808n]],
    ['unsignedByte', [255], [256, -1]],
  ])('an integer out of the range of xsd:%s', async (type, good, bad) => {
    const one = await codec(SEQUENCE(`<xs:element name="i" type="xs:${type}"/>`));
    for (const i of good) {
      const xml = one.encodeResponse('call', { i });
      const { value } = one.decodeResponse('call', xml, { strict: true, longs: 'bigint' });
      expect(value).toEqual({ i });
    }
    for (const i of bad) expect(() => one.encodeRequest('call', { i })).toThrow('call.i');
  });

  it('XML that is not well-formed, that is no element, or that leaves its place', async () => {
    const any = await codec(SEQUENCE('<xs:any/>'));
    for (const $any of [
      'text',
      '<a>',
      '<a/><b/>',
      '</call>',
      '<?xml version="1.0"?><a/>',
      '<!DOCTYPE a><a/>',
      '<x:a/>',
      7,
    ])
      expect(() => any.encodeRequest('call', { $any })).toThrow(/call\.\$any/);
    expect(any.encodeRequest('call', { $any: '<a/>' })).toContain('<call xmlns="urn:t"><a xmlns=""/></call>');
    const open = await codec(SEQUENCE('<xs:element name="x"/>'));
    for (const x of ['</x><x>', '<a>', 'a & b', '<p:a/>'])
      expect(() => open.encodeRequest('call', { x })).toThrow(/call\.x/);
  });
});

it('elements of one name in two namespaces are told apart by their namespace', async () => {
  const other = '<xs:schema targetNamespace="urn:o"><xs:element name="answer" type="xs:int"/></xs:schema>';
  const wsdl = wsdlOf(SEQUENCE('<xs:element name="a" type="xs:int"/>'), '', other).replace(
    '<output message="t:out"/></operation>',
    '<output message="t:out"/><fault name="f" message="t:f"/></operation>',
  );
  const { codec } = await codecOf(
    wsdl.replace('<portType', '<message name="f"><part name="p" element="o:answer"/></message><portType'),
  );
  const xml = codec.encodeResponse('call', { a: 1 });
  expect(codec.decodeResponse('call', xml, { strict: true }).value).toEqual({ a: 1 });
  const fault = codec.contract.faults[0] ?? '';
  expect(codec.decodeMessage(fault, '<answer xmlns="urn:o">5</answer>', { strict: true })).toEqual({
    $value: 5,
  });
});

it('XML that is kept stands alone: it has the namespaces of elements around it', async () => {
  const { codec } = await codecOf(wsdlOf(SEQUENCE('<xs:any/>')));
  const xml =
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:q="urn:q"><e:Body><t:answer xmlns:t="urn:t" xmlns="urn:d">' +
    '<a type="q:b"><q:c/><!-- no --><![CDATA[<]]></a></t:answer></e:Body></e:Envelope>';
  expect(codec.decodeResponse('call', xml, { strict: true }).value).toEqual({
    $any: '<a xmlns:q="urn:q" xmlns="urn:d" type="q:b"><q:c/>&lt;</a>',
  });
});

it('a message that is called as the wrapper of the form without an envelope is a message', async () => {
  const wsdl = wsdlOf(SEQUENCE('<xs:element name="a" type="xs:int"/>'));
  const { codec } = await codecOf(
    wsdl.replace('element name="call"', 'element name="Request"').replace('t:call', 't:Request'),
  );
  const xml = codec.encodeMessage('Request', { a: 1 });
  expect(codec.decodeMessage('Request', xml, { strict: true })).toEqual({ a: 1 });
});

it('a body without an element is written and read as an empty one', async () => {
  const wsdl = wsdlOf('<xs:sequence/>').replace('<part name="p" element="t:answer"/>', '');
  const { codec } = await codecOf(wsdl);
  const xml = codec.encodeResponse('call', {});
  expect(xml).toContain('<soapenv:Body></soapenv:Body>');
  expect(codec.decodeResponse('call', xml, { strict: true }).value).toEqual({});
});

async function all(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const item of items) found.push(item);
  return found;
}

it('elements that repeat without an array type are delivered one by one', async () => {
  const item =
    '<xs:complexType name="Item"><xs:sequence><xs:element name="n" type="xs:int"/><xs:element name="s" type="xs:string" minOccurs="0" maxOccurs="9"/></xs:sequence></xs:complexType>';
  const content = SEQUENCE(
    '<xs:element name="total" type="xs:int"/>',
    '<xs:element name="item" type="t:Item" maxOccurs="unbounded"/>',
  );
  const { codec } = await codecOf(wsdlOf(content, item));
  const value = { total: 2, item: [{ n: 1, s: ['a', 'b'] }, { n: 2 }] };
  const xml = codec.encodeResponse('call', value);
  let rest: unknown;
  const items = await all(codec.decodeItems('call', [xml], { onRest: (left) => void (rest = left) }));
  expect(items).toEqual(value.item);
  expect(rest).toEqual({ total: 2, item: [] });
  expect(await all(codec.decodeItems('call', [xml], { path: ['item', 's'] }))).toEqual(['a', 'b']);
});
