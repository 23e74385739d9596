import type { ReactNode } from 'react';
import './progress.css';

/** A bar from 0 to 100. `label` names what progresses, for screen readers. */
export function Progress({
  percent,
  label,
  size = 'small',
  showsNumber = false,
}: {
  percent: number;
  label: string;
  size?: 'small' | 'large';
  showsNumber?: boolean;
}): ReactNode {
  const value = Math.round(Math.min(100, Math.max(0, percent)));
  return (
    <span className={`progress ${size}`}>
      <progress max={100} value={value} aria-label={label} />
      {showsNumber && <span aria-hidden="true">{value} %</span>}
    </span>
  );
}
