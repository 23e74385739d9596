import { type ReactNode, useId } from 'react';
import { usePayloadForm } from './form-context.tsx';
import { formatPath, type ValuePath } from './form-values.ts';

/** The validator's messages about exactly this value. */
export function Issues({ path, id }: { path: ValuePath; id?: string }): ReactNode {
  const fallback = useId();
  const issues = usePayloadForm().issues.get(formatPath(path)) ?? [];
  if (issues.length === 0) return null;
  return (
    <ul className="issues" id={id ?? fallback}>
      {issues.map(({ message, severity }) => (
        <li key={message} className={severity === 'error' ? 'problem' : 'caution'}>
          {severity === 'warning' && 'Warning: '}
          {message}
        </li>
      ))}
    </ul>
  );
}
