import type { ReactNode } from 'react';
import { formatNumber } from '../format/number.ts';
import { Button } from './button.tsx';
import './selection-bar.css';

/** Names what is selected, and holds the actions on it. */
export function SelectionBar({
  names,
  onClear,
  children,
}: {
  /** Of every selected item. */
  names: readonly string[];
  onClear: () => void;
  /** Buttons of the actions. */
  children: ReactNode;
}): ReactNode {
  return (
    <section className="selection-bar" aria-label="Selection">
      <b role="status">{formatNumber(names.length)} selected</b>
      <span className="selection-names">{names.slice(0, 20).join(', ')}</span>
      <div className="selection-actions">
        {children}
        <Button onClick={onClear}>Clear</Button>
      </div>
    </section>
  );
}
