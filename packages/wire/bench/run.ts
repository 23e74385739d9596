// Figures of the codec next to its peers, measured in one run. Ratios are what to look at.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codec } from '@ips-sdk/wire';
import { SaxesParser } from 'saxes';
import * as soap from 'soap';
import { activeJobs } from '../../validator/bench/active-jobs.ts';
import { foreignDecoders } from './peers.ts';

const require = createRequire(import.meta.url);
const wsdl = fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'));
const JOBS = 10_000;

/** Seconds of the fastest of several runs. */
function fastest(times: number, run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i += 1) {
    const start = performance.now();
    run();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

function row(name: string, value: string, ratio: string = ''): void {
  console.log(`  ${name.padEnd(44)} ${value.padStart(14)}  ${ratio}`);
}

const folder = mkdtempSync(join(tmpdir(), 'wire-bench-'));
try {
  const answer = activeJobs(JOBS);
  const xml = codec.encodeResponse('getActiveJobs', answer);
  const bytes = Buffer.byteLength(xml);
  const file = join(folder, 'answer.xml');
  writeFileSync(file, xml);
  console.log(
    `Typed decoding of getActiveJobs, ${JOBS.toLocaleString('en-US')} jobs, ${(bytes / 1e6).toFixed(0)} MB of XML`,
  );
  const client = await soap.createClientAsync(wsdl);
  const theirs = client as unknown as {
    wsdl: { xmlToObject(xml: string): unknown; objectToDocumentXML(...args: unknown[]): string };
  };
  const ours = fastest(12, () => codec.decodeResponse('getActiveJobs', xml));
  const odd = xml.replace('<jobArray>', '<!-- a comment --><jobArray>');
  const strong = await strongSoap();
  const rows: Record<string, number | string> = {
    '@ips-sdk/wire': ours,
    '@ips-sdk/wire, past the fast path': fastest(4, () => codec.decodeResponse('getActiveJobs', odd)),
    soap: fastest(3, () => theirs.wsdl.xmlToObject(xml)),
    'strong-soap': fastest(2, () => strong(xml)),
    ...foreignDecoders(file, JOBS),
    'saxes, tokens only, nothing typed': fastest(4, () =>
      new SaxesParser({ xmlns: true }).write(xml).close(),
    ),
    'JSON.parse of the same value as JSON': ((json) => fastest(6, () => JSON.parse(json)))(
      JSON.stringify(answer),
    ),
  };
  for (const [name, seconds] of Object.entries(rows)) {
    if (typeof seconds === 'string') row(name, seconds);
    else
      row(
        name,
        `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`,
        seconds === ours ? '' : `ours is ${(seconds / ours).toFixed(1)} times as fast`,
      );
  }

  console.log('\nEncoding of submitJob with 1000 URLs');
  const input = {
    companyHandle: 'c|6',
    jobName: 'Spring',
    uploadUrlsJob: {
      urlArray: Array.from({ length: 1000 }, (_, i) => ({
        sourceUrl: `https://images.example.com/shoes/${i}.tif?size=full&id=${i}`,
        destPath: `MyCompany/Shoes/${i}.tif`,
      })),
      overwrite: true,
      readyForPublish: true,
      createMask: false,
      emailSetting: 'None',
    },
  };
  const wrapped = {
    ...input,
    uploadUrlsJob: { ...input.uploadUrlsJob, urlArray: { items: input.uploadUrlsJob.urlArray } },
  };
  const encode = fastest(300, () => Buffer.byteLength(codec.encodeRequest('submitJob', input)));
  const soapEncode = fastest(60, () =>
    Buffer.byteLength(
      theirs.wsdl.objectToDocumentXML('submitJobParam', wrapped, 'types', codec.contract.messageNamespace),
    ),
  );
  row('@ips-sdk/wire', `${(1 / encode).toFixed(0)} /s`);
  row(
    'soap',
    `${(1 / soapEncode).toFixed(0)} /s`,
    `ours is ${(soapEncode / encode).toFixed(1)} times as fast`,
  );

  console.log('\nMemory of a streamed answer, growth of the process at its peak');
  for (const megabytes of [20, 200]) {
    const child = spawnSync(
      process.execPath,
      ['--expose-gc', join(import.meta.dirname, 'stream-memory.ts'), String(megabytes)],
      { encoding: 'utf8' },
    );
    if (child.status !== 0) throw new Error(child.stderr);
    const { items, growth, seconds, size } = JSON.parse(child.stdout) as Record<string, number>;
    row(
      `${Math.round((size ?? 0) / 1e6)} MB, ${items?.toLocaleString('en-US')} items`,
      `${Math.round((growth ?? 0) / 1e6)} MB`,
      `${((size ?? 0) / 1e6 / (seconds ?? 1)).toFixed(0)} MB/s`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** strong-soap's own way from XML to objects, as its client calls it for an answer. */
async function strongSoap(): Promise<(xml: string) => unknown> {
  type Handler = { xmlToJson(namespaces: object, xml: string, descriptor: object): unknown };
  type Client = {
    wsdl: {
      definitions: {
        schemas: object;
        bindings: Record<
          string,
          { operations: Record<string, { describe(definitions: object): { outputEnvelope: object } }> }
        >;
      };
      options: object;
    };
    createNamespaceContext(prefix: string, uri: string): object;
  };
  const { soap: strong } = require('strong-soap') as {
    soap: {
      createClient(path: string, options: object, callback: (error: unknown, client: Client) => void): void;
      XMLHandler: new (schemas: object, options: object) => Handler;
      NamespaceContext: new () => object;
    };
  };
  const { wsdl: loaded } = await new Promise<Client>((resolve, reject) => {
    strong.createClient(wsdl, {}, (error, client) => (error ? reject(error) : resolve(client)));
  });
  const operation = loaded.definitions.bindings['IpsApiServiceSoapBinding']?.operations['getActiveJobs'];
  if (operation === undefined) throw new Error('strong-soap does not know getActiveJobs');
  const { outputEnvelope } = operation.describe(loaded.definitions);
  const handler = new strong.XMLHandler(loaded.definitions.schemas, loaded.options);
  return (xml) => handler.xmlToJson(new strong.NamespaceContext(), xml, outputEnvelope);
}
