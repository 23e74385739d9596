import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { LoadingRows } from '../components/states.tsx';
import type { ChosenFolder } from '../folders/folder-tree.tsx';

const load = () => import('./permissions.tsx');
const Permissions = lazy(async () => ({ default: (await load()).Permissions }));

/** A button that shows the permissions of the folder. */
export function FolderPermissions({ folder: { path, name } }: { folder: ChosenFolder }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const close = (): void => setIsOpen(false);
  return (
    <>
      <Button onPointerEnter={() => void load()} onClick={() => setIsOpen(true)}>
        Permissions
      </Button>
      <Dialog title={`Permissions of ${name}`} isOpen={isOpen} onClose={close}>
        <Suspense fallback={<LoadingRows rows={3} />}>
          <Permissions of={path === '' ? {} : { folder: path }} />
        </Suspense>
      </Dialog>
    </>
  );
}
