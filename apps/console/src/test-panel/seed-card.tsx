import { type ReactNode, useState } from 'react';
import { useApiMutation } from '../api/api-context.tsx';
import { Card } from '../components/card.tsx';
import { ConfirmDialog } from '../components/dialog.tsx';
import { useToast } from '../components/toast.tsx';
import { GuardedButton } from '../session/guarded-button.tsx';

const EXAMPLE = `{
  "companies": [{ "name": "MyCompany", "folders": ["Shoes"] }]
}`;

/** Adds data, or empties the server. Both have to be confirmed by typing. */
export function SeedCard(): ReactNode {
  const [text, setText] = useState(EXAMPLE);
  const [asked, setAsked] = useState<'seed' | 'reset'>();
  const seed = useApiMutation('test/seed', [
    'test',
    'session',
    'jobs',
    'assets',
    'folders',
    'publish',
    'overview',
  ]);
  const reset = useApiMutation('test/reset', ['session']);
  const toast = useToast();
  const parsed = parse(text);
  const close = (): void => setAsked(undefined);
  return (
    <Card title="Seed and reset">
      <div className="field">
        <label htmlFor="seed">Data to add, as for POST /admin/seed</label>
        <textarea
          id="seed"
          className="input mono"
          rows={6}
          value={text}
          spellCheck={false}
          aria-invalid={parsed.problem !== undefined}
          aria-describedby="seed-problem"
          onChange={(event) => setText(event.target.value)}
        />
        <span className="problem" id="seed-problem">
          {parsed.problem}
        </span>
      </div>
      <div className="test-tools">
        <GuardedButton needs="testPanel" obstacle={parsed.problem} onClick={() => setAsked('seed')}>
          Seed…
        </GuardedButton>
        <GuardedButton needs="testPanel" look="danger" onClick={() => setAsked('reset')}>
          Reset…
        </GuardedButton>
      </div>
      <ConfirmDialog
        title="Add this data?"
        items={[]}
        action="Seed"
        typed="seed"
        isOpen={asked === 'seed'}
        onClose={close}
        onConfirm={async () => {
          await seed.mutateAsync({ seed: parsed.value });
          toast.say('added the data');
        }}
      >
        <p>Companies, users, folders and assets of the data are added to what is there.</p>
      </ConfirmDialog>
      <ConfirmDialog
        title="Empty the server?"
        items={[]}
        action="Reset"
        isDangerous
        typed="reset"
        isOpen={asked === 'reset'}
        onClose={close}
        onConfirm={async () => {
          await reset.mutateAsync({ confirm: 'reset' });
          toast.say('emptied the server');
        }}
      >
        <p>
          Everything is deleted: companies, users, assets, jobs and logs. Every session ends, this one too.
          This cannot be undone.
        </p>
      </ConfirmDialog>
    </Card>
  );
}

function parse(text: string): { readonly value?: unknown; readonly problem?: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { problem: `not valid JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
