import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { TextField } from '../components/fields.tsx';
import { Menu } from '../components/menu.tsx';
import type { MenuEntry } from '../components/menu-entry.ts';
import { useStored } from '../components/storage.ts';
import { parseSearch } from '../routing/search.ts';
import { type JobsSearch, readJobsSearch } from './jobs-search.ts';
import { readViews, type SavedView, viewOf, withoutView, withView } from './saved-views.ts';

/** Saves the filters under a name, and returns to them. */
export function ViewsMenu({ search }: { search: JobsSearch }): ReactNode {
  const [stored, store] = useStored('views');
  const [isNaming, setIsNaming] = useState(false);
  const navigate = useNavigate();
  const views = readViews(stored);
  const current = viewOf(views, search);
  const write = (next: readonly SavedView[]): void => store(JSON.stringify(next));
  const open = (name: string): void => {
    const view = views.find((candidate) => candidate.name === name);
    if (view !== undefined) void navigate({ to: '/jobs', search: readJobsSearch(parseSearch(view.search)) });
  };

  const viewChoices: MenuEntry = {
    kind: 'choices',
    label: 'Saved views',
    value: current?.name ?? '',
    choices: views.map(({ name }) => ({ value: name, label: name })),
    onChange: open,
  };

  return (
    <>
      <Menu
        trigger={(props) => <Button {...props}>{current?.name ?? 'Views'}</Button>}
        entries={[
          ...(views.length > 0 ? [viewChoices, { kind: 'separator' } as const] : []),
          { kind: 'item', label: 'Save this view…', onSelect: () => setIsNaming(true) },
          ...(current === undefined
            ? []
            : [
                {
                  kind: 'item',
                  label: `Delete ${current.name}`,
                  isDangerous: true,
                  onSelect: () => write(withoutView(views, current.name)),
                } as const,
              ]),
        ]}
      />
      <NameDialog
        isOpen={isNaming}
        onClose={() => setIsNaming(false)}
        onName={(name) => write(withView(views, name, search))}
      />
    </>
  );
}

function NameDialog({
  isOpen,
  onClose,
  onName,
}: {
  isOpen: boolean;
  onClose: () => void;
  onName: (name: string) => void;
}): ReactNode {
  const [name, setName] = useState('');
  const save = (event: FormEvent): void => {
    event.preventDefault();
    onName(name.trim());
    setName('');
    onClose();
  };
  return (
    <Dialog title="Save this view" isOpen={isOpen} onClose={onClose}>
      <form className="login-form" onSubmit={save}>
        <TextField
          label="Name"
          hint="Tab, filters and order are saved in this browser. To share a view, copy its address."
          required
          pattern=".*\S.*"
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" look="primary">
          Save
        </Button>
      </form>
    </Dialog>
  );
}
