import { type InputHTMLAttributes, type ReactNode, type Ref, useEffect, useId, useRef } from 'react';
import './fields.css';

/** A box to tick. It needs a label: a text beside it, or `aria-label`. */
export function Checkbox({
  isMixed = false,
  ...rest
}: Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'className'> & { isMixed?: boolean }): ReactNode {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = isMixed;
  }, [isMixed]);
  return <input ref={box} type="checkbox" className="checkbox" {...rest} />;
}

/** A box to tick with its words. */
export function CheckLine({
  children,
  ...rest
}: Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'className'>): ReactNode {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the box is in it.
    <label className="check-line">
      <Checkbox {...rest} />
      <span>{children}</span>
    </label>
  );
}

/** A line of text with label, hint and problem. */
export function TextField({
  label,
  hint,
  problem,
  ref,
  ...rest
}: Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'className'> & {
  label: string;
  hint?: ReactNode;
  problem?: string | undefined;
  ref?: Ref<HTMLInputElement>;
}): ReactNode {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(
    (part) => part !== false,
  );
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        ref={ref}
        id={id}
        className="input"
        aria-invalid={problem !== undefined}
        aria-describedby={described.length > 0 ? described.join(' ') : undefined}
        {...rest}
      />
      {hint !== undefined && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {problem !== undefined && (
        <span className="problem" id={`${id}-problem`}>
          {problem}
        </span>
      )}
    </div>
  );
}
