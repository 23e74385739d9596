// What a fault keeps: everything that SOAP lets a service say, in documents as SOAP stacks write them.
import { codec, type DecodeResponseOptions, IpsFault } from '@ips-sdk/wire';
import { describe, expect, it } from 'vitest';

function faultIn(body: string, options: DecodeResponseOptions = {}, soap: '1.1' | '1.2' = '1.1'): IpsFault {
  const uri =
    soap === '1.1' ? 'http://schemas.xmlsoap.org/soap/envelope/' : 'http://www.w3.org/2003/05/soap-envelope';
  const xml = `<e:Envelope xmlns:e="${uri}"><e:Body><e:Fault>${body}</e:Fault></e:Body></e:Envelope>`;
  try {
    codec.decodeResponse('stopJob', xml, options);
  } catch (error) {
    if (error instanceof IpsFault) return error;
    throw error;
  }
  throw new Error('expected a fault');
}

const API =
  '<f:ipsApiFault xmlns:f="http://www.scene7.com/IpsApi/xsd"><f:code>30001</f:code><f:reason>Bad</f:reason>';
const V11 = '<faultcode>soapenv:Server</faultcode><faultstring>Broken</faultstring>';

describe('the detail of a fault', () => {
  it('is kept where no fault of the service describes it', () => {
    const axis =
      '<detail><ns1:stackTrace xmlns:ns1="http://xml.apache.org/axis/">at A&#10;at B</ns1:stackTrace>' +
      '<ns1:hostname xmlns:ns1="http://xml.apache.org/axis/">ips1</ns1:hostname></detail>';
    expect(faultIn(V11 + axis)).toMatchObject({
      kind: 'soap',
      reason: 'Broken',
      detail: { stackTrace: 'at A\nat B', hostname: 'ips1' },
    });
  });

  it('is kept beside and inside of a fault of the service, without what that says already', () => {
    const more = `${API}<f:hint><f:line>3</f:line></f:hint></f:ipsApiFault>`;
    expect(faultIn(`${V11}<detail>${more}<host>ips1</host></detail>`)).toMatchObject({
      kind: 'api',
      code: 30001,
      detail: { ipsApiFault: { hint: { line: '3' } }, host: 'ips1' },
    });
    expect(faultIn(`${V11}<detail>${API}</f:ipsApiFault></detail>`).detail).toBeUndefined();
  });

  it('may repeat elements, be text, or be empty', () => {
    expect(faultIn(`${V11}<detail><e>1</e><e>2</e></detail>`).detail).toEqual({ e: ['1', '2'] });
    expect(faultIn(`${V11}<detail> <![CDATA[<trace>]]> </detail>`).detail).toBe('<trace>');
    expect(faultIn(`${V11}<detail/>`).detail).toBeUndefined();
    expect(faultIn(V11).detail).toBeUndefined();
  });
});

describe('text between the elements of a detail', () => {
  it('is kept under #text, at any depth', () => {
    const mixed = '<detail>at noon <host>ips1</host> on <trace>line <n>3</n></trace></detail>';
    expect(faultIn(V11 + mixed).detail).toEqual({
      '#text': 'at noon  on',
      host: 'ips1',
      trace: { '#text': 'line', n: '3' },
    });
    expect(faultIn(`${V11}<detail><items>1</items>and<items>2</items></detail>`).detail).toEqual({
      '#text': 'and',
      items: ['1', '2'],
    });
  });

  it('is kept beside and inside of a fault of the service', () => {
    expect(faultIn(`${V11}<detail>see the log${API}</f:ipsApiFault></detail>`).detail).toBe('see the log');
    expect(faultIn(`${V11}<detail>${API}see the log</f:ipsApiFault></detail>`).detail).toEqual({
      ipsApiFault: 'see the log',
    });
  });
});

describe('a code that is not a number', () => {
  const fault = (code: string): string =>
    `<f:ipsApiFault xmlns:f="http://www.scene7.com/IpsApi/xsd"><f:code>${code}</f:code><f:reason>Bad</f:reason>` +
    '<f:hint>3</f:hint></f:ipsApiFault>';

  it.each(['E42', '-1', '4000000000', '3.5'])('is kept as it was written: %s', (code) => {
    const expected = {
      kind: 'api',
      code: undefined,
      rawCode: code,
      reason: 'Bad',
      message: `stopJob: Bad (${code})`,
      detail: { ipsApiFault: { hint: '3' } },
    };
    expect(faultIn(`${V11}<detail>${fault(code)}</detail>`)).toMatchObject(expected);
    // Without an envelope, too.
    const read = (): unknown => codec.decodeResponse('stopJob', fault(code));
    expect(read).toThrow(IpsFault);
    expect(read).toThrow(expect.objectContaining(expected));
  });

  it('is absent when there is none, or a number', () => {
    expect(faultIn(`${V11}<detail>${fault('')}</detail>`).rawCode).toBeUndefined();
    expect(faultIn(`${V11}<detail>${fault('30001')}</detail>`)).toMatchObject({
      code: 30001,
      rawCode: undefined,
    });
  });
});

describe('a fault as a message', () => {
  it.each([
    ['IpsApiFault', 'api'],
    ['AuthenticationFault', 'authentication'],
    ['AuthorizationFault', 'authorization'],
  ] as const)('is read as it was written: %s', (message, kind) => {
    const fault = { code: 30001, reason: 'Bad <handle>' };
    const xml = codec.encodeMessage(message, fault);
    expect(codec.decodeMessage(message, xml)).toEqual(fault);
    expect(() => codec.decodeMessage('AuthHeader', xml)).toThrow(/^expected <authHeader>/);
    // As an answer, it is thrown.
    expect(() => codec.decodeResponse('stopJob', xml)).toThrow(expect.objectContaining({ kind, ...fault }));
  });

  it('is checked in strict mode', () => {
    const xml =
      '<ipsApiFault xmlns="http://www.scene7.com/IpsApi/xsd"><code>E42</code><reason/></ipsApiFault>';
    expect(() => codec.decodeMessage('IpsApiFault', xml, { strict: true })).toThrow(/ipsApiFault\.code/);
  });
});

describe('the actor of a fault', () => {
  it('is the faultactor of SOAP 1.1 and the Role of SOAP 1.2', () => {
    expect(faultIn(`${V11}<faultactor>urn:gateway</faultactor>`).actor).toBe('urn:gateway');
    const code =
      '<e:Code><e:Value>e:Receiver</e:Value></e:Code><e:Reason><e:Text xml:lang="en">Off</e:Text></e:Reason>';
    expect(faultIn(`${code}<e:Role>urn:gateway</e:Role>`, {}, '1.2').actor).toBe('urn:gateway');
    expect(faultIn(V11).actor).toBeUndefined();
  });
});

describe('the reasons of a fault', () => {
  const reasons = (...texts: (readonly [text: string, language?: string])[]): string =>
    `<e:Code><e:Value>e:Receiver</e:Value></e:Code><e:Reason>${texts
      .map(([text, lang]) => `<e:Text${lang === undefined ? '' : ` xml:lang="${lang}"`}>${text}</e:Text>`)
      .join('')}</e:Reason>`;

  it('are all kept, with their languages', () => {
    expect(faultIn(reasons(['Kaputt', 'de'], ['Broken', 'en-US'], ['?']), {}, '1.2').reasons).toEqual([
      { text: 'Kaputt', language: 'de' },
      { text: 'Broken', language: 'en-US' },
      { text: '?', language: undefined },
    ]);
    expect(faultIn(V11).reasons).toEqual([{ text: 'Broken', language: undefined }]);
  });

  it.each([
    [
      'English first',
      [
        ['Kaputt', 'de'],
        ['Broken', 'en-US'],
      ],
      'de-DE',
      'Broken',
    ],
    [
      'then the language of the caller',
      [
        ['Cassé', 'fr'],
        ['Kaputt', 'de'],
      ],
      'de_DE',
      'Kaputt',
    ],
    [
      'then the first',
      [
        ['Cassé', 'fr'],
        ['Roto', 'es'],
      ],
      'de',
      'Cassé',
    ],
    [
      'and the first without a language of the caller',
      [
        ['Cassé', 'fr'],
        ['Roto', 'es'],
      ],
      undefined,
      'Cassé',
    ],
  ] as const)('are looked through for one: %s', (_name, texts, language, expected) => {
    const fault = faultIn(reasons(...texts), { language }, '1.2');
    expect([fault.reason, fault.faultString]).toEqual([expected, expected]);
  });
});

it('carries the HTTP status and the wait that the answer asks for', () => {
  expect(faultIn(V11, { httpStatus: 503, retryAfter: 2000 })).toMatchObject({
    httpStatus: 503,
    retryAfter: 2000,
  });
});
