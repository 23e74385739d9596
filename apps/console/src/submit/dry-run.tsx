import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { InputIssue, SubmitCheck } from '../api/contract.ts';
import { Card } from '../components/card.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { CodeText } from '../components/shell-block.tsx';
import { Loaded } from '../components/states.tsx';
import { Tabs } from '../components/tabs.tsx';
import { formatCount } from '../format/number.ts';
import { messageOf } from './form-values.ts';

const VIEWS = [
  { value: 'shell', label: 'Shell', what: 'the command' },
  { value: 'typescript', label: 'TypeScript', what: 'the program' },
  { value: 'xml', label: 'XML', what: 'the request' },
] as const;

/** The dry run: the validator's verdict, and what would be sent. */
export function DryRun({
  check,
  issues,
  onFocus,
}: {
  check: UseQueryResult<SubmitCheck, Error>;
  issues: readonly InputIssue[];
  /** Called before a field is looked for. */
  onFocus: () => void;
}): ReactNode {
  const [view, setView] = useState<(typeof VIEWS)[number]['value']>('shell');
  return (
    <div className="submit-side">
      <Card title="Validation">
        <Verdict check={check} issues={issues} onFocus={onFocus} />
      </Card>
      <Card
        title="The same job"
        tools={<Tabs label="The same job as" value={view} tabs={VIEWS} onChange={setView} />}
      >
        <Loaded query={check} what="cannot check the job">
          {(answer) => {
            const text = answer[view];
            if (text === undefined) {
              return (
                <p className="secondary">The request cannot be written until the values marked are mended.</p>
              );
            }
            return (
              <div className="code-with-copy">
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard. */}
                <section className="code-scroll" tabIndex={0} aria-label={`The same job as ${view}`}>
                  <CodeText text={text} />
                </section>
                <CopyButton text={text} what={VIEWS.find(({ value }) => value === view)?.what ?? 'it'} />
              </div>
            );
          }}
        </Loaded>
        <p className="secondary">A dry run: nothing is sent before you submit.</p>
      </Card>
    </div>
  );
}

function Verdict({
  check,
  issues,
  onFocus,
}: {
  check: UseQueryResult<SubmitCheck, Error>;
  issues: readonly InputIssue[];
  onFocus: () => void;
}): ReactNode {
  if (check.data === undefined)
    return <p className="secondary">{check.isError ? 'not checked' : 'checking…'}</p>;
  if (issues.length === 0) return <p role="status">Valid: the job can be submitted.</p>;
  return (
    <>
      <p role="status">{formatCount(issues.length, 'message')}</p>
      <ul className="issue-list">
        {issues.map((issue) => (
          <li key={`${issue.path} ${issue.message}`}>
            <button
              type="button"
              className={issue.severity === 'error' ? 'problem' : 'caution'}
              onClick={() => {
                onFocus();
                // The form may first have to appear.
                requestAnimationFrame(() => focusField(issue.path));
              }}
            >
              <code className="break">{issue.path === '' ? 'job' : issue.path}</code>
              <span className="break">
                {issue.severity === 'warning' && 'warning: '}
                {messageOf(issue)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Focuses the input of a value, or of the nearest one above it. */
function focusField(path: string): void {
  for (let name = path; name !== ''; name = name.replace(/(\.[^.[\]]*|\[\d+\]|^[^.[\]]*)$/, '')) {
    const field = document.getElementById(name);
    if (field === null) continue;
    field.focus();
    return;
  }
}
