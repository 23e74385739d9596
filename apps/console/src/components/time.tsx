import type { ReactNode } from 'react';
import { formatExact, formatRelative, formatTime } from '../format/moment.ts';
import { useNow } from '../format/service-clock.tsx';

/** A time in words, with the exact one and its zone on hover. */
export function RelativeTime({ at }: { at: string | undefined }): ReactNode {
  const now = useNow();
  if (at === undefined) return <None />;
  return (
    <time dateTime={at} title={formatExact(at)}>
      {formatRelative(at, now)}
    </time>
  );
}

/** A clock time, with day and zone on hover. */
export function ExactTime({
  at,
  isPrecise = false,
}: {
  at: string | undefined;
  isPrecise?: boolean;
}): ReactNode {
  const now = useNow();
  if (at === undefined) return <None />;
  return (
    <time dateTime={at} title={formatExact(at)}>
      {formatTime(at, now, isPrecise)}
    </time>
  );
}

/** Shown instead of a missing value. */
export function None(): ReactNode {
  return (
    <span className="secondary">
      <span aria-hidden="true">—</span>
      <span className="hidden-text">none</span>
    </span>
  );
}
