import { describe, expect, it } from 'vitest';
import { codec, type DecodeIssue, type DecodeOptions, IpsFault, WireError } from '../src/index.js';

const NS = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';
const soap = (body: string, header = '') =>
  `<?xml version="1.0" encoding="utf-8"?>\n<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">${header}<soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

/** Decodes and collects what was overcome. */
function decode(operation: string, xml: string, options: DecodeOptions = {}) {
  const issues: DecodeIssue[] = [];
  const { value, namespace } = codec.decodeResponse(operation as never, xml, {
    onIssue: (issue) => issues.push(issue),
    ...options,
  });
  return { value, namespace, issues: issues.map(({ code, path }) => `${code} ${path}`) };
}

function errorOf(run: () => unknown): WireError {
  try {
    run();
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error('expected a WireError');
}

const job = (fields: string) =>
  `<getActiveJobsReturn xmlns="${NS}"><jobArray><items><companyHandle>c|6</companyHandle><jobHandle>j|6||x|</jobHandle><name>x</name>` +
  '<originalName>x</originalName><type>UrlUpload</type><state>Running</state><submitUserEmail>a@b</submitUserEmail><serverName>s</serverName>' +
  `<startDate>2014-04-03T09:30:00.125-08:00</startDate><triggerTime>2014-04-03T09:30:00Z</triggerTime>${fields}</items></jobArray></getActiveJobsReturn>`;
const rest =
  '<totalSize>1</totalSize><progress>5</progress><progressMessage/><lastProgressUpdate>2014-04-03T09:30:00Z</lastProgressUpdate><taskProgressArray/>';

describe('decoding an answer', () => {
  it('reads types, keeps offsets, and an empty wrapper as an empty array', () => {
    const { value, issues } = decode('getActiveJobs', soap(job(rest)));
    expect(value).toEqual({
      jobArray: [
        {
          companyHandle: 'c|6',
          jobHandle: 'j|6||x|',
          name: 'x',
          originalName: 'x',
          type: 'UrlUpload',
          state: 'Running',
          submitUserEmail: 'a@b',
          serverName: 's',
          startDate: '2014-04-03T09:30:00.125-08:00',
          triggerTime: '2014-04-03T09:30:00Z',
          totalSize: 1,
          progress: 5,
          progressMessage: '',
          lastProgressUpdate: '2014-04-03T09:30:00Z',
          taskProgressArray: [],
        },
      ],
    });
    expect(issues).toEqual([]);
  });

  it('reads arrays of none, one and many', () => {
    const array = (items: string) =>
      decode(
        'checkAssetNames',
        soap(
          `<checkAssetNamesReturn xmlns="${NS}"><inUseNameArray>${items}</inUseNameArray></checkAssetNamesReturn>`,
        ),
      ).value;
    expect(array('')).toEqual({ inUseNameArray: [] });
    expect(array('<items>a</items>')).toEqual({ inUseNameArray: ['a'] });
    expect(array('<items>a</items>\n <items/><items> c </items>')).toEqual({
      inUseNameArray: ['a', '', ' c '],
    });
  });

  it('reads an operation without results as an empty object', () => {
    expect(decode('stopJob', soap(`<stopJobReturn xmlns="${NS}"/>`)).value).toEqual({});
    expect(decode('stopJob', soap(`<stopJobReturn xmlns="${NS}">\n</stopJobReturn>`)).value).toEqual({});
  });

  it.each([
    [
      'prefixes',
      `<p:createFolderReturn xmlns:p="${NS}"><p:folderHandle>f|x/</p:folderHandle></p:createFolderReturn>`,
    ],
    [
      'mixed prefixes',
      `<p:createFolderReturn xmlns:p="${NS}" xmlns:q="${NS}"><q:folderHandle>f|x/</q:folderHandle></p:createFolderReturn>`,
    ],
    [
      'single quotes',
      `<createFolderReturn xmlns='${NS}'><folderHandle>f|x/</folderHandle></createFolderReturn>`,
    ],
    [
      'comments',
      `<createFolderReturn xmlns="${NS}"><!-- a --><folderHandle>f|<!-- b -->x/</folderHandle></createFolderReturn>`,
    ],
    [
      'CDATA',
      `<createFolderReturn xmlns="${NS}"><folderHandle><![CDATA[f|]]>x/</folderHandle></createFolderReturn>`,
    ],
    [
      'processing instructions',
      `<createFolderReturn xmlns="${NS}"><?a b?><folderHandle>f|x/</folderHandle></createFolderReturn>`,
    ],
    [
      'entities',
      `<createFolderReturn xmlns="${NS}"><folderHandle>&#102;|&#x78;/</folderHandle></createFolderReturn>`,
    ],
    [
      'attributes',
      `<createFolderReturn xmlns="${NS}" id="1"><folderHandle xsi:type="xsd:string" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">f|x/</folderHandle></createFolderReturn>`,
    ],
    [
      'white space',
      `\r\n<createFolderReturn\n xmlns="${NS}" >\r\n\t<folderHandle >f|x/</folderHandle >\r\n</createFolderReturn >\r\n`,
    ],
  ])('reads %s', (_style, body) => {
    expect(decode('createFolder', soap(body))).toEqual({
      value: { folderHandle: 'f|x/' },
      namespace: NS,
      issues: [],
    });
  });

  it('reads SOAP 1.2, a default namespace for the envelope, a header, and no envelope at all', () => {
    const body = `<createFolderReturn xmlns="${NS}"><folderHandle>f|x/</folderHandle></createFolderReturn>`;
    const expected = { value: { folderHandle: 'f|x/' }, namespace: NS, issues: [] };
    expect(
      decode(
        'createFolder',
        soap(body).replace(
          'http://schemas.xmlsoap.org/soap/envelope/',
          'http://www.w3.org/2003/05/soap-envelope',
        ),
      ),
    ).toEqual(expected);
    expect(
      decode(
        'createFolder',
        `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>${body}</Body></Envelope>`,
      ),
    ).toEqual(expected);
    expect(
      decode('createFolder', soap(body, '<soapenv:Header><a xmlns="urn:a"><b>1</b></a></soapenv:Header>')),
    ).toEqual(expected);
    expect(decode('createFolder', body)).toEqual(expected);
  });

  it('accepts any dated namespace of the service, and reports it', () => {
    const at = (namespace: string) =>
      decode(
        'createFolder',
        soap(
          `<createFolderReturn xmlns="${namespace}"><folderHandle>f|x/</folderHandle></createFolderReturn>`,
        ),
      );
    for (const version of ['/2010-01-31', '/2017-10-29-beta', '']) {
      const namespace = `http://www.scene7.com/IpsApi/xsd${version}`;
      expect(at(namespace)).toEqual({
        value: { folderHandle: 'f|x/' },
        namespace,
        issues: ['namespace createFolderReturn'],
      });
    }
    expect(errorOf(() => at('urn:other'))).toMatchObject({ code: 'namespace', path: 'createFolderReturn' });
  });

  it('passes over elements that the contract lacks, and reports them', () => {
    const { value, issues } = decode(
      'getActiveJobs',
      soap(job(`${rest}<priority><level>1</level></priority><x:state xmlns:x="urn:x">other</x:state>`)),
    );
    expect(issues).toEqual([
      'unknown-element getActiveJobsReturn.jobArray[0]',
      'unknown-element getActiveJobsReturn.jobArray[0]',
    ]);
    expect(Object.keys((value as { jobArray: object[] }).jobArray[0] ?? {})).not.toContain('priority');
  });

  it('delivers an answer that lacks required fields, as the live service sends them, and reports each', () => {
    const { value, issues } = decode(
      'getActiveJobs',
      soap(
        job(rest)
          .replace(/<triggerTime>.*?<\/triggerTime>/, '')
          .replace('<progress>5</progress>', ''),
      ),
    );
    expect(issues).toEqual([
      'missing-field getActiveJobsReturn.jobArray[0].triggerTime',
      'missing-field getActiveJobsReturn.jobArray[0].progress',
    ]);
    expect(value).toMatchObject({ jobArray: [{ totalSize: 1 }] });
  });

  it('reports each of very many, however deep it is, with its place', () => {
    const levels = 100;
    const inside = '<subfolderArray><items/><items>'.repeat(levels);
    const xml = `<getFolderTreeReturn xmlns="${NS}"><folders>${inside}${'<hue/>'.repeat(200_000)}${'</items></subfolderArray>'.repeat(levels)}</folders></getFolderTreeReturn>`;
    const paths = new Map<string, number>();
    codec.decodeResponse('getFolderTree', xml, {
      onIssue: ({ path }) => paths.set(path, (paths.get(path) ?? 0) + 1),
    });
    const place = `getFolderTreeReturn.folders${'.subfolderArray[1]'.repeat(levels)}`;
    expect([...paths]).toEqual([[place, 200_000]]);
  });

  it('reports order, repetition, stray text and values that are not of their type', () => {
    const { value, issues } = decode(
      'getActiveJobs',
      soap(
        job(
          rest.replace(
            '<totalSize>1</totalSize><progress>5</progress>',
            '<progress>5</progress><totalSize>many</totalSize><progress>6</progress>hello',
          ),
        ),
      ),
    );
    expect(issues).toEqual([
      'wrong-order getActiveJobsReturn.jobArray[0].totalSize',
      'bad-value getActiveJobsReturn.jobArray[0].totalSize',
      'repeated-element getActiveJobsReturn.jobArray[0].progress',
      'unexpected-text getActiveJobsReturn.jobArray[0]',
    ]);
    expect(value).toMatchObject({ jobArray: [{ progress: 6 }] });
  });

  it('reads nil as absent', () => {
    const xml = soap(
      job(rest).replace(
        '<serverName>s</serverName>',
        '<locale xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/><serverName>s</serverName>',
      ),
    );
    const { value, issues } = decode('getActiveJobs', xml);
    expect(issues).toEqual([]);
    expect((value as { jobArray: object[] }).jobArray[0]).not.toHaveProperty('locale');
  });

  it.each([
    ['missing-field', job('')],
    ['unknown-element', job(`${rest}<priority/>`)],
    [
      'wrong-order',
      job(
        rest.replace(
          '<totalSize>1</totalSize><progress>5</progress>',
          '<progress>5</progress><totalSize>1</totalSize>',
        ),
      ),
    ],
    [
      'repeated-element',
      job(rest.replace('<progress>5</progress>', '<progress>5</progress><progress>5</progress>')),
    ],
    ['bad-value', job(rest.replace('<progress>5</progress>', '<progress>x</progress>'))],
    ['namespace', job(rest).replace('2014-04-03"', '2013-02-15"')],
  ])('fails on %s in strict mode', (code, body) => {
    expect(errorOf(() => decode('getActiveJobs', soap(body), { strict: true })).code).toBe(code);
  });

  it('reads booleans and numbers in all their forms', () => {
    const member = (role: string) =>
      soap(
        `<getCompanyMembershipReturn xmlns="${NS}"><membershipArray>${role}</membershipArray></getCompanyMembershipReturn>`,
      );
    const items = ['1', 'true', ' 0 ', 'false'].map(
      (isActive) =>
        `<items><company><companyHandle>c</companyHandle><name/><rootPath/></company><role/><isActive>${isActive}</isActive></items>`,
    );
    const { membershipArray } = decode('getCompanyMembership', member(items.join(''))).value as {
      membershipArray: { isActive: boolean }[];
    };
    expect(membershipArray.map((m) => m.isActive)).toEqual([true, true, false, false]);

    const rect = (x: string) =>
      (
        decode(
          'getAutoCropRect',
          soap(
            `<getAutoCropRectReturn xmlns="${NS}"><xOffset>${x}</xOffset><yOffset>1</yOffset><width>1</width><height>1</height></getAutoCropRectReturn>`,
          ),
        ).value as { xOffset?: number }
      ).xOffset;
    expect([
      rect('+5'),
      rect('-0'),
      rect(' 007 '),
      rect('2147483647'),
      rect('2147483648'),
      rect('1.0'),
      rect(''),
    ]).toEqual([5, 0, 7, 2147483647, undefined, undefined, undefined]);

    const quad = (x: string) =>
      (
        decode(
          'getPhotoshopPath',
          soap(
            `<getPhotoshopPathReturn xmlns="${NS}"><perspectiveQuad><x0>${x}</x0></perspectiveQuad></getPhotoshopPathReturn>`,
          ),
        ).value as { perspectiveQuad: { x0?: number } }
      ).perspectiveQuad.x0;
    expect([
      quad('1e3'),
      quad('.5'),
      quad('INF'),
      quad('-INF'),
      quad('NaN'),
      quad('0x10'),
      quad('Infinity'),
      quad('1,5'),
    ]).toEqual([
      1000,
      0.5,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('never rounds a long', () => {
    const usage = (size: string) =>
      soap(
        `<getDiskUsageReturn xmlns="${NS}"><diskUsageArray><items><companyHandle>c</companyHandle><companyName>c</companyName><imageCount>1</imageCount><diskSpaceUsage>${size}</diskSpaceUsage><lastModified>2014-04-03T09:30:00Z</lastModified></items></diskUsageArray></getDiskUsageReturn>`,
      );
    const read = (size: string, options?: DecodeOptions) =>
      (
        decode('getDiskUsage', usage(size), options).value as {
          diskUsageArray: { diskSpaceUsage: unknown }[];
        }
      ).diskUsageArray[0]?.diskSpaceUsage;
    expect(read('9007199254740991')).toBe(9007199254740991);
    expect(errorOf(() => read('9007199254740993'))).toMatchObject({
      code: 'unsafe-integer',
      path: 'getDiskUsageReturn.diskUsageArray[0].diskSpaceUsage',
    });
    expect(read('9007199254740993', { longs: 'bigint' })).toBe(9007199254740993n);
    expect(read('5', { longs: 'bigint' })).toBe(5);
    expect(read('99999999999999999999', { longs: 'bigint' })).toBeUndefined();
  });
});

describe('decoding a request', () => {
  const stop = `<stopJobParam xmlns="${NS}"><companyHandle>c|6</companyHandle><jobHandle>j|6|x|</jobHandle></stopJobParam>`;

  it('tells operation, input, namespace and SOAP version', () => {
    expect(codec.decodeRequest(soap(stop))).toEqual({
      operation: 'stopJob',
      input: { companyHandle: 'c|6', jobHandle: 'j|6|x|' },
      namespace: NS,
      soapVersion: '1.1',
      header: undefined,
      legacyCredentials: undefined,
    });
  });

  it('reads the header in every namespace and order, and the older one', () => {
    const header = (xmlns: string, fields: string) =>
      codec.decodeRequest(
        soap(stop, `<soapenv:Header><authHeader xmlns="${xmlns}">${fields}</authHeader></soapenv:Header>`),
        { strict: xmlns.endsWith('xsd') },
      ).header;
    const fields = '<password>p</password><user>a@b</user><faultHttpStatusCode>200</faultHttpStatusCode>';
    for (const xmlns of [
      NS,
      'http://www.scene7.com/IpsApi/xsd',
      'http://www.scene7.com/IpsApi/xsd/2017-10-29-beta',
    ]) {
      expect(header(xmlns, fields)).toEqual({ user: 'a@b', password: 'p', faultHttpStatusCode: 200 });
    }
    const legacy =
      '<soapenv:Header><AuthUser xmlns="http://www.scene7.com/IpsApi">a@b</AuthUser><AuthPassword xmlns="http://www.scene7.com/IpsApi">p w</AuthPassword></soapenv:Header>';
    expect(codec.decodeRequest(soap(stop, legacy)).legacyCredentials).toEqual({
      user: 'a@b',
      password: 'p w',
    });
  });

  it('reads the plain form', () => {
    const xml = `<Request xmlns="${NS}"><authHeader><user>a@b</user></authHeader>${stop}</Request>`;
    expect(codec.decodeRequest(xml)).toMatchObject({
      operation: 'stopJob',
      soapVersion: undefined,
      header: { user: 'a@b' },
    });
  });

  it('refuses what is no request', () => {
    for (const xml of [
      soap(''),
      soap(`<stopJobReturn xmlns="${NS}"/>`),
      soap('<nope/>'),
      '<a/>',
      '<html><body/></html>',
    ]) {
      expect(errorOf(() => codec.decodeRequest(xml)).code).toBe('no-message');
    }
  });
});

describe('faults', () => {
  const fault = (detail: string) =>
    soap(
      `<soapenv:Fault><faultcode>soapenv:Client</faultcode><faultstring>AuthorizationException</faultstring>${detail}</soapenv:Fault>`,
    );
  const faultOf = (xml: string): IpsFault => {
    try {
      codec.decodeResponse('addCompany', xml, { httpStatus: 500 });
    } catch (error) {
      if (error instanceof IpsFault) return error;
      throw error;
    }
    throw new Error('expected an IpsFault');
  };

  it.each([
    ['authenticationFault', 'authentication'],
    ['authorizationFault', 'authorization'],
    ['ipsApiFault', 'api'],
  ])('reads %s', (element, kind) => {
    const xml = fault(
      `<detail><ns:${element} xmlns:ns="http://www.scene7.com/IpsApi/xsd"><ns:code>20003</ns:code><ns:reason>No &lt;way></ns:reason></ns:${element}></detail>`,
    );
    expect(faultOf(xml)).toMatchObject({
      kind,
      code: 20003,
      codeName: 'AUTHORIZATION_FAULT_CODE_NO_OPERATION_PERMISSION',
      reason: 'No <way>',
      faultCode: 'soapenv:Client',
      faultString: 'AuthorizationException',
      operation: 'addCompany',
      httpStatus: 500,
      message: 'addCompany: No <way> (20003 AUTHORIZATION_FAULT_CODE_NO_OPERATION_PERMISSION)',
    });
  });

  it('reads a fault of the SOAP layer, of SOAP 1.2, and a bare one', () => {
    expect(faultOf(fault(''))).toMatchObject({
      kind: 'soap',
      code: undefined,
      reason: 'AuthorizationException',
    });
    const detail =
      '<ipsApiFault xmlns="http://www.scene7.com/IpsApi/xsd"><code>30001</code><reason>Bad</reason></ipsApiFault>';
    const soap12 = `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code><e:Reason><e:Text xml:lang="en">no</e:Text></e:Reason><e:Detail>${detail}</e:Detail></e:Fault></e:Body></e:Envelope>`;
    expect(faultOf(soap12)).toMatchObject({
      kind: 'api',
      code: 30001,
      reason: 'Bad',
      faultCode: 'e:Sender',
      faultString: 'no',
    });
    expect(faultOf(detail)).toMatchObject({ kind: 'api', code: 30001, reason: 'Bad' });
  });

  it('are written so that they are read back', () => {
    for (const options of [{}, { soapVersion: '1.2' as const }, { dialect: 'plain' as const }]) {
      const xml = codec.encodeFault({ kind: 'authorization', code: 20006, reason: 'Not <yours>' }, options);
      expect(faultOf(xml)).toMatchObject({ kind: 'authorization', code: 20006, reason: 'Not <yours>' });
    }
  });

  it('do not hide an answer of another operation', () => {
    expect(
      errorOf(() => codec.decodeResponse('stopJob', soap(`<pauseJobReturn xmlns="${NS}"/>`))),
    ).toMatchObject({
      code: 'no-message',
      message: 'expected <stopJobReturn>, found <pauseJobReturn>',
    });
    expect(
      errorOf(() => codec.decodeResponse('stopJob', '<html><body>502 Bad Gateway</body></html>')).code,
    ).toBe('no-message');
  });
});

describe('documents that are refused', () => {
  const code = (xml: string, options?: DecodeOptions) =>
    errorOf(() => codec.decodeRequest(xml, options)).code;
  const deep = (depth: number) =>
    soap(
      `<getFolderTreeReturn xmlns="${NS}"><folders>${'<subfolderArray><items>'.repeat(depth)}${'</items></subfolderArray>'.repeat(depth)}</folders></getFolderTreeReturn>`,
    );

  it('a DOCTYPE, with its entities', () => {
    expect(code('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')).toBe('doctype');
    expect(
      code(
        `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${soap('<x>&b;</x>').slice(39)}`,
      ),
    ).toBe('doctype');
  });

  it('malformed XML, with its place', () => {
    for (const xml of [
      '',
      ' ',
      'x',
      '<a>',
      '<a></b>',
      '<a b=1/>',
      '<a b="1" b="2"/>',
      '<a>&nope;</a>',
      '<a>&#0;</a>',
      '<a>\u0001</a>',
      '<a/><b/>',
      '<x:a/>',
      '<a>]]></a>',
      soap('<a></a').trim(),
    ]) {
      expect({ xml, code: code(xml) }).toEqual({ xml, code: 'malformed-xml' });
    }
    expect(errorOf(() => codec.decodeRequest('<a>\n  <b></c>\n</a>'))).toMatchObject({ line: 2 });
  });

  it.each(['\u0000', '\u0008', '\u000b', '\u000c', '\u001f', '\ufffe', '\uffff'])(
    'characters that XML forbids, wherever they are: %j',
    (character) => {
      const answer = (handle: string, namespace = '', inside = '') =>
        soap(
          `<createFolderReturn${namespace} xmlns="${NS}"><folderHandle>${handle}</folderHandle>${inside}</createFolderReturn>`,
        );
      for (const xml of [
        answer(character),
        answer(`f${character}|1`),
        answer('f', ` xmlns:x="urn:${character}"`),
        answer('f').replace('<soapenv:Body>', `<soapenv:Body>${character}`),
        answer('f').replace('</soapenv:Body>', `${character}</soapenv:Body>`),
        answer('f', '', `<!-- ${character} -->`),
        answer('f', '', `<?x ${character}?>`),
        answer(`<![CDATA[${character}]]>`),
        answer(`f<!-- -->${character}`),
      ]) {
        const { code } = errorOf(() => codec.decodeResponse('createFolder', xml));
        expect({ xml, code }).toEqual({ xml, code: 'malformed-xml' });
      }
    },
  );

  it('depth, attributes and length beyond the limits', () => {
    expect(code(`${'<a>'.repeat(257)}${'</a>'.repeat(257)}`)).toBe('limit');
    expect(() => codec.decodeResponse('getFolderTree', deep(120))).not.toThrow();
    expect(errorOf(() => codec.decodeResponse('getFolderTree', deep(130))).code).toBe('limit');
    const attributes = Array.from({ length: 65 }, (_, i) => `a${i}="1"`).join(' ');
    expect(code(`<a ${attributes}/>`)).toBe('limit');
    expect(code(soap('<a/>'), { limits: { maxLength: 20 } })).toBe('limit');
    expect(code(`<a>${'x'.repeat(100)}</a>`, { limits: { maxText: 99 } })).toBe('limit');
    expect(
      errorOf(() =>
        codec.decodeResponse(
          'createFolder',
          soap(
            `<createFolderReturn xmlns="${NS}"><folderHandle>${'x'.repeat(100)}</folderHandle></createFolderReturn>`,
          ),
          { limits: { maxText: 99 } },
        ),
      ).code,
    ).toBe('limit');
  });

  it('but not any number of blanks between elements, which are looked at once', () => {
    // Were they looked at for each of the sixty fields that an asset could have there, this would take minutes.
    const blanks = ' '.repeat(30_000_000);
    const xml = soap(
      `<searchAssetsReturn xmlns="${NS}"><assetArray><items>${blanks}<name>a</name>${blanks}</items></assetArray></searchAssetsReturn>`,
    );
    expect(codec.decodeResponse('searchAssets', xml).value).toEqual({ assetArray: [{ name: 'a' }] });
  });

  it('and no element reaches a prototype', () => {
    const xml = soap(
      `<createFolderReturn xmlns="${NS}"><__proto__><polluted>1</polluted></__proto__><constructor/><folderHandle>f</folderHandle></createFolderReturn>`,
    );
    const { value } = codec.decodeResponse('createFolder', xml);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['folderHandle']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

it('says that a document ends early, wherever it does', () => {
  const xml = codec.encodeResponse('stopJob', {});
  for (let length = 0; length < xml.length - 1; length += 1) {
    const cut = () => codec.decodeResponse('stopJob', xml.slice(0, length));
    expect(cut, xml.slice(0, length)).toThrow(WireError);
    // In the middle of a character, too.
    const halved = () => codec.decodeResponse('stopJob', `${xml.slice(0, length)}\ud83d`);
    expect(halved, xml.slice(0, length)).toThrow(WireError);
  }
});
