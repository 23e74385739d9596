import type { ReactNode } from 'react';
import { Button } from '../components/button.tsx';
import { Menu } from '../components/menu.tsx';
import { type Live, type LiveInterval, useLive } from './live-context.tsx';
import './live-control.css';

const INTERVALS: readonly { value: LiveInterval; label: string }[] = [
  { value: 'now', label: 'As it happens' },
  { value: '5', label: 'Every 5 seconds' },
  { value: '30', label: 'Every 30 seconds' },
];

/** Says whether what is shown is live; chooses how often it changes, and pauses it. */
export function LiveControl({
  isSmall = false,
}: {
  /** Pauses from the menu instead of by a button, beside which the buttons of a job would be mistaken. */
  isSmall?: boolean;
}): ReactNode {
  const live = useLive();
  const { tone, word } = describe(live);
  return (
    <div className="live">
      <Menu
        trigger={(props) => (
          <button
            type="button"
            className={`live-state ${tone}`}
            aria-label={`${word}: how often to refresh`}
            {...props}
          >
            <span className="live-dot" aria-hidden="true" />
            {word}
          </button>
        )}
        entries={[
          {
            kind: 'choices',
            label: 'Show changes',
            value: live.interval,
            choices: INTERVALS,
            onChange: (value) => {
              const interval = INTERVALS.find((choice) => choice.value === value);
              if (interval !== undefined) live.setInterval(interval.value);
            },
          },
          ...(isSmall
            ? [
                { kind: 'separator' } as const,
                {
                  kind: 'item',
                  label: live.isPaused ? 'Resume' : 'Pause',
                  onSelect: live.isPaused ? live.resume : live.pause,
                } as const,
              ]
            : []),
        ]}
      />
      <span className="hidden-text" role="status">
        {word}
      </span>
      {!isSmall && (
        <Button onClick={live.isPaused ? live.resume : live.pause}>
          {live.isPaused ? 'Resume' : 'Pause'}
        </Button>
      )}
    </div>
  );
}

function describe({ state, outage, interval }: Live): { tone: 'ok' | 'warn' | 'wait'; word: string } {
  switch (state) {
    case 'paused':
      return { tone: 'wait', word: 'Paused' };
    case 'reconnecting':
      return { tone: 'warn', word: 'Reconnecting' };
    case 'live':
      if (outage !== undefined) return { tone: 'warn', word: 'Service unreachable' };
      return { tone: 'ok', word: interval === 'now' ? 'Live' : `Every ${interval} s` };
    default:
      return { tone: 'wait', word: 'Connecting' };
  }
}
