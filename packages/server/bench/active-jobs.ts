// getActiveJobs with 1000 active jobs, next to a bare `soap.listen` that answers a constant of the same size. Both servers and the
// clients are three processes.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createIpsServer } from '@ips-sdk/server';
import { codec } from '@ips-sdk/wire';
import * as soap from 'soap';
import { compare, type Sample } from '../../../scripts/bench/compare.ts';
import { runLoad } from './support/load.ts';
import {
  listenFromProcess,
  type ServerProcess,
  serveFromProcess,
  startProcess,
} from './support/server-process.ts';

const JOBS = 1000;
const CLIENTS = 4;
const REQUESTS = 100;
const HEADERS = { 'content-type': 'text/xml; charset=utf-8', soapaction: 'getActiveJobs' };
const PROGRAM = fileURLToPath(import.meta.url);
const OURS = 'ips-server';
const BARE = 'soap.listen, a constant';

/** A server to send the call to. */
interface Endpoint {
  readonly url: string;
  readonly body: string;
}

/** A server with jobs that stay active, because nothing moves its clock. */
async function ours(): Promise<void> {
  const server = await createIpsServer({ jobClock: 'manual' });
  const { email: user, password } = server.admin;
  const header = { user, password, appName: 'bench', appVersion: '1' };
  for (let number = 0; number < JOBS; number += 1) {
    const body = codec.encodeRequest(
      'submitJob',
      {
        companyHandle: 'c|6',
        jobName: `Job ${number}`,
        imageServingPublishJob: { publishType: 'Incremental', emailSetting: 'None' },
      },
      { header },
    );
    const headers = { ...HEADERS, soapaction: 'submitJob' };
    const answer = await fetch(server.endpoints.soap, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.arrayBuffer();
  }
  const body = codec.encodeRequest('getActiveJobs', { companyHandle: 'c|6' }, { header });
  serveFromProcess({ url: server.endpoints.soap, body } satisfies Endpoint);
}

/** The package's own server with the answer that another server gave. */
async function bare({ url, body }: Endpoint): Promise<void> {
  const answered = await fetch(url, { method: 'POST', headers: HEADERS, body });
  const { value } = codec.decodeResponse('getActiveJobs', await answered.text());
  // Its form of an array is an object with the name of the elements.
  const constant = { jobArray: { items: value.jobArray } };
  const port = { getActiveJobs: () => constant };
  const server = createServer();
  const wsdl = fileURLToPath(import.meta.resolve('@ips-sdk/types/wsdl/IpsApi-2014-04-03.wsdl'));
  await new Promise<void>((resolve, reject) => {
    soap.listen(server, {
      path: '/bare',
      services: { IpsApiService: { IpsApiSoapPort: port, IpsApiSoap12Port: port } },
      xml: readFileSync(wsdl, 'utf8'),
      callback: (error: unknown) => (error ? reject(error) : resolve()),
    });
  });
  await listenFromProcess(server);
}

/** Milliseconds for each of some requests from another process, and of the server's processor time. */
async function load(server: ServerProcess<unknown>, { url, body }: Endpoint): Promise<Sample> {
  const before = await server.cpu();
  const { milliseconds, requests } = await runLoad({
    url,
    headers: HEADERS,
    body,
    clients: CLIENTS,
    requests: REQUESTS,
  });
  return { wall: milliseconds / REQUESTS, cpu: ((await server.cpu()) - before) / requests };
}

async function compareActiveJobs(): Promise<void> {
  const mine = await startProcess<Endpoint>(PROGRAM, 'ours');
  const theirs = await startProcess<string>(PROGRAM, 'bare', JSON.stringify(mine.started));
  const constant: Endpoint = { ...mine.started, url: `${theirs.started}/bare` };
  try {
    await compare({
      id: 'server-active-jobs',
      title: `getActiveJobs with ${JOBS.toLocaleString('en-US')} active jobs`,
      method: `${CLIENTS} clients in another process send ${REQUESTS} requests for a sample. The peer does not check the password or read a database: it encodes a constant of the same size. Processor time is that of the server alone.`,
      unit: 'a request',
      base: OURS,
      peers: true,
      rounds: 7,
      contenders: [
        { name: OURS, take: () => load(mine, mine.started) },
        { name: BARE, take: () => load(theirs, constant) },
      ],
      aims: ({ times }) => [
        { text: 'of the requests per second of the constant', value: times(BARE, 'wall'), atLeast: 0.8 },
      ],
    });
  } finally {
    await theirs.stop();
    await mine.stop();
  }
}

const [kind, argument = ''] = process.argv.slice(2);
if (kind === undefined) await compareActiveJobs();
else if (kind === 'ours') await ours();
// What the process that compares passes.
else await bare(JSON.parse(argument) as Endpoint);
