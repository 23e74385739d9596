import type { ReactNode } from 'react';
import { Button } from '../components/button.tsx';
import type { Waiting } from './use-waiting.ts';
import './live-control.css';

/** `2 new`: rows that wait until the pointer has left, or until a click. */
export function WaitingButton({ waiting }: { waiting: Waiting }): ReactNode {
  if (!waiting.isStale) return null;
  return (
    <Button className="waiting" onClick={waiting.refresh}>
      {waiting.newCount > 0 ? `${waiting.newCount} new` : 'Order changed'}
    </Button>
  );
}
