// Compares the codec with its peers: typed decoding of a large answer, and encoding of a large request.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codec } from '@ips-sdk/wire';
import { SaxesParser } from 'saxes';
import * as soap from 'soap';
import { activeJobs } from '../../validator/bench/active-jobs.ts';
import { foreignDecoders } from './peers.ts';
import { fastest, RUNS, row } from './report.ts';
import { strongSoapDecoder } from './strong-soap.ts';

const wsdl = fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'));
const JOBS = 10_000;

/** What soap's client calls to read and write XML. */
interface SoapWsdl {
  xmlToObject(xml: string): unknown;
  objectToDocumentXML(name: string, value: object, prefix: string, namespace: string): string;
}

async function soapWsdl(): Promise<SoapWsdl> {
  return ((await soap.createClientAsync(wsdl)) as unknown as { wsdl: SoapWsdl }).wsdl;
}

/** Typed decoding of a getActiveJobs answer. */
export async function reportDecoding(): Promise<void> {
  const answer = activeJobs(JOBS);
  const xml = codec.encodeResponse('getActiveJobs', answer);
  const megabytes = Buffer.byteLength(xml) / 1e6;
  console.log(
    `Typed decoding of getActiveJobs, ${JOBS.toLocaleString('en-US')} jobs, ${megabytes.toFixed(0)} MB of XML`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'wire-bench-'));
  try {
    const file = join(folder, 'answer.xml');
    writeFileSync(file, xml);
    const theirs = await soapWsdl();
    const strong = await strongSoapDecoder(wsdl);
    const odd = xml.replace('<jobArray>', '<unknown/><jobArray>');
    const json = JSON.stringify(answer);
    const ours = fastest(RUNS, () => codec.decodeResponse('getActiveJobs', xml));
    const rows: Record<string, number | string> = {
      '@ips-sdk/wire': ours,
      '@ips-sdk/wire, without the fast path': fastest(RUNS, () => codec.decodeResponse('getActiveJobs', odd)),
      soap: fastest(RUNS, () => theirs.xmlToObject(xml)),
      'strong-soap': fastest(RUNS, () => strong(xml)),
      ...foreignDecoders(file, JOBS),
      'saxes, tokens only, nothing typed': fastest(RUNS, () =>
        new SaxesParser({ xmlns: true }).write(xml).close(),
      ),
      'JSON.parse of the same value as JSON': fastest(RUNS, () => JSON.parse(json)),
    };
    for (const [name, seconds] of Object.entries(rows)) {
      if (typeof seconds === 'string') {
        row(name, seconds);
        continue;
      }
      const ratio = seconds === ours ? '' : `ours is ${(seconds / ours).toFixed(1)} times as fast`;
      row(name, `${(megabytes / seconds).toFixed(0)} MB/s`, ratio);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Encoding of a submitJob with a thousand URLs. */
export async function reportEncoding(): Promise<void> {
  console.log('\nEncoding of submitJob with 1000 URLs');
  const urlArray = Array.from({ length: 1000 }, (_, i) => ({
    sourceUrl: `https://images.example.com/shoes/${i}.tif?size=full&id=${i}`,
    destPath: `MyCompany/Shoes/${i}.tif`,
  }));
  const options = { overwrite: true, readyForPublish: true, createMask: false, emailSetting: 'None' };
  const head = { companyHandle: 'c|6', jobName: 'Spring' };
  const input = { ...head, uploadUrlsJob: { urlArray, ...options } };
  const wrapped = { ...head, uploadUrlsJob: { urlArray: { items: urlArray }, ...options } };
  const theirs = await soapWsdl();
  const ours = fastest(100, () => Buffer.byteLength(codec.encodeRequest('submitJob', input)));
  const soaps = fastest(100, () =>
    Buffer.byteLength(
      theirs.objectToDocumentXML('submitJobParam', wrapped, 'types', codec.contract.messageNamespace),
    ),
  );
  row('@ips-sdk/wire', `${(1 / ours).toFixed(0)} /s`);
  row('soap', `${(1 / soaps).toFixed(0)} /s`, `ours is ${(soaps / ours).toFixed(1)} times as fast`);
}
