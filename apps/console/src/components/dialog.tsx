import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Button, IconButton } from './button.tsx';
import './dialog.css';

/** A dialog of the browser: it keeps the focus, and `Esc` closes it. */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  footer,
  look = 'box',
  isClosable = true,
}: {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  footer?: ReactNode;
  /** `sheet`: from below, over the whole width of a phone. `wide`: for documents. */
  look?: 'box' | 'sheet' | 'wide';
  /** `false`: only its buttons close it. */
  isClosable?: boolean;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    if (isOpen && !element.open) element.showModal();
    if (!isOpen && element.open) element.close();
  }, [isOpen]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click is one on the backdrop; Esc does the same.
    <dialog
      ref={dialog}
      className={`dialog ${look}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        if (isClosable) onClose();
      }}
      onClose={() => isOpen && onClose()}
      onClick={(event) => isClosable && event.target === dialog.current && onClose()}
    >
      {isOpen && (
        <div className="dialog-box">
          <header>
            <h2 id={heading}>{title}</h2>
            {isClosable && <IconButton look="quiet" icon="close" label="Close" onClick={onClose} />}
          </header>
          <div className="dialog-content">{children}</div>
          {footer !== undefined && <footer>{footer}</footer>}
        </div>
      )}
    </dialog>
  );
}

/** What an action would change. */
export interface ConfirmedItem {
  readonly handle: string;
  readonly name: string;
}

/**
 * Asks before an action, and lists exactly what it is bound to. `onConfirm` runs once; the dialog closes when it is done, and stays open
 * with the words of the error if it throws.
 */
export function ConfirmDialog({
  title,
  items,
  action,
  isDangerous = false,
  isOpen,
  onClose,
  onConfirm,
  children,
  typed,
}: {
  title: string;
  items: readonly ConfirmedItem[];
  /** The words of the button, such as `Stop 2 jobs`. */
  action: string;
  isDangerous?: boolean;
  isOpen: boolean;
  onClose: () => void;
  onConfirm: () => Promise<void>;
  /** What follows from it. */
  children?: ReactNode;
  /** A word that the user has to type first. */
  typed?: string;
}): ReactNode {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [text, setText] = useState('');
  // When it closes, too: it must not open with the word of the last time.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that counts.
  useEffect(() => {
    setProblem(undefined);
    setText('');
  }, [isOpen]);

  const confirm = async (): Promise<void> => {
    setIsBusy(true);
    setProblem(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      isClosable={!isBusy}
      footer={
        <>
          <Button onClick={onClose} disabled={isBusy}>
            Cancel
          </Button>
          <Button
            look={isDangerous ? 'danger' : 'primary'}
            disabled={isBusy || (typed !== undefined && text !== typed)}
            onClick={() => void confirm()}
          >
            {isBusy ? 'Working…' : action}
          </Button>
        </>
      }
    >
      {children}
      {items.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard.
        <ul className="handles" tabIndex={0} aria-label="What it is bound to">
          {items.map(({ handle, name }) => (
            <li key={handle}>
              <b className="break">{name}</b>
              <code className="break">{handle}</code>
            </li>
          ))}
        </ul>
      )}
      {typed !== undefined && (
        <label className="field">
          <span className="label">
            Type <code>{typed}</code> to confirm
          </span>
          <input
            className="input"
            value={text}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
      )}
      {problem !== undefined && (
        <p className="problem-line" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
