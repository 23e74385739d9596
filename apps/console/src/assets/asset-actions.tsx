import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useApiMutation } from '../api/api-context.tsx';
import type { AssetActionRequest, AssetRow, Capabilities } from '../api/contract.ts';
import { ConfirmDialog } from '../components/dialog.tsx';
import { TextField } from '../components/fields.tsx';
import { useToast } from '../components/toast.tsx';
import { FolderDialog } from '../folders/folder-picker.tsx';
import { formatCount } from '../format/number.ts';
import { GuardedButton } from '../session/guarded-button.tsx';

/** What the service takes at once. */
const LIMIT = 500;

type PlainAction = 'publish' | 'mark' | 'unmark' | 'delete' | 'restore' | 'deleteForever';

interface Words {
  readonly label: string;
  readonly effect: string;
  readonly needs: keyof Capabilities;
  readonly isDangerous?: boolean;
  readonly isFor: (row: AssetRow) => boolean;
  /** To be typed first. */
  readonly typed?: string;
}

const WORDS: Readonly<Record<PlainAction, Words>> = {
  publish: {
    label: 'Publish',
    effect: 'They are marked for publish, and a publish job is submitted.',
    needs: 'publish',
    isFor: ({ isInTrash }) => !isInTrash,
  },
  mark: {
    label: 'Mark for publish',
    effect: 'The next publish takes them along.',
    needs: 'changeAssets',
    isFor: ({ isInTrash, readyForPublish }) => !isInTrash && !readyForPublish,
  },
  unmark: {
    label: 'Unmark',
    effect: 'The next publish withdraws them.',
    needs: 'changeAssets',
    isFor: ({ isInTrash, readyForPublish }) => !isInTrash && readyForPublish,
  },
  restore: {
    label: 'Restore',
    effect: 'They return to the folders they were in.',
    needs: 'deleteAssets',
    isFor: ({ isInTrash }) => isInTrash,
  },
  delete: {
    label: 'Delete',
    effect: 'They move to the trash, where they can be restored.',
    needs: 'deleteAssets',
    isDangerous: true,
    isFor: ({ isInTrash }) => !isInTrash,
  },
  deleteForever: {
    label: 'Delete forever',
    effect: 'They are deleted with their files. This cannot be undone.',
    needs: 'deleteAssets',
    isDangerous: true,
    isFor: ({ isInTrash }) => isInTrash,
    typed: 'delete',
  },
};

const ACTIONS: readonly PlainAction[] = ['publish', 'mark', 'unmark', 'restore', 'delete', 'deleteForever'];

type Asked =
  | { readonly action: PlainAction | 'rename'; readonly rows: readonly AssetRow[] }
  | { readonly action: 'move'; readonly rows: readonly AssetRow[] };

/** Buttons of what can be done with assets. Each asks first, and lists exactly what it acts on. */
export function AssetActionButtons({
  rows,
  onDone,
}: {
  rows: readonly AssetRow[];
  /** Called with the handles that failed. */
  onDone?: (failed: readonly string[]) => void;
}): ReactNode {
  const [asked, setAsked] = useState<Asked>();
  const [isOpen, setIsOpen] = useState(false);
  const [name, setName] = useState('');
  const run = useAssetAction(onDone);
  const ask = (action: Asked['action'], bound: readonly AssetRow[]): void => {
    setAsked({ action, rows: bound.slice(0, LIMIT) });
    setName(bound[0]?.name ?? '');
    setIsOpen(true);
  };
  const close = (): void => setIsOpen(false);
  const live = rows.filter(({ isInTrash }) => !isInTrash);
  const [only] = live.length === 1 ? live : [];
  const handles = asked?.rows.map(({ assetHandle }) => assetHandle) ?? [];
  const items = asked?.rows.map((row) => ({ handle: row.assetHandle, name: row.name })) ?? [];
  const count = formatCount(items.length, 'asset');

  return (
    <>
      {ACTIONS.map((action) => {
        const words = WORDS[action];
        const allowed = rows.filter(words.isFor);
        if (allowed.length === 0) return null;
        return (
          <GuardedButton
            key={action}
            needs={words.needs}
            look={words.isDangerous === true ? 'danger' : 'plain'}
            onClick={() => ask(action, allowed)}
          >
            {words.label}…
          </GuardedButton>
        );
      })}
      {live.length > 0 && (
        <GuardedButton needs="changeAssets" onClick={() => ask('move', live)}>
          Move…
        </GuardedButton>
      )}
      {only !== undefined && (
        <GuardedButton needs="changeAssets" onClick={() => ask('rename', [only])}>
          Rename…
        </GuardedButton>
      )}
      {asked?.action === 'move' && (
        <FolderDialog
          title={`Move ${count}`}
          action="Move here"
          isOpen={isOpen}
          onClose={close}
          onChoose={({ folderHandle }) => {
            if (folderHandle !== undefined) void run({ action: 'move', handles, folderHandle }, asked.rows);
          }}
          hint={<p className="secondary break">{items.map((item) => item.name).join(', ')}</p>}
        />
      )}
      {asked?.action === 'rename' && (
        <ConfirmDialog
          title="Rename the asset"
          items={items}
          action="Rename"
          isOpen={isOpen}
          onClose={close}
          onConfirm={async () => {
            const [handle] = handles;
            if (handle !== undefined) await run({ action: 'rename', handles: [handle], name }, asked.rows);
          }}
        >
          <TextField
            label="New name"
            value={name}
            autoComplete="off"
            spellCheck={false}
            hint="Delivery URLs contain the name: those with the old one stop working."
            onChange={(event) => setName(event.target.value)}
          />
        </ConfirmDialog>
      )}
      {asked !== undefined && asked.action !== 'move' && asked.action !== 'rename' && (
        <ConfirmPlain
          action={asked.action}
          count={count}
          items={items}
          skipped={rows.length - items.length}
          isOpen={isOpen}
          onClose={close}
          onConfirm={(action) => run({ action, handles }, asked.rows)}
        />
      )}
    </>
  );
}

function ConfirmPlain({
  action,
  count,
  items,
  skipped,
  isOpen,
  onClose,
  onConfirm,
}: {
  action: PlainAction;
  count: string;
  items: readonly { handle: string; name: string }[];
  skipped: number;
  isOpen: boolean;
  onClose: () => void;
  onConfirm: (action: PlainAction) => Promise<void>;
}): ReactNode {
  const { label, effect, isDangerous = false, typed } = WORDS[action];
  const [verb = label, ...rest] = label.split(' ');
  const sentence = [verb, count, ...rest].join(' ');
  return (
    <ConfirmDialog
      title={`${sentence}?`}
      items={items}
      action={sentence}
      isDangerous={isDangerous}
      isOpen={isOpen}
      onClose={onClose}
      onConfirm={() => onConfirm(action)}
      {...(typed === undefined ? {} : { typed })}
    >
      <p>{effect}</p>
      {isOpen && skipped > 0 && (
        <p className="secondary">The action does not apply to {formatCount(skipped, 'selected asset')}.</p>
      )}
    </ConfirmDialog>
  );
}

/** Changes assets, and reports what happened to each. */
function useAssetAction(onDone: ((failed: readonly string[]) => void) | undefined) {
  const mutation = useApiMutation('assets/actions', ['assets', 'asset', 'publish', 'folders']);
  const toast = useToast();
  const navigate = useNavigate();
  return async (request: AssetActionRequest, rows: readonly AssetRow[]): Promise<void> => {
    const names = new Map(rows.map(({ assetHandle, name }) => [assetHandle, name]));
    try {
      const { summary, outcomes, jobHandle } = await mutation.mutateAsync(request);
      toast.report(
        summary,
        outcomes.map((outcome) => ({ ...outcome, name: outcome.name ?? names.get(outcome.handle) })),
      );
      onDone?.(outcomes.filter(({ ok }) => !ok).map(({ handle }) => handle));
      if (jobHandle !== undefined) await navigate({ to: '/jobs/job', search: { handle: jobHandle } });
    } catch (error) {
      // A dialog that stays open shows it; the chooser of folders has closed.
      if (request.action !== 'move') throw error;
      toast.fail(error instanceof Error ? error.message : String(error));
    }
  };
}
