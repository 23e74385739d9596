import { parseSchedule, ScheduleError } from '@ips-sdk/client';
import type { FireTime, SchedulePreview } from '../api.js';

/**
 * The next times of a schedule, in the zone of the service and in that of the viewer.
 *
 * @param serviceZone - `undefined` if unknown: then UTC stands for it.
 * @param now - By the service's clock.
 */
export function schedulePreview(
  execSchedule: string,
  serviceZone: string | undefined,
  viewerZone: string,
  count: number,
  now: number,
): SchedulePreview {
  const zone = serviceZone ?? 'UTC';
  const zones = { serviceZone: zone, viewerZone };
  try {
    const schedule = parseSchedule(execSchedule);
    const times = schedule.nextFireTimes(count, { timeZone: zone, from: new Date(now) });
    return { ...zones, description: schedule.describe(), times: fireTimes(times, zone, viewerZone, now) };
  } catch (error) {
    if (error instanceof ScheduleError || error instanceof RangeError)
      return { ...zones, error: error.message, times: [] };
    throw error;
  }
}

function fireTimes(times: readonly Date[], serviceZone: string, viewerZone: string, now: number): FireTime[] {
  let before = offsetAt(now, serviceZone);
  return times.map((time) => {
    const at = time.getTime();
    const offset = offsetAt(at, serviceZone);
    const change = offset - before;
    before = offset;
    const hours = Math.abs(change) / 60;
    const dst = change > 0 ? ('springForward' as const) : ('fallBack' as const);
    return {
      at: time.toISOString(),
      inServiceZone: inZone(at, serviceZone),
      inViewerZone: inZone(at, viewerZone),
      ...(change === 0
        ? {}
        : { dst, dstNote: `clocks went ${change > 0 ? 'forward' : 'back'} ${hours} h in ${serviceZone}` }),
    };
  });
}

/** Minutes by which a zone is ahead of UTC. */
function offsetAt(at: number, timeZone: string): number {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
  const { year, month, day, hour, minute, second } = parts;
  return Math.round(
    (Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000) / 60_000,
  );
}

/** `2026-11-26T02:00:00-08:00`. */
function inZone(at: number, timeZone: string): string {
  const offset = offsetAt(at, timeZone);
  const local = new Date(at + offset * 60_000).toISOString().slice(0, 19);
  const digits = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(offset);
  return `${local}${offset < 0 ? '-' : '+'}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;
}

/** Whether a text names a zone. */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
