import { parseSchedule } from '@ips-sdk/wire/schedule';
import { describe, expect, test } from 'vitest';
import {
  type Cadence,
  cadenceOf,
  EVERY_HOURS,
  EVERY_MINUTES,
  expressionOf,
  WEEKDAYS,
} from '../src/schedules/cadence.ts';

const cadences: readonly Cadence[] = [
  ...EVERY_MINUTES.map((every) => ({ form: 'minutes', every }) as const),
  ...EVERY_HOURS.map((every) => ({ form: 'hours', every, minute: 5 }) as const),
  { form: 'daily', hour: 2, minute: 30 },
  ...WEEKDAYS.map((day) => ({ form: 'weekly', days: [day], hour: 2, minute: 0 }) as const),
  { form: 'weekly', days: ['MON', 'WED', 'SUN'], hour: 23, minute: 59 },
  { form: 'monthly', day: 31, hour: 0, minute: 0 },
  { form: 'monthly', day: 'last', hour: 0, minute: 0 },
  ...WEEKDAYS.map((weekday) => ({ form: 'monthlyOn', nth: 2, weekday, hour: 6, minute: 15 }) as const),
  ...WEEKDAYS.map((weekday) => ({ form: 'monthlyOn', nth: 'last', weekday, hour: 6, minute: 15 }) as const),
];

describe('the builder of schedules', () => {
  test.each(cadences.map((cadence) => [expressionOf(cadence), cadence] as const))(
    'writes and reads %s',
    (text, cadence) => {
      expect(cadenceOf(text)).toEqual(cadence);
      // The service's own reader agrees that it is an expression.
      expect(
        parseSchedule(text).nextFireTimes(1, { from: new Date('2026-11-26T00:00:00Z'), timeZone: 'UTC' }),
      ).toHaveLength(1);
    },
  );

  test('writes expressions that fire when it says', () => {
    const next = (cadence: Cadence): string | undefined =>
      parseSchedule(expressionOf(cadence))
        .nextFireTimes(1, { from: new Date('2026-11-26T00:00:00Z'), timeZone: 'UTC' })[0]
        ?.toISOString();
    // 26 November 2026 is a Thursday.
    expect(next({ form: 'weekly', days: ['SUN'], hour: 2, minute: 0 })).toBe('2026-11-29T02:00:00.000Z');
    expect(next({ form: 'monthlyOn', nth: 'last', weekday: 'MON', hour: 2, minute: 0 })).toBe(
      '2026-11-30T02:00:00.000Z',
    );
    expect(next({ form: 'monthlyOn', nth: 1, weekday: 'TUE', hour: 2, minute: 0 })).toBe(
      '2026-12-01T02:00:00.000Z',
    );
    expect(next({ form: 'monthly', day: 'last', hour: 2, minute: 0 })).toBe('2026-11-30T02:00:00.000Z');
  });

  test.each([
    ['0 0 2 * * ? *', { form: 'daily', hour: 2, minute: 0 }],
    ['0 0 2 ? * MON-FRI', { form: 'weekly', days: ['MON', 'TUE', 'WED', 'THU', 'FRI'], hour: 2, minute: 0 }],
    ['0 0 2 ? * 6-2', { form: 'weekly', days: ['MON', 'FRI', 'SAT', 'SUN'], hour: 2, minute: 0 }],
    ['0 */15 * ? * *', { form: 'minutes', every: 15 }],
  ])('reads %s, written otherwise', (text, cadence) => {
    expect(cadenceOf(text)).toEqual(cadence);
  });

  test.each([
    '0 0 2 * 1 ?',
    '30 0 2 * * ?',
    '0 0 25 * * ?',
    '0 0/7 * * * ?',
    '0 0 2 15W * ?',
    '0 0 2 ? * MON#6',
    '',
    'every day',
  ])('leaves %s as it is', (expression) => {
    expect(cadenceOf(expression)).toEqual({ form: 'custom', expression });
  });
});
