// getActiveJobs with 1000 active jobs, next to a bare `soap.listen` that answers a constant of the same size.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createIpsServer } from '@ips-sdk/server';
import { codec } from '@ips-sdk/wire';
import * as soap from 'soap';

const JOBS = 1000;
const SECONDS = 10;
const CONNECTIONS = 4;

/** Requests per second that a server answers. */
async function rate(
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<{ rate: number; bytes: number }> {
  let count = 0;
  let bytes = 0;
  const end = performance.now() + SECONDS * 1000;
  const begun = performance.now();
  const work = async (): Promise<void> => {
    while (performance.now() < end) {
      const response = await fetch(url, { method: 'POST', headers, body });
      bytes = (await response.arrayBuffer()).byteLength;
      if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  return { rate: (count * 1000) / (performance.now() - begun), bytes };
}

/** Measures both and prints the ratio. */
export async function benchActiveJobs(): Promise<void> {
  // With a clock that nobody moves all jobs stay active.
  const server = await createIpsServer({ jobClock: 'manual' });
  const header = {
    user: server.admin.email,
    password: server.admin.password,
    appName: 'bench',
    appVersion: '1',
  };
  const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: 'getActiveJobs' };
  for (let number = 0; number < JOBS; number += 1) {
    const xml = codec.encodeRequest(
      'submitJob',
      {
        companyHandle: 'c|6',
        jobName: `Job ${number}`,
        imageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' },
      },
      { header },
    );
    await (await fetch(server.endpoints.soap, { method: 'POST', headers, body: xml })).arrayBuffer();
  }
  const request = codec.encodeRequest('getActiveJobs', { companyHandle: 'c|6' }, { header });
  const ours = await rate(server.endpoints.soap, request, headers);
  const constant = codec.decodeResponse(
    'getActiveJobs',
    await (await fetch(server.endpoints.soap, { method: 'POST', headers, body: request })).text(),
  ).value;
  await server.stop();

  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  // Its own form of an array is an object with the name of the elements.
  const answer = { jobArray: { items: constant.jobArray } };
  const port = { getActiveJobs: () => answer };
  soap.listen(http, {
    path: '/bare',
    services: { IpsApiService: { IpsApiSoapPort: port, IpsApiSoap12Port: port } },
    xml: await (await import('node:fs/promises')).readFile(
      fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl')),
      'utf8',
    ),
  });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const bare = await rate(`http://127.0.0.1:${(http.address() as AddressInfo).port}/bare`, request, headers);
  http.closeAllConnections();
  http.close();
  console.log(`getActiveJobs, ${JOBS} jobs: ${ours.rate.toFixed(1)} requests/s, ${ours.bytes} bytes each`);
  console.log(`soap.listen, a constant: ${bare.rate.toFixed(1)} requests/s, ${bare.bytes} bytes each`);
  console.log(`ratio: ${(ours.rate / bare.rate).toFixed(2)}`);
}

if (import.meta.main) await benchActiveJobs();
