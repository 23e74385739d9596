import type { ReactNode } from 'react';
import { CheckLine } from './fields.tsx';
import { Icon } from './icon.tsx';
import { Popover } from './popover.tsx';
import './filter-chip.css';

/** A filter that reads as a sentence: `Type Upload, Publish ✕`. */
export function FilterChip({
  name,
  value,
  isSet,
  onClear,
  children,
}: {
  /** `Type`, `Submitted by`. */
  name: string;
  /** What it says: `Upload, Publish`, or `any`. */
  value: string;
  isSet: boolean;
  onClear: () => void;
  /** The choices. */
  children: ReactNode;
}): ReactNode {
  return (
    <span className={isSet ? 'chip set' : 'chip'}>
      <Popover
        label={name}
        trigger={(props) => (
          <button type="button" className="chip-open" {...props}>
            {name} <b>{value}</b>
          </button>
        )}
      >
        {children}
      </Popover>
      {isSet && (
        <button
          type="button"
          className="chip-clear"
          aria-label={`Clear the filter ${name}`}
          onClick={onClear}
        >
          <Icon name="close" size={12} />
        </button>
      )}
    </span>
  );
}

/** Choices of which several may be ticked. */
export function CheckChoices<T extends string>({
  label,
  choices,
  chosen,
  onChange,
}: {
  label: string;
  choices: readonly { readonly value: T; readonly label: string; readonly count?: number | undefined }[];
  chosen: readonly T[];
  onChange: (chosen: readonly T[]) => void;
}): ReactNode {
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      {choices.map((choice) => (
        <CheckLine
          key={choice.value}
          checked={chosen.includes(choice.value)}
          onChange={(event) =>
            onChange(
              event.target.checked
                ? [...chosen, choice.value]
                : chosen.filter((value) => value !== choice.value),
            )
          }
        >
          {choice.label}
          {choice.count !== undefined && <span className="secondary"> {choice.count}</span>}
        </CheckLine>
      ))}
      {choices.length === 0 && <p className="secondary">Nothing to choose from.</p>}
    </fieldset>
  );
}

/** Choices that exclude each other. */
export function RadioChoices<T extends string>({
  label,
  choices,
  chosen,
  onChange,
}: {
  label: string;
  choices: readonly { readonly value: T; readonly label: string }[];
  chosen: T;
  onChange: (chosen: T) => void;
}): ReactNode {
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="check-line">
          <input
            type="radio"
            name={label}
            checked={choice.value === chosen}
            onChange={() => onChange(choice.value)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
