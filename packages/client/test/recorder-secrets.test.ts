// Nothing private may reach the disk: secrets are planted in every position of requests and answers, and looked for in every file.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contract as of2016 } from '@ips-sdk/types/2016-01-14-beta';
import { contract } from '@ips-sdk/types/contract';
import { codec } from '@ips-sdk/wire';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Arbitraries, anySimple, operationNames } from '../../../scripts/testing/arbitrary.js';
import { raw, startService } from '../../../scripts/testing/fake-service.js';
import type { RawExchange } from '../src/index.js';
import { createRecorder, type RecorderOptions } from '../src/recorder.js';
import { clientOf } from './support/clients.js';

const NS = 'http://www.scene7.com/IpsApi/xsd/2014-04-03';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ips-recording-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Everything that a folder holds, names of files too. */
function everything(path: string): string {
  return readdirSync(path)
    .map((name) => `${name}\n${readFileSync(join(path, name), 'utf8')}`)
    .join('\n');
}

function exchange(fields: Partial<RawExchange>): RawExchange {
  return {
    operation: 'getActiveJobs',
    attempt: 1,
    url: 'https://s7sps1apissl.scene7.com/scene7/services/IpsApiService',
    company: undefined,
    requestHeaders: {},
    request: '',
    parts: [],
    status: 200,
    responseHeaders: {},
    response: undefined,
    duration: 1,
    failure: undefined,
    ...fields,
  };
}

async function recorded(exchanges: readonly RawExchange[], options?: RecorderOptions): Promise<string> {
  const path = folder();
  const recorder = createRecorder(path, options);
  for (const each of exchanges) recorder.record(each);
  await recorder.done();
  expect(recorder.count).toBe(exchanges.length);
  return everything(path);
}

/** A text that stands nowhere else: at least one digit in it, so that it is no word. */
const secret = fc.stringMatching(/^[a-z]{3,6}[0-9][a-zA-Z0-9]{4,12}$/);

/** Each form that a planted secret takes, lower case. */
function forms(planted: string): string[] {
  return [planted, Buffer.from(planted).toString('base64').replace(/=+$/, '')].map((form) =>
    form.toLowerCase(),
  );
}

function expectNothing(text: string, secrets: readonly string[]): void {
  const lower = text.toLowerCase();
  for (const form of secrets.flatMap(forms)) expect(lower).not.toContain(form);
}

const mixed = (text: string) =>
  [...text].map((character, i) => (i % 2 === 0 ? character.toUpperCase() : character)).join('');

/** Ways in which a text can hold a secret. */
const carriers: readonly ((planted: string) => string)[] = [
  (planted) => planted,
  (planted) => ` ${planted}\n`,
  (planted) => `<![CDATA[<${planted}>]]>`,
  (planted) => [...planted].map((character) => `&#${character.charCodeAt(0)};`).join(''),
  (planted) => [...planted].map((character) => `&#x${character.charCodeAt(0).toString(16)};`).join(''),
  (planted) => `${mixed(planted)}@Example.ORG`,
  (planted) => `ann@${planted}.example.org`,
  (planted) =>
    `https://${planted}:${planted}@${planted}.example.org:8443/${planted}/x.tif?token=${planted}#${planted}`,
  (planted) => `http://10.0.0.1/is/image/${planted}?${planted}=1`,
  (planted) => `/var/${planted}/${planted}.tif`,
  (planted) => `C:\\${planted}\\a.psd`,
  (planted) => `j|6|${planted}|`,
  (planted) => `u|41|${planted}@example.org`,
  (planted) => `m|6|IMAGE|${planted}`,
  (planted) => `${planted}_2014-04-03-12:00:00.000`,
  (planted) => `Invalid jobHandle: ${planted}`,
  (planted) => `Asset ID '${planted}' is already in use.`,
  (planted) => `The file "${planted} (copy).tif" of company ${planted} was not uploaded;${planted}`,
  (planted) => `host=${planted}, user:${planted}`,
  (planted) => Buffer.from(planted).toString('base64'),
  (planted) => `2014-04-03T12:00:00Z${planted}`,
  (planted) => `2014-04-03 ${planted}`,
  (planted) => `anon0123456789.${planted} anon0123456789@${planted}`,
  (planted) => `5${planted}`,
  (planted) => `assetArray/items/${planted}`,
];

/** Replaces every text of a document by one that carries a secret. */
function planted(xml: string, secrets: readonly string[], offset: number): string {
  let i = offset;
  const next = (): string => {
    i += 1;
    return (carriers[i % carriers.length] ?? String)(secrets[i % secrets.length] ?? '');
  };
  return xml
    .replace(/>[^<]+</g, () => `>${next()}<`)
    .replace(/<(\w+)\/>/g, (_, name: string) => `<${name}>${next()}</${name}>`)
    .replace(
      /<(\w+)>/,
      (_, name: string) => `<${name} x="${secrets[0]}" xmlns:p="urn:${secrets[1 % secrets.length]}">`,
    );
}

describe('a recording', () => {
  it('holds no secret that was planted in an element, attribute, URL, CDATA or entity of any operation', async () => {
    const values = new Arbitraries(anySimple);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...operationNames).chain((operation) => {
          const { input = '', output = '' } = contract.operations[operation] ?? {};
          return fc.record({
            operation: fc.constant(operation),
            input: values.of(input),
            output: values.of(output),
          });
        }),
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.nat(carriers.length),
        async ({ operation, input, output }, secrets, offset) => {
          const request = codec.encodeRequest(operation as 'getActiveJobs', input as never, {
            header: { user: 'x', password: 'x', appName: 'x', appVersion: 'x' },
          });
          const response = codec.encodeResponse(operation as 'getActiveJobs', output as never);
          const text = await recorded([
            exchange({
              operation,
              company: secrets[0],
              url: `https://${secrets[0]}.example.org/${secrets[0]}/services?x=${secrets[0]}`,
              request: planted(request, secrets, offset),
              response: planted(response, secrets, offset + 7),
              requestHeaders: {
                Authorization: `Basic ${Buffer.from(`ann:${secrets[0]}`).toString('base64')}`,
                'Content-Type': `text/xml; boundary=${secrets[0]}`,
                SOAPAction: `"${secrets[0]}"`,
                Cookie: secrets[0] ?? '',
              },
              responseHeaders: {
                'set-cookie': [secrets[0] ?? ''],
                server: secrets[0],
                date: 'Thu, 03 Apr 2014 12:00:00 GMT',
                'content-type': `${secrets[0]}/xml`,
              },
              failure: `Error ${secrets[0]}`,
            }),
          ]);
          expectNothing(text, secrets);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('holds no secret of an element that the contract lacks, or of an answer that is not XML', async () => {
    await fc.assert(
      fc.asyncProperty(secret, fc.nat(carriers.length - 1), async (text, i) => {
        const inner = carriers[i]?.(text) ?? '';
        const files = await recorded([
          exchange({
            response: `<getActiveJobsReturn xmlns="${NS}" at="${text}">${text}<later><!-- ${text} --><a b="${text}">${inner}</a>${inner}</later><?x ${text}?></getActiveJobsReturn>`,
          }),
          exchange({ status: 502, response: `<html><p>${inner}<br></html>` }),
          exchange({ status: 404, response: `<html><body><p>${inner}</p></body></html>` }),
          exchange({ response: `<!DOCTYPE a [<!ENTITY x "${text}">]><a>&x;</a>` }),
        ]);
        expectNothing(files, [text]);
      }),
      { numRuns: 200 },
    );
  });

  it('holds nothing of credentials, however often they come back, and whatever they consist of', async () => {
    const password = 'access & upload job';
    const service = await startService({
      stopJob: () => raw(`<stopJobReturn xmlns="${NS}"><note>access &amp; upload job</note></stopJobReturn>`),
      pauseJob: () =>
        raw(
          `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>not access &amp; upload job</faultstring></s:Fault></s:Body></s:Envelope>`,
          500,
        ),
      resumeJob: () =>
        raw(
          `<resumeJobReturn xmlns="${NS}"><x>${Buffer.from(`ann:${password}`).toString('base64')}</x></resumeJobReturn>`,
        ),
    });
    for (const login of [
      { auth: { user: 'Ann.Lee@Example.org', password } },
      { auth: { accessToken: password } },
      { auth: { samlResponse: password }, contract: of2016 },
      { auth: { basic: { user: 'Ann.Lee@Example.org', password } } },
    ]) {
      const path = folder();
      const recorder = createRecorder(path);
      const ips = clientOf(service, { ...login, recorder, historySize: 0 });
      const job = { jobHandle: 'j|6|x|' };
      await ips.stopJob(job);
      await ips.resumeJob(job);
      await ips.pauseJob(job).catch(() => undefined);
      await recorder.done();
      const text = everything(path);
      expect(recorder.count).toBe(3);
      expect(text).toContain('"operation": "pauseJob"');
      expect(text).not.toMatch(/access &|upload job|ann\.lee|example\.org/i);
      expectNothing(text, [password]);
    }
  });

  it('has of an uploaded file only its size and hash', async () => {
    const content = Buffer.from('the contents of Tr0ub4dor');
    const service = await startService({
      getCompanyInfo: () => ({ companyInfo: { companyHandle: 'c|6', name: 'Acme', rootPath: 'Acme/' } }),
    });
    service.onPath('/scene7/UploadFile', (request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'text/xml' });
        response.end(
          `<uploadPostReturn xmlns="${NS}"><jobHandle>j|6|Tr0ub4dor|</jobHandle></uploadPostReturn>`,
        );
      });
    });
    const path = folder();
    const recorder = createRecorder(path);
    const ips = clientOf(service, { recorder });
    await ips.uploadFiles([{ content, destPath: 'Acme/Shoes/Tr0ub4dor.tif' }]).catch(() => undefined);
    await recorder.done();
    const text = everything(path);
    expect(text).toContain(`"size": ${content.length}`);
    expect(text).toContain(createHash('sha256').update(content).digest('hex'));
    expect(text).toMatch(/"fileName": "anon[0-9a-f]{10}\.tif"/);
    expect(text).not.toMatch(/Tr0ub4dor|Acme|contents|Shoes/);
    expectNothing(text, [content.toString()]);
  });
});
