import type { IpsClient } from '@ips-sdk/client';
import type { JobXml, XmlExchange } from '../api.js';
import type { Feed } from '../live/feeds.js';
import { redactXml } from '../secrets.js';
import type { Session } from '../session.js';
import { rowOf } from './job-page.js';
import { againName, isIncomplete, payloadOf } from './run-again.js';

/** Characters of a document; the rest is omitted. */
const MOST = 1_000_000;
/** Rows of the log in its document. */
const LOG_ROWS = 200;

/** What the service sends about a job, as it is on the wire but for secrets. */
export async function jobXml(session: Session, feed: Feed, handle: string): Promise<JobXml> {
  const row = rowOf(feed, handle);
  const { client } = session;
  const jobHandle = row.handle;
  const exchanges: XmlExchange[] = [];
  const found = await payloadOf(session, feed, jobHandle);
  if (found !== undefined && !isIncomplete(found)) {
    const input = { jobName: againName(row.originalName), [found.kind]: found.details };
    exchanges.push({
      operation: 'submitJob',
      request: shown(await client.preview('submitJob', input, { validation: 'off' })),
      at: new Date().toISOString(),
      about: 'submission',
    });
  }
  if (row.stage === 'active')
    exchanges.push(await exchange(client, 'getActiveJobs', { jobHandle }, 'active'));
  if (row.stage === 'scheduled')
    exchanges.push(await exchange(client, 'getScheduledJobs', { jobHandle }, 'scheduled'));
  else {
    const input = { jobHandle, recordsPerPage: LOG_ROWS, resultsPage: 1 };
    exchanges.push(await exchange(client, 'getJobLogDetails', input, 'log'));
  }
  return { exchanges };
}

async function exchange(
  client: IpsClient,
  operation: 'getActiveJobs' | 'getScheduledJobs' | 'getJobLogDetails',
  input: { readonly jobHandle: string },
  about: XmlExchange['about'],
): Promise<XmlExchange> {
  const request = await client.preview(operation, input);
  const at = new Date().toISOString();
  let response = '';
  await client.call(operation, input, {
    onAnswer: (text) => {
      response = text;
    },
  });
  return { operation, request: shown(request), response: shown(response), status: 200, at, about };
}

/** Secrets are removed before the document is cut, so that no part of one remains. */
function shown(xml: string): string {
  const safe = redactXml(xml);
  return safe.length > MOST ? `${safe.slice(0, MOST)}…` : safe;
}
