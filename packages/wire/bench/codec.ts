// Compares the codec with its peers: typed decoding of a large answer, and encoding of a large request.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codec } from '@ips-sdk/wire';
import { SaxesParser } from 'saxes';
import * as soap from 'soap';
import { compare, measured } from '../../../scripts/bench/compare.ts';
import { activeJobs } from '../../validator/bench/active-jobs.ts';
import { foreignDecoders } from './peers.ts';
import { strongSoapDecoder } from './strong-soap.ts';

const wsdl = fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'));
const JOBS = 10_000;
const ROUNDS = 7;

/** Requests that are encoded for one sample: one alone takes too little time to measure. */
const REQUESTS = 20;

/** What soap's client calls to read and write XML. */
interface SoapWsdl {
  xmlToObject(xml: string): unknown;
  objectToDocumentXML(name: string, value: object, prefix: string, namespace: string): string;
}

async function soapWsdl(): Promise<SoapWsdl> {
  return ((await soap.createClientAsync(wsdl)) as unknown as { wsdl: SoapWsdl }).wsdl;
}

/** Typed decoding of a getActiveJobs answer. */
export async function compareDecoding(): Promise<void> {
  const answer = activeJobs(JOBS);
  const xml = codec.encodeResponse('getActiveJobs', answer);
  const megabytes = (Buffer.byteLength(xml) / 1e6).toFixed(0);
  const folder = mkdtempSync(join(tmpdir(), 'wire-bench-'));
  try {
    const file = join(folder, 'answer.xml');
    writeFileSync(file, xml);
    const theirs = await soapWsdl();
    const strong = await strongSoapDecoder(wsdl);
    const odd = xml.replace('<jobArray>', '<unknown/><jobArray>');
    const json = JSON.stringify(answer);
    const here = (name: string, run: () => unknown) => ({ name, take: () => measured(run) });
    const ours = here('@ips-sdk/wire', () => codec.decodeResponse('getActiveJobs', xml));
    await compare({
      id: 'wire-decoding',
      title: `Typed decoding of getActiveJobs with ${JOBS.toLocaleString('en-US')} jobs`,
      method: `The same ${megabytes} MB of XML from memory to values with types. saxes only finds the tokens; JSON.parse reads the same value as JSON.`,
      unit: 'a document',
      base: ours.name,
      peers: true,
      rounds: ROUNDS,
      contenders: [
        ours,
        here('@ips-sdk/wire, without the fast path', () => codec.decodeResponse('getActiveJobs', odd)),
        here('soap', () => theirs.xmlToObject(xml)),
        here('strong-soap', () => strong(xml)),
        here('saxes, tokens only', () => new SaxesParser({ xmlns: true }).write(xml).close()),
        here('JSON.parse', () => JSON.parse(json)),
      ],
      aims: ({ times }) => [
        { text: 'times as fast as soap', value: times('soap', 'wall'), atLeast: 11 },
        { text: 'times as fast as soap, by processor time', value: times('soap', 'cpu'), atLeast: 11 },
      ],
    });
    // Not among the others: Node.js waits for them for seconds, and returns memory that it then has to request again.
    await compare({
      id: 'wire-foreign-decoding',
      title: 'Typed decoding beside tools in other languages',
      method:
        'The document of the comparison in Node.js. Each tool runs in its own process and times only the decoding, after one decoding that is not counted.',
      unit: 'a document',
      base: ours.name,
      peers: true,
      rounds: ROUNDS,
      contenders: [ours, ...foreignDecoders(file, JOBS)],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Encoding of a submitJob with a thousand URLs. */
export async function compareEncoding(): Promise<void> {
  const urlArray = Array.from({ length: 1000 }, (_, i) => ({
    sourceUrl: `https://images.example.com/shoes/${i}.tif?size=full&id=${i}`,
    destPath: `MyCompany/Shoes/${i}.tif`,
  }));
  const options = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' };
  const head = { companyHandle: 'c|6', jobName: 'Spring' };
  const input = { ...head, uploadUrlsJob: { urlArray, ...options } };
  const wrapped = { ...head, uploadUrlsJob: { urlArray: { items: urlArray }, ...options } };
  const theirs = await soapWsdl();
  const many = (encode: () => string) => () =>
    measured(() => {
      for (let each = 0; each < REQUESTS; each += 1) Buffer.byteLength(encode());
    }, REQUESTS);
  await compare({
    id: 'wire-encoding',
    title: 'Encoding of submitJob with 1,000 URLs',
    method: `From an object to the bytes of the body; a sample encodes ${REQUESTS} requests.`,
    unit: 'a request',
    base: '@ips-sdk/wire',
    peers: true,
    rounds: ROUNDS,
    contenders: [
      { name: '@ips-sdk/wire', take: many(() => codec.encodeRequest('submitJob', input)) },
      {
        name: 'soap',
        take: many(() =>
          theirs.objectToDocumentXML('submitJobParam', wrapped, 'types', codec.contract.messageNamespace),
        ),
      },
    ],
  });
}
