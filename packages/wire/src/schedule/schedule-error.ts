/** A field of a schedule, in the order of the text. */
export type ScheduleField = 'seconds' | 'minutes' | 'hours' | 'dayOfMonth' | 'month' | 'dayOfWeek' | 'year';

/** How many characters of a value an error shows, so that a long value does not flood a log. */
const SHOWN = 60;

/**
 * A text that is not a schedule, or an argument from which no schedule can be built.
 *
 * @example
 * ```ts
 * import { parseSchedule, ScheduleError } from '@ips-sdk/wire/schedule';
 *
 * try {
 *   parseSchedule('0 0 24 * * ?');
 * } catch (error) {
 *   if (error instanceof ScheduleError) console.log(error.message); // hours: found "24", expected 0 to 23
 * }
 * ```
 */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
  /** The part that is wrong; absent when the error concerns the whole text. */
  readonly field: ScheduleField | undefined;
  /** What was found, cut to 60 characters. */
  readonly value: string;
  /** The Quartz schedules that a schedule of crontab probably means; empty for all other errors. */
  readonly meant: readonly string[];

  constructor(
    field: ScheduleField | undefined,
    value: string,
    expected: string,
    meant: readonly string[] = [],
  ) {
    const shown = value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value;
    super(`${field ?? 'schedule'}: found ${quoted(shown)}, expected ${expected}`);
    this.field = field;
    this.value = shown;
    this.meant = meant;
  }
}

/** Escapes everything except plain ASCII, since what looks like a blank or a digit might be the mistake. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~…]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
