import { createHmac } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import type { RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { companyHandle, runHandle } from '../handles.js';
import { guardedFetch } from '../net/guarded-fetch.js';
import type { Services } from '../services.js';
import type { CompletionNotice } from './completion-notice.js';
import type { Delivery } from './queue.js';
import { sendMail } from './send-mail.js';

/**
 * Delivers one notification. A URL gets a POST whose header `x-ips-signature` is `sha256=` and the HMAC of the body. A mail gets a
 * row in the outbox, whether or not it could be sent.
 *
 * @throws when it could not be delivered; the queue retries.
 */
export async function deliver(services: Services, delivery: Delivery): Promise<void> {
  const [run] = await services.db.select().from(t.runs).where(eq(t.runs.id, delivery.runId));
  if (run === undefined) return;
  try {
    if (delivery.kind === 'http') await post(services, delivery.target, run);
    else await mail(services, delivery.target, run);
  } catch (error) {
    const { message } = error as Error;
    services.log.warn(
      { run: run.name, kind: delivery.kind, reason: message },
      'a notification was not delivered',
    );
    throw error;
  }
}

async function post(services: Services, url: string, run: RunRow): Promise<void> {
  const { config } = services;
  const body = JSON.stringify(noticeOf(run));
  const signature = createHmac('sha256', config.notificationSecret).update(body).digest('hex');
  const response = await guardedFetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-ips-signature': `sha256=${signature}` },
    body,
    timeout: 30_000,
    allowPrivateAddresses: config.allowPrivateAddresses,
  });
  await response.body.dump();
  services.log.info({ run: run.name, url: response.url.origin }, 'a completion notice was delivered');
}

async function mail(services: Services, recipient: string, run: RunRow): Promise<void> {
  const { config, db, clock } = services;
  const { success, error, warning, update, duplicate } = run.counters;
  const subject = `${run.fatalError || error > 0 ? 'Job with errors' : 'Job done'}: ${run.originalName}`;
  const body = [
    `Job: ${run.name}`,
    `Started: ${run.startDate.toISOString()}`,
    `Ended: ${run.endDate?.toISOString() ?? ''}`,
    `Succeeded: ${success}, updated: ${update}, duplicates: ${duplicate}, warnings: ${warning}, errors: ${error}`,
    ...(run.fatalError ? ['The job ended with a fatal error.'] : []),
  ].join('\n');
  const keep = async (outcome: string): Promise<void> => {
    // One row for each run and recipient: a retry updates the row of the first attempt.
    const changed = await db
      .update(t.mails)
      .set({ outcome })
      .where(and(eq(t.mails.runId, run.id), eq(t.mails.recipient, recipient)))
      .returning({ id: t.mails.id });
    if (changed.length > 0) return;
    await db
      .insert(t.mails)
      .values({ recipient, subject, body, runId: run.id, createdAt: clock.now(), outcome });
  };
  try {
    await keep(await sendMail(config, { recipient, subject, body }));
  } catch (error) {
    await keep((error as Error).message);
    throw error;
  }
}

function noticeOf(run: RunRow): CompletionNotice {
  return {
    jobHandle: runHandle(run),
    jobName: run.name,
    originalJobName: run.originalName,
    companyHandle: companyHandle(run.companyId),
    type: run.kind,
    startDate: run.startDate.toISOString(),
    endDate: run.endDate?.toISOString(),
    fatalError: run.fatalError,
    counts: run.counters,
  };
}
