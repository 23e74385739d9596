import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { casesOf } from '../../../scripts/testing/cases.js';
import { parseSchedule, ScheduleError, schedule } from '../src/schedule.js';
import { days, numbers, type Part, utcTime, type WallTime, zonedTime } from './support/schedule-oracle.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const from = (text: string) => new Date(text);
/** The next times as ISO text in UTC. */
const next = (text: string, count: number, start: string, timeZone = 'UTC') =>
  parseSchedule(text)
    .nextFireTimes(count, { from: from(start), timeZone })
    .map((time) => time.toISOString().replace('.000Z', 'Z'));

function errorOf(run: () => unknown): ScheduleError {
  try {
    run();
  } catch (error) {
    if (error instanceof ScheduleError) return error;
    throw error;
  }
  throw new Error('expected a ScheduleError');
}

describe('reading a schedule', () => {
  it("reads the service's own sample, five fields and a blank behind them, and repeats it as it was sent", () => {
    const nightly = parseSchedule('00 00 00 * * ');
    expect(nightly.text).toBe('00 00 00 * * ');
    expect(nightly.fields).toEqual({
      seconds: '0',
      minutes: '0',
      hours: '0',
      dayOfMonth: '*',
      month: '*',
      dayOfWeek: '?',
      year: '*',
    });
    expect(next('00 00 00 * * ', 2, '2014-04-03T22:00:00-07:00', 'America/Los_Angeles')).toEqual([
      '2014-04-04T07:00:00Z',
      '2014-04-05T07:00:00Z',
    ]);
  });

  it.each([
    // The examples of Quartz's own tutorial.
    ['0 0 12 * * ?', ['2024-05-15T12:00:00Z', '2024-05-16T12:00:00Z']],
    ['0 15 10 ? * *', ['2024-05-16T10:15:00Z', '2024-05-17T10:15:00Z']],
    ['0 15 10 * * ? *', ['2024-05-16T10:15:00Z', '2024-05-17T10:15:00Z']],
    ['0 15 10 * * ? 2025', ['2025-01-01T10:15:00Z', '2025-01-02T10:15:00Z']],
    ['0 0/5 14,18 * * ?', ['2024-05-15T14:00:00Z', '2024-05-15T14:05:00Z']],
    ['0 10,44 14 ? 3 WED', ['2025-03-05T14:10:00Z', '2025-03-05T14:44:00Z']],
    ['0 15 10 ? * MON-FRI', ['2024-05-16T10:15:00Z', '2024-05-17T10:15:00Z', '2024-05-20T10:15:00Z']],
    ['0 15 10 L-2 * ?', ['2024-05-29T10:15:00Z', '2024-06-28T10:15:00Z']],
    ['0 15 10 ? * 6L', ['2024-05-31T10:15:00Z', '2024-06-28T10:15:00Z']],
    ['0 15 10 ? * 6L 2026-2028', ['2026-01-30T10:15:00Z', '2026-02-27T10:15:00Z']],
    ['0 15 10 ? * 6#3', ['2024-05-17T10:15:00Z', '2024-06-21T10:15:00Z']],
    ['0 0 12 1/5 * ?', ['2024-05-16T12:00:00Z', '2024-05-21T12:00:00Z']],
    ['0 11 11 11 11 ?', ['2024-11-11T11:11:00Z', '2025-11-11T11:11:00Z']],
    // Ranges that wrap around, names in lower case, the weekday nearest to a day within its month.
    ['0 0 22-2/2 * * ?', ['2024-05-15T22:00:00Z', '2024-05-16T00:00:00Z', '2024-05-16T02:00:00Z']],
    ['0 0 0 1 nov-jan ?', ['2024-11-01T00:00:00Z', '2024-12-01T00:00:00Z', '2025-01-01T00:00:00Z']],
    ['0 0 0 ? * sat-mon', ['2024-05-18T00:00:00Z', '2024-05-19T00:00:00Z', '2024-05-20T00:00:00Z']],
    ['0 0 0 1W 6 ? 2024', ['2024-06-03T00:00:00Z']],
    ['0 0 0 29 2 ?', ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z']],
    ['0 0 0 30 2 ?', []],
    // Days of a calendar, of which there is none.
    ['0 0 0 5C * ?', ['2024-06-05T00:00:00Z', '2024-07-05T00:00:00Z']],
    ['0 0 0 ? * 1C', ['2024-05-19T00:00:00Z', '2024-05-26T00:00:00Z']],
  ])('%s', (text, expected) => {
    expect(next(text, Math.max(1, expected.length), '2024-05-15T11:00:00Z')).toEqual(expected);
  });

  it('takes any blanks between fields, and writes fields in one way', () => {
    expect(parseSchedule('\t00  0/1 */2\r\n01,1,015 jan-DEC ? 2024-2024 ').fields).toEqual({
      seconds: '0',
      minutes: '*',
      hours: '0/2',
      dayOfMonth: '1,15',
      month: '1-12',
      dayOfWeek: '?',
      year: '2024',
    });
  });

  it.each([
    ['__proto__', 'schedule: found "__proto__", expected 6 or 7 fields separated by spaces, not 1'],
    ['', 'schedule: found "", expected 6 or 7 fields separated by spaces, not 0'],
    ['0 0 0 *', 'schedule: found "0 0 0 *", expected 6 or 7 fields separated by spaces, not 4'],
    ['60 0 0 * * ?', 'seconds: found "60", expected 0 to 59'],
    ['0 0 24 * * ?', 'hours: found "24", expected 0 to 23'],
    ['0 0 0 0 * ?', 'dayOfMonth: found "0", expected 1 to 31'],
    ['0 0 0 * 13 ?', 'month: found "13", expected 1 (JAN) to 12 (DEC)'],
    ['0 0 0 * JULY ?', 'month: found "JULY", expected 1 (JAN) to 12 (DEC), *, a list, a range or a step'],
    ['0 0 0 ? * 0', 'dayOfWeek: found "0", expected 1 (SUN) to 7 (SAT)'],
    ['0 0 0 ? * MON-6', 'dayOfWeek: found "MON-6", expected a range of two names or two numbers'],
    [
      '0 0 0 ? * MON/2',
      'dayOfWeek: found "MON/2", expected numbers instead of names, because Quartz ignores a step after names',
    ],
    ['0 0 0 ? * 8C', 'dayOfWeek: found "8C", expected 1 (SUN) to 7 (SAT)'],
    ['0 0 0 ? * 6#6', 'dayOfWeek: found "6#6", expected a number from 1 to 5 after #'],
    ['0 0/0 0 * * ?', 'minutes: found "0/0", expected a step from 1 to 59'],
    ['0 0/60 0 * * ?', 'minutes: found "0/60", expected a step from 1 to 59'],
    ['0 0 0 1 * MON', 'dayOfWeek: found "MON", expected ? together with the day of month 1'],
    ['0 0 0 ? * ?', 'dayOfWeek: found "?", expected * or days, because the day of month is ?'],
    ['0 ? 0 * * *', 'minutes: found "?", expected 0 to 59, *, a list, a range or a step'],
    ['0 0 0 * * ? 1969', 'year: found "1969", expected 1970 to 2099'],
    ['0 0 0 * * ? 2030-2020', 'year: found "2030-2020", expected the earlier year first'],
    [
      '0 0 0 1,,2 * ?',
      'dayOfMonth: found "1,,2", expected 1 to 31, *, ?, L, L-3, LW, 15W, a list, a range or a step',
    ],
    ['0 0 \u0663 * * ?', 'hours: found "\\u0663", expected 0 to 23, *, a list, a range or a step'],
  ])('refuses %j', (text, message) => {
    expect(errorOf(() => parseSchedule(text)).message).toBe(message);
  });

  it.each([
    ['0 2 * * *', ['0 0 2 * * ?'], 'every day at 02:00'],
    ['*/15 * * * *', ['0 */15 * * * ?'], 'every 15 minutes'],
    ['30 4 1,15 * *', ['0 30 4 1,15 * ?'], 'on days 1 and 15 of every month at 04:30'],
    // Crontab counts the days of the week from 0 = Sunday, and 7 is Sunday too.
    ['0 9 * * 1-5', ['0 0 9 ? * MON-FRI'], 'every day from Monday to Friday at 09:00'],
    ['0 0 * * 0', ['0 0 0 ? * SUN'], 'every Sunday at 00:00'],
    ['0 0 * * 5-7', ['0 0 0 ? * SUN,FRI,SAT'], 'every day from Friday to Sunday at 00:00'],
    ['0 22 * * mon,Wed', ['0 0 22 ? * MON,WED'], 'every Monday and Wednesday at 22:00'],
    ['0 0 * jan-mar */2', ['0 0 0 ? jan-mar SUN,TUE,THU,SAT'], 'from January to March at 00:00'],
    ['0 0 * * */1', ['0 0 0 * * ?'], 'every day at 00:00'],
    ['@daily', ['0 0 0 * * ?'], 'every day at 00:00'],
    ['@Hourly', ['0 0 * * * ?'], 'every hour'],
    // It may also be a Quartz schedule that lacks its last field.
    ['0 0 2 * *', ['0 0 0 2 * ?', '0 0 2 * * ?'], '(on day 2 of every month at 00:00) or "0 0 2 * * ?"'],
    // Crontab runs it on either kind of day.
    ['0 0 13 * 5', ['0 0 0 13 * ?', '0 0 0 ? * FRI'], 'use two schedules: "0 0 0 13 * ?"'],
    ['*/90 * * * *', [], 'five fields are crontab syntax'],
    ['0 0 ? * MON#2', [], 'five fields are crontab syntax'],
    ['a b c d e', [], 'five fields are crontab syntax'],
  ])('refuses the crontab %j, and shows what it means in Quartz', (text, meant, words) => {
    const error = errorOf(() => parseSchedule(text));
    expect(error.meant).toEqual(meant);
    expect(error.message).toContain(words);
    for (const quartz of meant) expect(parseSchedule(quartz).text).toBe(quartz);
  });

  it('shows for a crontab the schedule that fires when croner, which reads crontab itself, says', () => {
    const values = (min: number, max: number) => {
      const value = fc.integer({ min, max });
      const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
      const step = fc.integer({ min: 1, max: Math.min(6, max) }).map((by) => `*/${by}`);
      const list = fc.array(value, { minLength: 1, maxLength: 4 }).map((all) => all.join(','));
      return fc.oneof(fc.constant('*'), range, step, list);
    };
    const days = fc.oneof(
      fc.tuple(values(1, 28), fc.constant('*')),
      fc.tuple(fc.constant('*'), fc.oneof(values(0, 7), fc.constantFrom('mon-fri', 'SUN', 'sat,sun'))),
    );
    const crontabs = fc
      .tuple(values(0, 59), values(0, 23), days, values(1, 12))
      .map(([minute, hour, [date, weekday], month]) => `${minute} ${hour} ${date} ${month} ${weekday}`);
    const start = from('2024-05-15T11:00:00Z');
    fc.assert(
      fc.property(crontabs, (text) => {
        const [meant = ''] = errorOf(() => parseSchedule(text)).meant;
        const quartz = parseSchedule(meant);
        expect(quartz.describe()).not.toMatch(/undefined|NaN/);
        const expected = new Cron(text, { paused: true, timezone: 'UTC' }).nextRuns(5, start);
        expect(quartz.nextFireTimes(5, { from: start, timeZone: 'UTC' })).toEqual(expected);
      }),
      { numRuns: casesOf(2000) },
    );
  });

  it('shows the whole message for a crontab', () => {
    expect(errorOf(() => parseSchedule('0 2 * * *')).message).toBe(
      'schedule: found "0 2 * * *", expected six or seven fields, starting with seconds; five fields are crontab syntax; ' +
        'did you mean "0 0 2 * * ?" (every day at 02:00)?',
    );
  });

  it('refuses what is no text, and text without end, and shows only its beginning', () => {
    expect(errorOf(() => parseSchedule(5 as never)).message).toBe('schedule: found "5", expected a string');
    const long = errorOf(() => parseSchedule(`0 0 0 ${'1,'.repeat(5000)}1 * ?`));
    expect(long.message).toMatch(/expected at most 4096 characters, not 10011$/);
    expect(long.value).toHaveLength(61);
  });

  it('ends in a schedule or a ScheduleError, whatever the text', () => {
    const piece = fc.constantFrom(...'0123456789*?/-,#LWC '.split(''), 'MON', 'JAN', '2024', '\t', 'x', 'é');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece, { maxLength: 30 }).map((p) => p.join('')),
        ),
        (text) => {
          try {
            const read = parseSchedule(text);
            expect(read.text).toBe(text);
            read.nextFireTimes(2, { from: from('2024-05-15T11:00:00Z'), timeZone: 'UTC' });
            expect(read.describe()).not.toBe('');
          } catch (error) {
            if (!(error instanceof ScheduleError)) throw error;
          }
        },
      ),
      { numRuns: casesOf(20_000) },
    );
  });
});

/** A schedule of all kinds of parts, and whether it fires at a moment. */
interface Made {
  readonly text: string;
  readonly fires: (time: WallTime) => boolean;
}

const made = (clock: fc.Arbitrary<readonly Part[]>): fc.Arbitrary<Made> =>
  fc
    .record({ clock, days, month: numbers('month', 1, 12), year: fc.constantFrom('', ' *', ' 2023-2025') })
    .map(({ clock, days, month, year }) => ({
      text: `${clock.map((part) => part.text).join(' ')} ${days.ofMonth.text} ${month.text} ${days.ofWeek.text}${year}`,
      fires: (time) =>
        [...clock, days.ofMonth, month, days.ofWeek].every((part) => part.fires(time)) &&
        (!year.includes('2023') || (time.year >= 2023 && time.year <= 2025)),
    }));

const exactly = (field: 'second' | 'minute' | 'hour', value: number): Part => ({
  text: String(value),
  fires: (time) => time[field] === value,
});

/** All moments after the start, and before the end, at which it fires, by trying each. */
function counted(fires: Made['fires'], start: number, end: number, step: number): Date[] {
  const found: Date[] = [];
  for (let at = start; at < end; at += step) {
    const date = new Date(at);
    if (fires(utcTime(date))) found.push(date);
  }
  return found;
}

function expectSame(
  text: string,
  expected: readonly Date[],
  start: number,
  end: number,
  timeZone = 'UTC',
): void {
  const counted = expected.slice(0, 999);
  const found = parseSchedule(text).nextFireTimes(counted.length + 1, { from: new Date(start), timeZone });
  const show = (dates: readonly Date[]) => dates.map((date) => date.toISOString());
  expect({ text, times: show(found.slice(0, counted.length)) }).toEqual({ text, times: show(counted) });
  if (counted.length === expected.length)
    expect(found[counted.length]?.getTime() ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(end);
}

describe('fire times are those that counting finds', () => {
  it('day by day over three years, for every kind of day, month and year', () => {
    const clock = fc
      .tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 }), fc.nat({ max: 59 }))
      .map(([hour, minute, second]) => [
        exactly('second', second),
        exactly('minute', minute),
        exactly('hour', hour),
      ]);
    const first = fc.integer({ min: Date.UTC(2022, 0, 1) / DAY, max: Date.UTC(2027, 0, 1) / DAY });
    fc.assert(
      fc.property(made(clock), first, ({ text, fires }, day) => {
        const [second = 0, minute = 0, hour = 0] = text.split(' ').map(Number);
        const time = ((hour * 60 + minute) * 60 + second) * 1000;
        const start = day * DAY + time - 1;
        const end = start + 1100 * DAY;
        expectSame(text, counted(fires, start + 1, end, DAY), start, end);
      }),
      { numRuns: casesOf(400) },
    );
  });

  it('minute by minute over three days', () => {
    const clock = fc
      .tuple(numbers('minute', 0, 59), numbers('hour', 0, 23))
      .map(([minute, hour]) => [exactly('second', 0), minute, hour]);
    fc.assert(
      fc.property(
        made(clock),
        fc.integer({ min: 27_300_000, max: 28_900_000 }),
        ({ text, fires }, minute) => {
          const start = minute * MINUTE;
          const end = start + 3 * DAY;
          expectSame(text, counted(fires, start + MINUTE, end, MINUTE), start, end);
        },
      ),
      { numRuns: casesOf(300) },
    );
  });

  it('second by second over an hour and a half', () => {
    const clock = fc.tuple(numbers('second', 0, 59), numbers('minute', 0, 59), numbers('hour', 0, 23));
    fc.assert(
      fc.property(made(clock), fc.integer({ min: 1.64e9, max: 1.73e9 }), ({ text, fires }, second) => {
        const start = second * 1000;
        const end = start + 90 * MINUTE;
        expectSame(text, counted(fires, start + 1000, end, 1000), start, end);
      }),
      { numRuns: casesOf(300) },
    );
  });
});

describe('in a time zone', () => {
  /** Zones whose clocks are changed at different hours, by an hour or half of one, or never, and the days of a change. */
  const changes = fc.constantFrom(
    ...(
      [
        ['America/Los_Angeles', ['2014-03-09', '2014-11-02', '2024-03-10', '2024-11-03']],
        ['America/New_York', ['2024-03-10', '2024-11-03']],
        ['Europe/Berlin', ['2024-03-31', '2024-10-27']],
        ['America/Sao_Paulo', ['2018-11-04', '2018-02-18']],
        ['Australia/Lord_Howe', ['2023-10-01', '2023-04-02']],
        ['Asia/Kathmandu', ['2024-03-31']],
        ['Asia/Tokyo', ['2024-03-31']],
        ['Pacific/Apia', ['2012-04-01', '2012-09-30']],
      ] as const
    ).flatMap(([zone, dates]) => dates.map((date) => ({ zone, date }))),
  );

  it('schedules of many times fire whenever the clock shows one, and leave skipped times out', () => {
    const many = fc.tuple(numbers('minute', 0, 59), numbers('hour', 0, 23)).filter(([minute, hour]) => {
      const values = (part: Part, field: 'minute' | 'hour', size: number) =>
        Array.from({ length: size }, (_, i) => i).filter((i) => part.fires({ [field]: i } as never)).length;
      return values(minute, 'minute', 60) * values(hour, 'hour', 24) > 1;
    });
    fc.assert(
      fc.property(changes, many, fc.nat({ max: 1500 }), ({ zone, date }, [minute, hour], before) => {
        const start = Date.parse(`${date}T00:00:00Z`) - before * MINUTE;
        const end = start + 2.5 * DAY;
        const expected: Date[] = [];
        for (let at = start + MINUTE; at < end; at += MINUTE) {
          const time = zonedTime(new Date(at), zone);
          if (minute.fires(time) && hour.fires(time)) expected.push(new Date(at));
        }
        expectSame(`0 ${minute.text} ${hour.text} * * ?`, expected, start, end, zone);
      }),
      { numRuns: casesOf(100) },
    );
  });

  it('schedules of one time fire once on every day: after a gap, and the first of two', () => {
    const time = fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 59 }));
    fc.assert(
      fc.property(changes, time, ({ zone, date }, [hour, minute]) => {
        const start = Date.parse(`${date}T00:00:00Z`) - 2 * DAY;
        const end = start + 4 * DAY;
        // Of each day that the clock shows, its first moment that is not before the time.
        const byDay = new Map<string, Date>();
        for (let at = start + MINUTE; at < end; at += MINUTE) {
          const shown = zonedTime(new Date(at), zone);
          const day = `${shown.month}/${shown.day}`;
          if (shown.hour * 60 + shown.minute >= hour * 60 + minute && !byDay.has(day))
            byDay.set(day, new Date(at));
        }
        const firstDay = zonedTime(new Date(start + MINUTE), zone);
        const begun = firstDay.hour * 60 + firstDay.minute > hour * 60 + minute;
        expectSame(`0 ${minute} ${hour} * * ?`, [...byDay.values()].slice(begun ? 1 : 0), start, end, zone);
      }),
      { numRuns: casesOf(100) },
    );
  });

  it('goes by the zone of the machine unless one is given', () => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const start = from('2024-05-15T11:00:00Z');
    expect(parseSchedule('0 0 2 * * ?').nextFireTime({ from: start })).toEqual(
      parseSchedule('0 0 2 * * ?').nextFireTime({ from: start, timeZone: zone }),
    );
  });
});

describe('asking for fire times', () => {
  const nightly = parseSchedule('0 0 2 * * ?');

  it('tells later ones only, from now on unless a time is given, and none after 2099', () => {
    expect(next('0 0 2 * * ?', 1, '2024-05-15T02:00:00Z')).toEqual(['2024-05-16T02:00:00Z']);
    expect(next('0 0 2 * * ?', 1, '2024-05-15T01:59:59.999Z')).toEqual(['2024-05-15T02:00:00Z']);
    expect(next('0 0 2 * * ?', 3, '2099-12-30T12:00:00Z')).toEqual(['2099-12-31T02:00:00Z']);
    expect(next('0 0 0 * * ? 2020', 3, '2024-05-15T02:00:00Z')).toEqual([]);
    expect(next('0 0 0 * * ?', 1, '-000100-01-01T00:00:00Z')).toEqual(['1970-01-01T00:00:00Z']);
    expect(nightly.nextFireTime()?.getTime()).toBeGreaterThan(Date.now());
    expect(parseSchedule('0 0 0 * * ? 2020').nextFireTime()).toBeUndefined();
  });

  it('refuses a count, a time and a zone that cannot be', () => {
    expect(() => nightly.nextFireTimes(0)).toThrow(new RangeError('count: found 0, expected 1 to 1000'));
    expect(() => nightly.nextFireTimes(1001)).toThrow('count: found 1001, expected 1 to 1000');
    expect(() => nightly.nextFireTime({ from: new Date(Number.NaN) })).toThrow('from: found an invalid Date');
    expect(() => nightly.nextFireTime({ timeZone: 'Mars/Olympus' })).toThrow(
      'unknown time zone "Mars/Olympus"',
    );
  });
});

describe('describing a schedule', () => {
  it.each([
    ['00 00 00 * * ', 'every day at 00:00'],
    ['0 30 2 ? * MON,FRI', 'every Monday and Friday at 02:30'],
    ['0 0 6,18 ? * 2-6', 'every day from Monday to Friday at 06:00 and 18:00'],
    ['0 0/15 * * * ?', 'every 15 minutes'],
    ['0 10 0/6 * * ?', 'every 6 hours at minute 10'],
    ['0/10 * * * * ?', 'every 10 seconds'],
    ['0 0 3 L * ?', 'on the last day of every month at 03:00'],
    ['0 0 3 LW 6 ?', 'on the last weekday of June at 03:00'],
    ['0 0 3 ? * 6#3', 'on the third Friday of every month at 03:00'],
    ['0 0 18 24 12 ?', 'every year on December 24 at 18:00'],
    ['5 0 18 24 12 ? 2030', 'on December 24, 2030 at 18:00:05'],
    ['0 0 0 * * ? 2030', 'every day in 2030 at 00:00'],
    ['0 0 0 ? * * 2026-2028', 'every day from 2026 to 2028 at 00:00'],
    ['0 0 0 ? * MON 2026/2', 'every Monday every 2 years from 2026 to 2098 at 00:00'],
    // Steps.
    ['0 0/7 * * * ?', 'every 7 minutes from minute 0 to 56 of every hour'],
    ['0 5/10 * * * ?', 'every 10 minutes from minute 5 to 55 of every hour'],
    ['0 0/15 9-17 ? * MON-FRI', 'every 15 minutes from 09:00 to 17:45, every day from Monday to Friday'],
    ['0 0/5 14 * * ?', 'every 5 minutes from 14:00 to 14:55'],
    ['0 0/5 14,18 * * ?', 'every 5 minutes of hours 14 and 18'],
    ['0 30 9-17/2 * * ?', 'every 2 hours from 09:30 to 17:30'],
    ['0 0 9-17 ? * SAT', 'every hour from 09:00 to 17:00, every Saturday'],
    ['5 0/15 * * * ?', 'at second 5 of minutes 0 to 45 in steps of 15 of every hour'],
    ['0/20 0-10 3 * * ?', 'every 20 seconds of minutes 0 to 10 of hour 3'],
    ['* * * * * ?', 'every second'],
    ['7 * * * * ?', 'at second 7 of every minute'],
    ['0 0 0 1/5 * ?', 'every 5 days from day 1 of every month at 00:00'],
    [
      '0 0 0 1-20/4 1/2 ?',
      'every 4 days from day 1 to 17 of January, March, May, July, September and November at 00:00',
    ],
    // Days that a calendar includes.
    ['0 0 3 5C * ?', 'on the first day that the calendar includes on or after day 5 of every month at 03:00'],
    ['0 0 3 ? 6 1C', 'on the first day that the calendar includes on or after each Sunday in June at 03:00'],
    // Days before the last one.
    ['0 0 3 L-1 * ?', 'on the day before the last day of every month at 03:00'],
    ['0 0 3 L-3 * ?', 'on the third day before the last day of every month at 03:00'],
    ['0 0 3 L-22 * ?', 'on the 22nd day before the last day of every month at 03:00'],
    ['0 0 3 L-3W * ?', 'on the weekday nearest to the third day before the last day of every month at 03:00'],
    ['0 0 3 15W * ?', 'on the weekday nearest to day 15 of every month at 03:00'],
    // Lists.
    ['0 0 1,2,3,5,8,13 * * ?', 'every day at 01:00, 02:00, 03:00, 05:00, 08:00 and 13:00'],
    ['0 0 12 1,2,3,4,5,6,20 * ?', 'on days 1 to 6 and 20 of every month at 12:00'],
    ['0 0 3 1,15,L * ?', 'on days 1 and 15 and the last day of every month at 03:00'],
    [
      '0 0 12 15W,LW 6-8 ?',
      'on the weekday nearest to day 15 and the last weekday of every month from June to August at 12:00',
    ],
    [
      '0 0 12 ? * MON,FRIL,SUN#1',
      'every Monday, on the last Friday of every month and on the first Sunday of every month at 12:00',
    ],
    ['0 0,7,30 9,12 * * ?', 'at minutes 0, 7 and 30 of hours 9 and 12'],
    ['5,10 0 3 * * ?', 'at seconds 5 and 10 of minute 0 of hour 3'],
  ])('%s: %s', (text, sentence) => expect(parseSchedule(text).describe()).toBe(sentence));
});

describe('building a schedule', () => {
  it.each([
    [schedule.daily('2:05:30'), '30 5 2 * * ?'],
    [schedule.weekly(['SUN', 'WED', 'SUN'], '00:00'), '0 0 0 ? * SUN,WED'],
    [schedule.monthly(31, '23:59'), '0 59 23 31 * ?'],
    [schedule.monthly('last', '03:00'), '0 0 3 L * ?'],
    [schedule.everyMinutes(1), '0 * * * * ?'],
    [schedule.everyMinutes(20), '0 0/20 * * * ?'],
    [schedule.everyMinutes(60), '0 0 * * * ?'],
    [schedule.everyHours(8, { minute: 5 }), '0 5 0/8 * * ?'],
    [schedule.everyHours(24), '0 0 0 * * ?'],
    [schedule.yearly('02-29', '12:00'), '0 0 12 29 2 ?'],
  ])('%s', (built, expected) => {
    expect(built).toBe(expected);
    expect(parseSchedule(built).nextFireTime()).toBeInstanceOf(Date);
  });

  it.each([
    [() => schedule.daily('24:00'), 'hours: found "24", expected 0 to 23'],
    [() => schedule.daily('noon'), 'schedule: found "noon", expected a time of day, such as 02:00'],
    [() => schedule.weekly([], '02:00'), 'dayOfWeek: found "", expected at least one day'],
    [
      () => schedule.weekly(['Mon' as 'MON'], '02:00'),
      'dayOfWeek: found "Mon", expected SUN, MON, TUE, WED, THU, FRI, SAT',
    ],
    [() => schedule.monthly(32, '02:00'), `dayOfMonth: found "32", expected 1 to 31, or 'last'`],
    [
      () => schedule.everyMinutes(7),
      'minutes: found "7", expected a divisor of 60: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60',
    ],
    [() => schedule.everyHours(5), 'hours: found "5", expected a divisor of 24: 1, 2, 3, 4, 6, 8, 12, 24'],
    [() => schedule.everyHours(6, { minute: 60 }), 'minutes: found "60", expected 0 to 59'],
    [() => schedule.yearly('02-30', '02:00'), 'dayOfMonth: found "30", expected 1 to 29'],
    [() => schedule.yearly('2-3', '02:00'), 'schedule: found "2-3", expected month and day, such as 12-24'],
  ])('refuses arguments that cannot be: case %#', (build, message) => {
    expect(errorOf(build).message).toBe(message);
  });
});
