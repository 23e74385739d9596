import { type ReactNode, useState } from 'react';
import { isObject } from './form-values.ts';
import type { Draft } from './submit-draft.ts';

/** The payload as JSON, for what the form does not show and for pasting. */
export function PayloadJson({
  details,
  problem,
  onChange,
  onProblem,
}: {
  details: Draft['details'];
  problem: string | undefined;
  onChange: (details: Draft['details']) => void;
  onProblem: (problem: string | undefined) => void;
}): ReactNode {
  const [text, setText] = useState(() => JSON.stringify(details, undefined, 2));
  const change = (next: string): void => {
    setText(next);
    try {
      const value: unknown = JSON.parse(next);
      onProblem(isObject(value) ? undefined : 'expected an object such as {"overwrite": true}');
      if (isObject(value)) onChange(value);
    } catch (error) {
      onProblem(`not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return (
    <div className="field">
      <label htmlFor="payload-json">Payload as JSON</label>
      <textarea
        id="payload-json"
        className="input mono"
        rows={Math.min(30, Math.max(10, text.split('\n').length + 1))}
        value={text}
        spellCheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby="payload-json-problem"
        onChange={(event) => change(event.target.value)}
      />
      <span className="problem" id="payload-json-problem">
        {problem}
      </span>
    </div>
  );
}
