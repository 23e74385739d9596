import { type ReactNode, type Ref, useEffect, useId, useRef, useState } from 'react';
import { Icon } from './icon.tsx';
import './search-field.css';

/** Milliseconds without a key after which the text counts. */
const PAUSE = 250;

/** A field that searches as one types; `Esc` empties it, and then leaves it. */
export function SearchField({
  label,
  placeholder,
  value,
  onChange,
  ref,
}: {
  label: string;
  placeholder: string;
  value: string;
  onChange: (text: string | undefined) => void;
  ref?: Ref<HTMLInputElement>;
}): ReactNode {
  const id = useId();
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef(value);
  // The URL may change by other means: a saved view, or the browser's back button.
  useEffect(() => {
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const send = (next: string): void => {
    clearTimeout(timer.current);
    const trimmed = next.trim();
    if (trimmed === sent.current) return;
    sent.current = trimmed;
    onChange(trimmed === '' ? undefined : trimmed);
  };
  const type = (next: string): void => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(next), PAUSE);
  };

  return (
    <search className="search-field">
      <label htmlFor={id} className="hidden-text">
        {label}
      </label>
      <Icon name="search" size={14} />
      <input
        ref={ref}
        id={id}
        type="search"
        value={text}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') send(text);
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (text === '') event.currentTarget.blur();
          setText('');
          send('');
        }}
      />
      <kbd>/</kbd>
    </search>
  );
}
