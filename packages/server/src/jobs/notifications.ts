import { createHmac } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Db } from '../db/db.js';
import type { OutboxRow, RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';
import { companyHandle, runHandle } from '../handles.js';
import { guardedFetch } from '../net/guarded-fetch.js';
import type { Services } from '../services.js';
import { type TraceSpan, traced } from '../traces/traces.js';
import type { CompletionNotice } from './completion-notice.js';
import type { EngineParts } from './engine-parts.js';
import {
  addToOutbox,
  MAX_ATTEMPTS,
  type NewNotification,
  nextAttempt,
  recordResult,
  takeFromOutbox,
  whileHeld,
} from './outbox.js';
import type { Delivery } from './queue.js';
import { sendMail } from './send-mail.js';

/**
 * Attempts to deliver a notification in the outbox, unless another worker does. A URL gets a POST whose header `x-ips-signature` is
 * `sha256=` and the HMAC of the body. After a failed attempt, the next one is due later; after the last one, the notification is dropped.
 */
export async function deliver({ services, queue }: EngineParts, id: number): Promise<void> {
  const { clock, log, metrics } = services;
  const row = await takeFromOutbox(services, id);
  if (row === undefined) return;
  const { kind, about } = row;
  let outcome: string;
  try {
    outcome = await whileHeld(services, row, () => attempt(services, row));
  } catch (error) {
    outcome = (error as Error).message;
    const isLast = row.attempts >= MAX_ATTEMPTS;
    const next = isLast ? undefined : nextAttempt(row.attempts, clock.now());
    log.warn(
      { about, kind, reason: outcome, attempts: row.attempts, next: next?.toISOString() },
      isLast ? 'giving up on a notification' : 'a notification was not delivered',
    );
    await recordResult(services, async (tx) => {
      await recordOutcome(tx, row, outcome);
      if (next === undefined) await tx.delete(t.outbox).where(eq(t.outbox.id, id));
      else {
        await tx.update(t.outbox).set({ dueAt: next }).where(eq(t.outbox.id, id));
        await queue.enqueueDelivery(tx, id, next);
      }
    });
    const status = isLast ? 'failed' : 'waiting';
    metrics.notificationAttempts.inc({ kind, outcome: status });
    services.onAttempt?.(row, { status, error: outcome });
    return;
  }
  await recordResult(services, async (tx) => {
    await recordOutcome(tx, row, outcome);
    await tx.delete(t.outbox).where(eq(t.outbox.id, id));
  });
  metrics.notificationAttempts.inc({ kind, outcome: 'delivered' });
  services.onAttempt?.(row, { status: 'delivered' });
}

/** The notice to a URL at the end of a run. */
export function noticeFor(url: string, run: RunRow): NewNotification {
  return { kind: 'http', about: run.name, url, body: JSON.stringify(noticeOf(run)) };
}

/** The mail about the end of a run. */
export function mailFor(recipient: string, run: RunRow): NewNotification {
  const { success, error, warning, update, duplicate } = run.counters;
  return {
    kind: 'mail',
    about: run.name,
    recipient,
    runId: run.id,
    subject: `${run.fatalError || error > 0 ? 'Job with errors' : 'Job done'}: ${run.originalName}`,
    body: [
      `Job: ${run.name}`,
      `Started: ${run.startDate.toISOString()}`,
      `Ended: ${run.endDate?.toISOString() ?? ''}`,
      `Succeeded: ${success}, updated: ${update}, duplicates: ${duplicate}, warnings: ${warning}, errors: ${error}`,
      ...(run.fatalError ? ['The job ended with a fatal error.'] : []),
    ].join('\n'),
  };
}

/** Moves a notification that an earlier version left in the queue to the outbox. Returns its number. */
export async function adoptDelivery(
  { db, clock }: Services,
  { kind, runId, target }: Delivery,
): Promise<number | undefined> {
  const [run] = await db.select().from(t.runs).where(eq(t.runs.id, runId));
  if (run === undefined) return undefined;
  const notification = kind === 'http' ? noticeFor(target, run) : mailFor(target, run);
  return db.transaction((tx) => addToOutbox(tx, notification, clock.now(), run.trace));
}

/** One attempt, as a part of the trace of what caused the notification. @throws Error if it is not delivered. */
function attempt(services: Services, row: OutboxRow): Promise<string> {
  const { kind, trace, attempts } = row;
  return traced(
    services.traces,
    kind === 'http' ? 'POST' : 'mail',
    {
      kind: 'client',
      from: trace,
      attributes: { 'ips.notification.id': row.id, 'ips.notification.attempt': attempts },
    },
    (span) => (kind === 'http' ? post(services, row, span) : mail(services, row)),
  );
}

async function post(
  { config, log }: Services,
  { target, body, about }: OutboxRow,
  span: TraceSpan,
): Promise<string> {
  // Without its path and query, which can contain secrets.
  if (URL.canParse(target))
    span.set({ 'http.request.method': 'POST', 'server.address': new URL(target).hostname });
  const signature = createHmac('sha256', config.notificationSecret).update(body).digest('hex');
  const response = await guardedFetch(target, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-ips-signature': `sha256=${signature}`,
      ...span.headers(),
    },
    body,
    timeout: 30_000,
    allowPrivateAddresses: config.allowPrivateAddresses,
  });
  await response.body.dump();
  span.set({ 'http.response.status_code': response.status });
  log.info({ about, url: response.url.origin }, 'a completion notice was delivered');
  return 'sent';
}

async function mail({ db, config }: Services, { mailId }: OutboxRow): Promise<string> {
  const [row] = mailId === null ? [] : await db.select().from(t.mails).where(eq(t.mails.id, mailId));
  // Its row was removed, which cancels the mail.
  return row === undefined ? 'kept' : sendMail(config, row);
}

async function recordOutcome(tx: Db, { mailId }: OutboxRow, outcome: string): Promise<void> {
  if (mailId !== null) await tx.update(t.mails).set({ outcome }).where(eq(t.mails.id, mailId));
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
