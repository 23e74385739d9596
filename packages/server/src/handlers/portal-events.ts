import type { AddMediaPortalEventParam, MPEvent } from '@ips-sdk/types';
import { and, desc, eq, gte, lte, type SQL } from 'drizzle-orm';
import { companyOf } from '../access/call.js';
import type { PortalEventDetails } from '../db/schema/kept.js';
import * as t from '../db/schema.js';
import { invalidParameter } from '../faults.js';
import { TEXT_LIMITS } from '../text-limits.js';
import type { AreaHandlers } from './handler.js';
import { companyCondition, MOST_ROWS } from './job-scope.js';

type EventRow = typeof t.portalEvents.$inferSelect;

const TEXTS = ['string1', 'string2', 'string3', 'string4', 'string5'] as const;
const NUMBERS = ['int1', 'int2', 'int3', 'int4', 'int5', 'float1', 'float2', 'float3'] as const;

/** Operations on the log of the Media Portal, which programs write and read. Nothing else uses it. */
export const portalEventHandlers: AreaHandlers = {
  addMediaPortalEvent: async (input, call) => {
    const { eventType, ipsUser, jobName, jobDescription } = input;
    for (const field of ['eventType', 'ipsUser', 'jobName', 'jobDescription', ...TEXTS] as const)
      checkText(field, input[field]);
    await call.db.insert(t.portalEvents).values({
      companyId: companyOf(call).id,
      eventType,
      ipsUser,
      jobName,
      jobDescription,
      details: detailsOf(input),
      createdAt: call.now,
    });
    return {};
  },

  // The newest first.
  getMediaPortalEvent: async (input, call) => {
    const conditions: SQL[] = [companyCondition(call, t.portalEvents.companyId)];
    for (const field of ['eventType', 'ipsUser', 'jobName', 'jobDescription'] as const) {
      const value = input[field];
      if (value !== undefined) conditions.push(eq(t.portalEvents[field], value));
    }
    if (input.afterDate !== undefined)
      conditions.push(gte(t.portalEvents.createdAt, new Date(input.afterDate)));
    if (input.beforeDate !== undefined)
      conditions.push(lte(t.portalEvents.createdAt, new Date(input.beforeDate)));
    const rows = await call.db
      .select({ event: t.portalEvents, companyName: t.companies.name })
      .from(t.portalEvents)
      .innerJoin(t.companies, eq(t.companies.id, t.portalEvents.companyId))
      .where(and(...conditions))
      .orderBy(desc(t.portalEvents.createdAt), desc(t.portalEvents.id))
      .limit(MOST_ROWS);
    return { MediaPortalEventArray: rows.map(({ event, companyName }) => eventRecord(event, companyName)) };
  },
};

/** @throws IpsFault 30001 for a text that is too long. */
function checkText(path: string, text: string | undefined): void {
  if (text !== undefined && text.length > TEXT_LIMITS.portalEvent)
    throw invalidParameter(path, text, `at most ${TEXT_LIMITS.portalEvent} characters`);
}

/** @throws IpsFault 30001 for a number that the log cannot contain. */
function detailsOf(input: AddMediaPortalEventParam): PortalEventDetails {
  const details: Record<string, string | number> = {};
  for (const field of TEXTS) {
    const text = input[field];
    if (text !== undefined) details[field] = text;
  }
  for (const field of NUMBERS) {
    const number = input[field];
    if (number === undefined) continue;
    if (!Number.isFinite(number)) throw invalidParameter(field, number, 'a finite number');
    details[field] = number;
  }
  if (input.time1 !== undefined) details['time1'] = new Date(input.time1).toISOString();
  return details;
}

function eventRecord({ details, ...row }: EventRow, companyName: string): MPEvent {
  return {
    eventType: row.eventType,
    createDate: row.createdAt.toISOString(),
    ipsUser: row.ipsUser,
    companyId: row.companyId,
    companyName,
    jobName: row.jobName,
    jobDescription: row.jobDescription,
    ...details,
  };
}
