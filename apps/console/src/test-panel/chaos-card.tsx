import { type ReactNode, useState } from 'react';
import { useApiMutation } from '../api/api-context.tsx';
import type { TestState } from '../api/contract.ts';
import { Card } from '../components/card.tsx';
import { CheckLine, TextField } from '../components/fields.tsx';
import { Pill } from '../components/pill.tsx';
import { useToast } from '../components/toast.tsx';
import { GuardedButton } from '../session/guarded-button.tsx';
import { CALM, chaosOf, draftOf } from './chaos-draft.ts';

/** Failures that the server injects. */
export function ChaosCard({ state }: { state: TestState }): ReactNode {
  const [draft, setDraft] = useState(() => draftOf(state.chaos));
  const set = useApiMutation('test/chaos', ['test']);
  const toast = useToast();
  const { chaos, problems } = chaosOf(draft);
  const isOn = Object.keys(state.chaos).some((name) => !['seed', 'operations'].includes(name));
  const [problem] = Object.values(problems);
  const send = (next: typeof chaos, words: string): void => {
    set.mutateAsync(next).then(
      () => toast.say(words),
      (error: unknown) => toast.fail(error instanceof Error ? error.message : String(error)),
    );
  };
  const field = (
    name: 'latency' | 'fault' | 'drop' | 'truncate' | 'seed',
    label: string,
    hint?: string,
  ): ReactNode => (
    <TextField
      label={label}
      inputMode="decimal"
      autoComplete="off"
      value={draft[name]}
      problem={problems[name]}
      {...(hint === undefined ? {} : { hint })}
      onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
    />
  );
  return (
    <Card title="Chaos" tools={isOn ? <Pill tone="warn">On</Pill> : <Pill tone="wait">Off</Pill>}>
      <div className="chaos-fields">
        {field('latency', 'Delay of answers, ms')}
        {field('fault', 'Faults, %')}
        {field('drop', 'Without an answer, %')}
        {field('truncate', 'Half an answer, %')}
        {field('seed', 'Seed', 'The same failures each time')}
        <TextField
          label="Only these operations"
          placeholder="all"
          autoComplete="off"
          spellCheck={false}
          value={draft.operations}
          onChange={(event) => setDraft({ ...draft, operations: event.target.value })}
        />
      </div>
      <CheckLine
        checked={draft.faultWithOk}
        onChange={(event) => setDraft({ ...draft, faultWithOk: event.target.checked })}
      >
        Faults have the status 200, as some proxies make it
      </CheckLine>
      <p className="secondary">
        The other pages of the console and its login fail in the same way; this one does not.
      </p>
      <div className="test-tools">
        <GuardedButton
          needs="testPanel"
          look="primary"
          obstacle={problem ?? (set.isPending ? 'it is being changed' : undefined)}
          onClick={() => send(chaos, 'changed the chaos')}
        >
          Apply
        </GuardedButton>
        <GuardedButton
          needs="testPanel"
          onClick={() => {
            setDraft(CALM);
            send({}, 'switched the chaos off');
          }}
        >
          All off
        </GuardedButton>
      </div>
    </Card>
  );
}
