import { type ReactNode, useState } from 'react';
import { useApiMutation } from '../api/api-context.tsx';
import type { TestClockRequest, TestState } from '../api/contract.ts';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { TextField } from '../components/fields.tsx';
import { useToast } from '../components/toast.tsx';
import { describeDuration } from '../format/duration.ts';
import { formatExact, viewerZone } from '../format/moment.ts';
import { GuardedButton } from '../session/guarded-button.tsx';

const MODES = {
  real: 'It runs by itself, and cannot be set. Start the server with --job-clock manual to move it.',
  instant: 'Jobs do not wait for it, and it cannot be set.',
  manual: 'It stands still until it is moved. What is due by then happens at once.',
} as const;

const STEPS = [
  ['1 min', 60_000],
  ['1 h', 3_600_000],
  ['1 day', 86_400_000],
  ['1 week', 604_800_000],
] as const;

/** The clock of the server, which a test can move. */
export function ClockCard({ state: { clock } }: { state: TestState }): ReactNode {
  // Everything that shows times asks again, the session for the time of the service too.
  const move = useApiMutation('test/clock', ['test', 'session', 'jobs', 'schedules', 'overview']);
  const toast = useToast();
  const [time, setTime] = useState('');
  const isManual = clock.mode === 'manual';
  const obstacle = isManual
    ? move.isPending
      ? 'it is being moved'
      : undefined
    : `the clock is ${clock.mode}`;
  const send = (request: TestClockRequest, words: string): void => {
    move.mutateAsync(request).then(
      () => toast.say(words),
      (error: unknown) => toast.fail(error instanceof Error ? error.message : String(error)),
    );
  };
  const chosen = time === '' ? Number.NaN : Date.parse(time);
  return (
    <Card title="Clock">
      <p className="clock-now">
        <time dateTime={clock.now}>{formatExact(clock.now)}</time>
      </p>
      <p className="secondary">{MODES[clock.mode]}</p>
      <div className="test-tools">
        <span className="secondary">Advance by</span>
        {STEPS.map(([label, advance]) => (
          <GuardedButton
            key={label}
            needs="testPanel"
            obstacle={obstacle}
            onClick={() => send({ advance }, `advanced the clock by ${describeDuration(advance)}`)}
          >
            {label}
          </GuardedButton>
        ))}
      </div>
      <div className="test-tools">
        <TextField
          label="Set to"
          type="datetime-local"
          step={1}
          value={time}
          hint={`In your time zone, ${viewerZone()}. It only moves forward.`}
          onChange={(event) => setTime(event.target.value)}
        />
        <GuardedButton
          needs="testPanel"
          obstacle={obstacle ?? (Number.isNaN(chosen) ? 'choose a time' : undefined)}
          onClick={() => send({ now: new Date(chosen).toISOString() }, 'set the clock')}
        >
          Set the clock
        </GuardedButton>
        <Button look="quiet" onClick={() => setTime(localInput(clock.now))}>
          From now
        </Button>
      </div>
    </Card>
  );
}

/** A moment as an input of date and time has it, in the viewer's zone. */
function localInput(moment: string): string {
  const at = new Date(moment);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
