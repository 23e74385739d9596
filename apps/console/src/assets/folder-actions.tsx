import { type ReactNode, useState } from 'react';
import { useApiMutation } from '../api/api-context.tsx';
import type { FolderActionRequest } from '../api/contract.ts';
import { Button } from '../components/button.tsx';
import { ConfirmDialog } from '../components/dialog.tsx';
import { TextField } from '../components/fields.tsx';
import { Menu } from '../components/menu.tsx';
import { useToast } from '../components/toast.tsx';
import { FolderDialog } from '../folders/folder-picker.tsx';
import type { ChosenFolder } from '../folders/folder-tree.tsx';
import { GuardedButton, whyNot } from '../session/guarded-button.tsx';
import { useSession } from '../session/session-context.tsx';

type Asked = 'create' | 'rename' | 'move' | 'delete';

/** What can be done with the folder that is shown. */
export function FolderMenu({
  folder,
  onGone,
}: {
  folder: ChosenFolder;
  /** Called with the path to show when this one is gone. */
  onGone: (path: string) => void;
}): ReactNode {
  const session = useSession();
  const [asked, setAsked] = useState<Asked>();
  const [text, setText] = useState('');
  const act = useApiMutation('folders', ['folders', 'assets']);
  const toast = useToast();
  const { fullPath, folderHandle, name } = folder;
  const isRoot = folder.path === '';
  const mayChange = whyNot(session, 'changeAssets') === undefined;
  const mayDelete = whyNot(session, 'deleteAssets') === undefined;
  const close = (): void => setAsked(undefined);
  const ask = (next: Asked, start = ''): void => {
    setText(start);
    setAsked(next);
  };
  const above = `${fullPath.split('/').slice(0, -2).join('/')}/`;

  const run = async (request: FolderActionRequest, words: string): Promise<void> => {
    const { outcome } = await act.mutateAsync(request);
    if (!outcome.ok) throw new Error(outcome.message);
    toast.say(words);
  };

  if (!mayChange && !mayDelete) {
    return <GuardedButton needs="changeAssets">Folder</GuardedButton>;
  }
  return (
    <>
      <Menu
        align="start"
        trigger={(props) => <Button {...props}>Folder</Button>}
        entries={[
          { kind: 'item', label: 'New folder here…', isDisabled: !mayChange, onSelect: () => ask('create') },
          { kind: 'separator' },
          {
            kind: 'item',
            label: 'Rename…',
            isDisabled: !mayChange || isRoot,
            onSelect: () => ask('rename', name),
          },
          { kind: 'item', label: 'Move…', isDisabled: !mayChange || isRoot, onSelect: () => ask('move') },
          {
            kind: 'item',
            label: 'Delete…',
            isDangerous: true,
            isDisabled: !mayDelete || isRoot,
            onSelect: () => ask('delete'),
          },
        ]}
      />
      <ConfirmDialog
        title={`New folder in ${fullPath}`}
        items={[]}
        action="Create the folder"
        isOpen={asked === 'create'}
        onClose={close}
        onConfirm={() =>
          run({ action: 'create', path: `${fullPath}${text.trim()}/` }, `created ${fullPath}${text.trim()}/`)
        }
      >
        <TextField
          label="Name"
          value={text}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
      </ConfirmDialog>
      {folderHandle !== undefined && (
        <>
          <ConfirmDialog
            title="Rename the folder"
            items={[{ handle: folderHandle, name: fullPath }]}
            action="Rename"
            isOpen={asked === 'rename'}
            onClose={close}
            onConfirm={async () => {
              await run(
                { action: 'rename', folderHandle, name: text.trim() },
                `renamed ${name} to ${text.trim()}`,
              );
              onGone(`${above}${text.trim()}/`);
            }}
          >
            <TextField
              label="New name"
              value={text}
              autoComplete="off"
              onChange={(event) => setText(event.target.value)}
            />
          </ConfirmDialog>
          <FolderDialog
            title={`Move ${name}`}
            action="Move here"
            isOpen={asked === 'move'}
            onClose={close}
            onChoose={({ folderHandle: destFolderHandle, fullPath: target }) => {
              if (destFolderHandle === undefined) return;
              run({ action: 'move', folderHandle, destFolderHandle }, `moved ${name} to ${target}`).then(
                () => onGone(`${target}${name}/`),
                (error: unknown) => toast.fail(error instanceof Error ? error.message : String(error)),
              );
            }}
          />
          <ConfirmDialog
            title={`Delete the folder ${name}?`}
            items={[{ handle: folderHandle, name: fullPath }]}
            action="Delete the folder"
            isDangerous
            isOpen={asked === 'delete'}
            onClose={close}
            onConfirm={async () => {
              await run({ action: 'delete', folderHandle }, `deleted ${fullPath}`);
              onGone(above);
            }}
          >
            <p>The folder is deleted with the folders in it, and their assets move to the trash.</p>
          </ConfirmDialog>
        </>
      )}
    </>
  );
}
