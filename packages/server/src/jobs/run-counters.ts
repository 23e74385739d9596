import type { RunCounters } from '../db/schema.js';

/** The counters of a run that has not started. */
export const NO_COUNTS: RunCounters = {
  success: 0,
  error: 0,
  warning: 0,
  duplicate: 0,
  update: 0,
  total: 0,
  transferSuccess: 0,
  transferError: 0,
  transferWarning: 0,
};

/** Adds changes to counters. */
export function addCounts(counters: RunCounters, changes: Partial<RunCounters>): RunCounters {
  const sum = (name: keyof RunCounters): number => counters[name] + (changes[name] ?? 0);
  return {
    success: sum('success'),
    error: sum('error'),
    warning: sum('warning'),
    duplicate: sum('duplicate'),
    update: sum('update'),
    total: sum('total'),
    transferSuccess: sum('transferSuccess'),
    transferError: sum('transferError'),
    transferWarning: sum('transferWarning'),
  };
}
