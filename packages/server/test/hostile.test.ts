// Hostile input gets the right answer and bounded memory, and the server carries on.
import { request } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIpsServer, type IpsServer } from '../src/create-server.js';
import { connect, post, requestXml } from './support/call.js';

const companyHandle = 'c|6';
const MEBIBYTE = 2 ** 20;
let server: IpsServer;

beforeAll(async () => {
  server = await createIpsServer({ jobClock: 'instant', limits: { maxRequestBytes: 4 * MEBIBYTE } });
});
afterAll(() => server.stop());

const header = () => ({
  user: server.admin.email,
  password: server.admin.password,
  appName: 'tests',
  appVersion: '1',
});

const alive = async () => {
  const { companyInfo } = await connect(server).call('getCompanyInfo', { companyHandle });
  expect(companyInfo?.name).toBe('Sample Company');
};

const good = () => requestXml('getCompanyInfo', { companyHandle }, { header: header() });

describe('invalid XML', () => {
  it.each([
    ['nothing', ''],
    ['blanks', '   \n'],
    ['text', 'hello'],
    ['JSON', '{"a":1}'],
    ['a tag that does not end', '<soapenv:Envelope'],
    ['tags that do not match', '<a><b></a></b>'],
    ['two roots', '<a/><b/>'],
    ['a character that XML has not', '<a>\u0000</a>'],
    ['an entity of nothing', '<a>&nothing;</a>'],
    ['an envelope of another kind', '<Envelope xmlns="urn:x"><Body/></Envelope>'],
    ['an envelope without a body', '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>'],
    [
      'an operation of nothing',
      '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><doEvilParam xmlns="http://www.scene7.com/IpsApi/xsd/2014-04-03"/></s:Body></s:Envelope>',
    ],
    ['half a request', null],
  ])('%s is answered with a fault', async (_name, xml) => {
    const text = xml ?? good().slice(0, 300);
    for (const path of ['/scene7/services/IpsApiService', '/scene7/api/IpsApiService']) {
      const { status, body } = await post(server.url, text, { path });
      expect([400, 500]).toContain(status);
      expect(body).not.toMatch(/node_modules|\.js:\d+|at .*\(/);
    }
    await alive();
  });

  it('a declared entity is not resolved, wherever it points', async () => {
    const bombs = [
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
      '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/evil.dtd">',
      `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 10 }, (_, i) => `<!ENTITY a${i} "${`&a${i === 0 ? '' : i - 1};`.repeat(10)}">`).join('')}]>`,
    ];
    for (const bomb of bombs) {
      const xml = good().replace(/^(<\?xml[^>]*>)?/, (start) => `${start}${bomb}`);
      const { status, body } = await post(server.url, xml);
      expect(status).toBe(500);
      expect(body).toContain('<code>30003</code>');
      expect(body).not.toContain('root:');
    }
    await alive();
  });

  it('endlessly nested elements are refused', async () => {
    const depth = 100_000;
    const xml = `${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`;
    expect((await post(server.url, xml)).status).toBe(500);
    await alive();
  });

  it('an element with 100,000 attributes is refused or read, and the server survives', async () => {
    const attributes = Array.from({ length: 100_000 }, (_, index) => `a${index}="1"`).join(' ');
    const xml = good().replace('<soapenv:Body', `<soapenv:Body ${attributes}`);
    expect([200, 400, 500]).toContain((await post(server.url, xml)).status);
    await alive();
  });
});

describe('bodies that are too large', () => {
  it('one that announces its size is refused before it arrives', async () => {
    const { status } = await post(server.url, 'x'.repeat(5 * MEBIBYTE));
    expect(status).toBe(413);
    await alive();
  });

  it('one that does not is refused once it is too large, and not kept', async () => {
    const before = process.memoryUsage().rss;
    const status = await new Promise<number>((resolve) => {
      const sent = request(
        `${server.url}/scene7/services/IpsApiService`,
        { method: 'POST', headers: { 'content-type': 'text/xml' } },
        (response) => {
          resolve(response.statusCode ?? 0);
          response.resume();
          sent.destroy();
        },
      );
      // The other side closes before all of it is sent.
      sent.on('error', () => resolve(413));
      const chunk = Buffer.alloc(MEBIBYTE, 'x');
      let count = 0;
      const more = (): void => {
        while (count < 200 && !sent.destroyed) {
          count += 1;
          if (!sent.write(chunk)) {
            sent.once('drain', more);
            return;
          }
        }
        sent.end();
      };
      more();
    });
    expect(status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * MEBIBYTE);
    await alive();
  });

  it('one in gzip is judged by its uncompressed size', async () => {
    const { gzipSync } = await import('node:zlib');
    const { status } = await post(server.url, gzipSync(Buffer.alloc(100 * MEBIBYTE, 32)), {
      headers: { 'content-encoding': 'gzip' },
    });
    expect([400, 413, 415, 500]).toContain(status);
    await alive();
  });
});

describe('requests of the wrong kind', () => {
  it.each(['application/json', 'image/png', 'multipart/form-data', 'x', 'text/xml; charset=klingon'])(
    'the content type %s gets a client error or an answer',
    async (type) => {
      const { status } = await post(server.url, good(), { headers: { 'content-type': type } });
      expect([200, 400, 415, 500]).toContain(status);
      await alive();
    },
  );

  it('other methods and paths are not found or not allowed', async () => {
    for (const [method, path] of [
      ['DELETE', '/scene7/services/IpsApiService'],
      ['PUT', '/scene7/api/IpsApiService'],
      ['GET', '/admin/snapshot'],
      ['POST', '/admin/reset'],
      ['GET', '/is/image/../../../etc/passwd'],
      ['GET', '/is/content/SampleCompany/..%2f..%2f..%2fetc%2fpasswd'],
      ['GET', '/is/sitemap/..%2f..%2fetc/video-sitemap.xml'],
      ['GET', '/scene7/webservice/..%2f..%2fpackage.json'],
      ['GET', `/scene7/export/${'A'.repeat(32)}/x.zip`],
      ['GET', '/%'],
      ['GET', '/%00'],
    ] as const) {
      const { status } = await fetch(`${server.url}${path}`, { method });
      expect([400, 403, 404, 405]).toContain(status);
    }
    await alive();
  });
});

describe('SQL in values', () => {
  const words = [
    "'; drop table runs; --",
    '" or 1=1 --',
    '$1',
    '%',
    '_',
    '\\',
    'a\'b"c;d\\e',
    '/* x */',
    '\u{1F600} ñ 漢字',
  ];

  it('is plain text wherever it occurs', async () => {
    const admin = connect(server);
    for (const word of words) {
      await admin.fault('getCompanyInfo', { companyName: word });
      await admin.fault('stopJob', { companyHandle, jobHandle: `j|6|${word}|` });
      const { jobHandle } = await admin.call('submitJob', {
        companyHandle,
        jobName: word,
        description: word,
        imageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' },
      });
      const { jobLogArray } = await admin.call('getJobLogDetails', { companyHandle, jobHandle });
      expect(jobLogArray.map(({ originalJobName, description }) => [originalJobName, description])).toEqual([
        [word, word],
      ]);
      const byName = await admin.call('getJobLogDetails', { companyHandle, originalName: word });
      expect(byName.jobLogArray).toHaveLength(1);
      const search = await admin.call('searchAssets', {
        companyHandle,
        includeSubfolders: true,
        keywordArray: [word],
        systemFieldConditionArray: [{ field: 'Name', op: 'Contains', value: word }],
      });
      expect(search.totalRows ?? 0).toBe(0);
    }
    const log = await connect(server).call('getJobLogs', { companyHandle });
    expect(log.jobLogArray).toHaveLength(words.length);
  });

  it('in names and passwords logs no one in', async () => {
    for (const word of words) {
      const attacker = connect(server, { email: word, password: word });
      expect(await attacker.fault('getCompanyInfo', { companyHandle })).toMatchObject({ code: 10001 });
    }
  });

  it('a character that PostgreSQL cannot store is refused, not a server error', async () => {
    const xml = requestXml(
      'createFolder',
      { companyHandle, folderPath: 'SampleCompany/NUL/' },
      { header: header() },
    ).replace('NUL', '&#0;');
    const { status, body } = await post(server.url, xml);
    expect(status).toBe(500);
    expect(body).toContain('<code>30003</code>');
  });
});

describe('many at once', () => {
  it('1000 requests are all answered', async () => {
    const before = process.memoryUsage().rss;
    const xml = good();
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        // One in ten is nonsense.
        post(server.url, index % 10 === 9 ? '<nonsense>' : xml).then(({ status }) => status),
      ),
    );
    expect(answers.filter((status) => status === 200)).toHaveLength(900);
    expect(answers.filter((status) => status === 500 || status === 400)).toHaveLength(100);
    expect(process.memoryUsage().rss - before).toBeLessThan(600 * MEBIBYTE);
    await alive();
  });

  it('connections that send slowly, or nothing, do not keep others out', async () => {
    const port = Number(new URL(server.url).port);
    const sockets = await Promise.all(
      Array.from(
        { length: 300 },
        (_, index) =>
          new Promise<ReturnType<typeof connectSocket>>((resolve) => {
            const socket = connectSocket(port, '127.0.0.1', () => {
              if (index % 3 === 1)
                socket.write('POST /scene7/services/IpsApiService HTTP/1.1\r\nHost: x\r\n');
              if (index % 3 === 2)
                socket.write(
                  'POST /scene7/services/IpsApiService HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<',
                );
              resolve(socket);
            });
            socket.on('error', () => undefined);
          }),
      ),
    );
    await alive();
    for (const socket of sockets) socket.destroy();
    await alive();
  });

  it('connections that break in the middle leave nothing behind', async () => {
    const xml = good();
    await Promise.all(
      Array.from({ length: 100 }, () => {
        const controller = new AbortController();
        const sent = fetch(`${server.url}/scene7/services/IpsApiService`, {
          method: 'POST',
          headers: { 'content-type': 'text/xml' },
          body: xml,
          signal: controller.signal,
        }).catch(() => undefined);
        setImmediate(() => controller.abort());
        return sent;
      }),
    );
    await alive();
  });
});
