import type { ReactNode } from 'react';
import './pill.css';

export type Tone = 'accent' | 'ok' | 'warn' | 'bad' | 'wait';

/** A verdict: a word on a tint. */
export function Pill({ tone, children }: { tone: Tone; children: ReactNode }): ReactNode {
  return <span className={`pill ${tone}`}>{children}</span>;
}
