// The order in which runs wait for workers: companies take turns, and within a company runs keep their order, except that urgent ones
// do not wait for the others. It is start-time fair queueing: a run gets a turn when it is enqueued, and the lowest turn is next. The
// first run of a company gets the turn that is next at that moment, whatever others have waiting. Each further run comes later by a cost,
// which is lower for urgent runs, so that several of them take the place of one other. No steady stream of runs keeps another run waiting.
import { type SQL, sql } from 'drizzle-orm';
import type { RunRow } from '../db/rows.js';
import * as t from '../db/schema.js';

/** What the order depends on. */
export type RunPlace = Pick<RunRow, 'urgent' | 'turn'>;

/** By how much the turns of runs of one company differ. */
const COST = { urgent: 1, other: 8 } as const;

/** The last turn. Turns begin again when nothing waits; if that does not happen for years, runs with this turn keep their order of arrival. */
const LAST = 1_000_000_000;

/** Number of files or assets up to which a job is small. */
const SMALL = 10;

/** Whether someone waits for a run: its job is small and was not scheduled. */
export function isUrgent(size: number | undefined, isScheduled: boolean): boolean {
  return size !== undefined && size <= SMALL && !isScheduled;
}

/** The priority of an entry of the queue: lower for later turns, and higher for an urgent run than for another one with the same turn. */
export function priorityOf({ urgent, turn }: RunPlace): number {
  return (urgent ? 1 : 0) - 2 * turn;
}

/** The turn that a priority stands for. */
export function turnOfPriority(priority: SQL): SQL<number> {
  // The division drops the remainder.
  return sql`(1 - ${priority}) / 2`;
}

/**
 * The turn of a run that is enqueued now.
 *
 * @param next - The turn that is next; null if nothing waits.
 */
export function newTurn({ companyId, urgent }: Pick<RunRow, 'companyId' | 'urgent'>, next: SQL): SQL<number> {
  const cost = urgent ? COST.urgent : COST.other;
  const { runs } = t;
  return sql<number>`least(${LAST}::int, greatest(${next}, ${cost}::int + coalesce((select max(mine.turn) from ${runs} mine
    where mine.company_id = ${companyId} and mine.urgent = ${urgent} and mine.state <> 'Done' and not mine.paused), 0)))`;
}
