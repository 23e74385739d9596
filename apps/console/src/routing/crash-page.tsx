import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button } from '../components/button.tsx';
import '../components/states.css';

/** Shown instead of a page that cannot be shown, such as one whose script did not load. */
export function CrashPage({ error }: ErrorComponentProps): ReactNode {
  return (
    <div className="state" role="alert">
      <h1 className="state-title">This page cannot be shown</h1>
      <p className="break">{error instanceof Error ? error.message : String(error)}</p>
      <Button onClick={() => location.reload()}>Load it again</Button>
    </div>
  );
}
