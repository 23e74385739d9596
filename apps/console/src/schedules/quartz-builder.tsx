import { type ReactNode, useId } from 'react';
import { CheckLine, TextField } from '../components/fields.tsx';
import {
  type Cadence,
  cadenceOf,
  EVERY_HOURS,
  EVERY_MINUTES,
  expressionOf,
  type TimeOfDay,
  WEEKDAYS,
  type Weekday,
} from './cadence.ts';
import './schedules.css';

const FORMS: readonly { readonly form: Cadence['form']; readonly label: string }[] = [
  { form: 'minutes', label: 'every few minutes' },
  { form: 'hours', label: 'every few hours' },
  { form: 'daily', label: 'every day' },
  { form: 'weekly', label: 'on days of the week' },
  { form: 'monthly', label: 'on a day of the month' },
  { form: 'monthlyOn', label: 'on a weekday of the month' },
  { form: 'custom', label: 'as a Quartz expression' },
];

const DAY_NAMES: Readonly<Record<Weekday, string>> = {
  MON: 'Monday',
  TUE: 'Tuesday',
  WED: 'Wednesday',
  THU: 'Thursday',
  FRI: 'Friday',
  SAT: 'Saturday',
  SUN: 'Sunday',
};

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'] as const;

/** Builds a Quartz expression from choices, or takes one that was typed. */
export function QuartzBuilder({
  expression,
  isCustom,
  zone,
  problem,
  onChange,
}: {
  expression: string;
  /** Whether the viewer wants to see the expression, although the builder could show it. */
  isCustom: boolean;
  /** In which it is evaluated. */
  zone: string | undefined;
  problem?: string | undefined;
  onChange: (expression: string, isCustom: boolean) => void;
}): ReactNode {
  const cadence = isCustom ? ({ form: 'custom', expression } as const) : cadenceOf(expression);
  const set = (next: Cadence): void => onChange(expressionOf(next), next.form === 'custom');
  return (
    <div className="quartz">
      <label className="field">
        <span className="label">How often</span>
        <select
          className="select"
          value={cadence.form}
          onChange={(event) => {
            const form = FORMS.find((one) => one.form === event.target.value)?.form ?? 'custom';
            set(changeForm(cadence, form, expression));
          }}
        >
          {FORMS.map(({ form, label }) => (
            <option key={form} value={form}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <CadenceFields cadence={cadence} set={set} problem={problem} />
      <p className="secondary">
        {zone === undefined ? "In the service's time zone" : `In the service's time zone, ${zone}`}
        {cadence.form !== 'custom' && (
          <>
            {' '}
            · <code>{expression}</code>
          </>
        )}
      </p>
      {problem !== undefined && cadence.form !== 'custom' && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function CadenceFields({
  cadence,
  set,
  problem,
}: {
  cadence: Cadence;
  set: (cadence: Cadence) => void;
  problem: string | undefined;
}): ReactNode {
  switch (cadence.form) {
    case 'minutes':
      return (
        <Choice
          label="Minutes"
          value={cadence.every}
          choices={EVERY_MINUTES.map((every) => [
            every,
            every === 1 ? 'every minute' : `every ${every} minutes`,
          ])}
          onChange={(every) => set({ ...cadence, every })}
        />
      );
    case 'hours':
      return (
        <>
          <Choice
            label="Hours"
            value={cadence.every}
            choices={EVERY_HOURS.map((every) => [every, every === 1 ? 'every hour' : `every ${every} hours`])}
            onChange={(every) => set({ ...cadence, every })}
          />
          <Choice
            label="Minute"
            value={cadence.minute}
            choices={numbers(60).map((minute) => [minute, `at :${two(minute)}`])}
            onChange={(minute) => set({ ...cadence, minute })}
          />
        </>
      );
    case 'daily':
      return <TimeField value={cadence} onChange={(time) => set({ ...cadence, ...time })} />;
    case 'weekly':
      return (
        <>
          <fieldset className="field">
            <legend className="label">Days</legend>
            <div className="weekdays">
              {WEEKDAYS.map((day) => (
                <CheckLine
                  key={day}
                  checked={cadence.days.includes(day)}
                  // The last day stays: a week without days never fires.
                  disabled={cadence.days.length === 1 && cadence.days.includes(day)}
                  onChange={(event) =>
                    set({
                      ...cadence,
                      days: event.target.checked
                        ? [...cadence.days, day]
                        : cadence.days.filter((other) => other !== day),
                    })
                  }
                >
                  {DAY_NAMES[day]}
                </CheckLine>
              ))}
            </div>
          </fieldset>
          <TimeField value={cadence} onChange={(time) => set({ ...cadence, ...time })} />
        </>
      );
    case 'monthly':
      return (
        <>
          <Choice
            label="Day of the month"
            value={cadence.day === 'last' ? 0 : cadence.day}
            choices={[
              ...numbers(31).map((day): [number, string] => [day + 1, `${day + 1}`]),
              [0, 'the last day'],
            ]}
            onChange={(day) => set({ ...cadence, day: day === 0 ? 'last' : day })}
          />
          <TimeField value={cadence} onChange={(time) => set({ ...cadence, ...time })} />
          {typeof cadence.day === 'number' && cadence.day > 28 && (
            <p className="caution">It does not fire in months without a day {cadence.day}.</p>
          )}
        </>
      );
    case 'monthlyOn':
      return (
        <>
          <Choice
            label="Which"
            value={cadence.nth === 'last' ? 0 : cadence.nth}
            choices={[...ORDINALS.map((word, index): [number, string] => [index + 1, word]), [0, 'last']]}
            onChange={(nth) => set({ ...cadence, nth: nth === 0 ? 'last' : nth })}
          />
          <Choice
            label="Weekday"
            value={WEEKDAYS.indexOf(cadence.weekday)}
            choices={WEEKDAYS.map((day, index) => [index, DAY_NAMES[day]])}
            onChange={(index) => set({ ...cadence, weekday: WEEKDAYS[index] ?? 'MON' })}
          />
          <TimeField value={cadence} onChange={(time) => set({ ...cadence, ...time })} />
        </>
      );
    case 'custom':
      return (
        <TextField
          label="Expression"
          value={cadence.expression}
          problem={problem}
          hint="second minute hour day month weekday [year], such as 0 30 2 ? * MON-FRI"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => set({ form: 'custom', expression: event.target.value })}
        />
      );
  }
}

function Choice({
  label,
  value,
  choices,
  onChange,
}: {
  label: string;
  value: number;
  choices: readonly (readonly [value: number, label: string])[];
  onChange: (value: number) => void;
}): ReactNode {
  return (
    <label className="field">
      <span className="label">{label}</span>
      <select className="select" value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {choices.map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function TimeField({
  value,
  onChange,
}: {
  value: TimeOfDay;
  onChange: (time: TimeOfDay) => void;
}): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>At</label>
      <input
        id={id}
        className="input"
        type="time"
        required
        value={`${two(value.hour)}:${two(value.minute)}`}
        onChange={(event) => {
          const [hour, minute] = event.target.value.split(':').map(Number);
          if (hour !== undefined && minute !== undefined) onChange({ hour, minute });
        }}
      />
    </div>
  );
}

/** Another form, with what both have in common. */
function changeForm(from: Cadence, form: Cadence['form'], expression: string): Cadence {
  const time = { hour: 'hour' in from ? from.hour : 2, minute: 'minute' in from ? from.minute : 0 };
  switch (form) {
    case 'minutes':
      return { form, every: 15 };
    case 'hours':
      return { form, every: 1, minute: time.minute };
    case 'daily':
      return { form, ...time };
    case 'weekly':
      return { form, days: ['MON', 'TUE', 'WED', 'THU', 'FRI'], ...time };
    case 'monthly':
      return { form, day: 1, ...time };
    case 'monthlyOn':
      return { form, nth: 1, weekday: 'MON', ...time };
    case 'custom':
      return { form, expression };
  }
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
