/** A field of a schedule, in the order of the text. */
export type ScheduleField = 'seconds' | 'minutes' | 'hours' | 'dayOfMonth' | 'month' | 'dayOfWeek' | 'year';

/** Maximum number of characters of a value in an error, so a long value does not flood a log. */
const SHOWN = 60;

/**
 * The error for an invalid schedule, or an invalid argument for building one.
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
  /** The invalid field. Absent if the error concerns the whole text. */
  readonly field: ScheduleField | undefined;
  /** The invalid value, truncated to 60 characters. */
  readonly value: string;
  /** The Quartz schedules suggested for a schedule in crontab syntax. Empty for all other errors. */
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

/** Escapes everything except printable ASCII, because a character that looks like a space or digit may be the mistake. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~…]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
