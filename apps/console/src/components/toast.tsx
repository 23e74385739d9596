import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import type { Outcome } from '../api/contract.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';
import './toast.css';

/** Milliseconds that a message without failures stays. */
const STAYS = 5000;
/** How many messages are shown at once. */
const SHOWN = 4;

/** Messages at the edge of the window. */
export interface Toasts {
  /** It worked. */
  say(message: string): void;
  /** It failed. The message stays until it is dismissed. */
  fail(message: string): void;
  /** What happened to each item. Failures stay until they are dismissed. */
  report(summary: string, outcomes: readonly Outcome[]): void;
}

interface Message {
  readonly id: number;
  readonly text: string;
  readonly isFailure: boolean;
  readonly outcomes: readonly Outcome[];
}

const ToastContext = createContext<Toasts | undefined>(undefined);

export function useToast(): Toasts {
  const toasts = useContext(ToastContext);
  if (toasts === undefined) throw new Error('useToast needs a ToastProvider');
  return toasts;
}

export function ToastProvider({ children }: { children: ReactNode }): ReactNode {
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const next = useRef(1);
  const dismiss = useCallback((id: number) => {
    setMessages((shown) => shown.filter((message) => message.id !== id));
  }, []);

  const toasts = useMemo<Toasts>(() => {
    const show = (text: string, isFailure: boolean, outcomes: readonly Outcome[] = []): void => {
      const id = next.current++;
      setMessages((shown) => [...shown.slice(1 - SHOWN), { id, text, isFailure, outcomes }]);
      if (!isFailure) setTimeout(() => dismiss(id), STAYS);
    };
    return {
      say: (message) => show(message, false),
      fail: (message) => show(message, true),
      report: (summary, outcomes) =>
        show(
          summary,
          outcomes.some(({ ok }) => !ok),
          outcomes,
        ),
    };
  }, [dismiss]);

  return (
    <ToastContext value={toasts}>
      {children}
      {/* The region exists before its messages, or they would not be read. */}
      <section className="toasts" aria-label="Messages" aria-live="polite" popover="manual" ref={keepOnTop}>
        {messages.map((message) => (
          <Toast key={message.id} message={message} onDismiss={() => dismiss(message.id)} />
        ))}
      </section>
    </ToastContext>
  );
}

function Toast({ message, onDismiss }: { message: Message; onDismiss: () => void }): ReactNode {
  // Failures first: they are why one reads the list.
  const outcomes = message.outcomes.toSorted((one, other) => Number(one.ok) - Number(other.ok));
  return (
    <div className={message.isFailure ? 'toast bad' : 'toast'}>
      <Icon name={message.isFailure ? 'warning' : 'check'} />
      <div>
        <p>{message.text}</p>
        {(outcomes.length > 1 || outcomes.some(({ ok }) => !ok)) && (
          <ul>
            {outcomes.map(({ handle, name, ok, message: words }) => (
              <li key={handle} className={ok ? 'secondary' : 'failed'}>
                <b className="break">{name ?? handle}</b>: {words}
              </li>
            ))}
          </ul>
        )}
      </div>
      <IconButton look="quiet" icon="close" label="Dismiss" onClick={onDismiss} />
    </div>
  );
}

/** Above dialogs, whose backdrop would cover it. */
function keepOnTop(element: HTMLElement | null): void {
  if (element !== null && !element.matches(':popover-open')) element.showPopover();
}
