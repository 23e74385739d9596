import { type ReactNode, useId } from 'react';
import { usePayloadForm } from './form-context.tsx';
import { formatPath, messageOf, type ValuePath } from './form-values.ts';

/** The validator's messages about exactly this value. */
export function Issues({ path, id }: { path: ValuePath; id?: string }): ReactNode {
  const fallback = useId();
  const issues = usePayloadForm().issues.get(formatPath(path)) ?? [];
  if (issues.length === 0) return null;
  return (
    <ul className="issues" id={id ?? fallback}>
      {issues.map((issue) => (
        <li key={issue.message} className={issue.severity === 'error' ? 'problem' : 'caution'}>
          {issue.severity === 'warning' && 'Warning: '}
          {messageOf(issue)}
        </li>
      ))}
    </ul>
  );
}
