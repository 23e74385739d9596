import { type ReactNode, useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { type ChosenFolder, FolderTree } from './folder-tree.tsx';

/** A dialog to choose a folder. */
export function FolderDialog({
  title,
  action,
  isOpen,
  onClose,
  onChoose,
  start = '',
  hint,
}: {
  title: string;
  /** The words of the button, such as `Move 3 assets here`. */
  action: string;
  isOpen: boolean;
  onClose: () => void;
  onChoose: (folder: ChosenFolder) => void;
  /** Path of the folder that is chosen at first. */
  start?: string;
  hint?: ReactNode;
}): ReactNode {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      <FolderChoice action={action} onClose={onClose} onChoose={onChoose} start={start} hint={hint} />
    </Dialog>
  );
}

/** Exists while the dialog is open, so that it begins with its start each time. */
function FolderChoice({
  action,
  onClose,
  onChoose,
  start,
  hint,
}: {
  action: string;
  onClose: () => void;
  onChoose: (folder: ChosenFolder) => void;
  start: string;
  hint: ReactNode;
}): ReactNode {
  const [chosen, setChosen] = useState<ChosenFolder>();
  return (
    <>
      {hint}
      <div className="folder-box">
        <FolderTree label="Folders" selected={chosen?.path ?? start} onSelect={setChosen} />
      </div>
      <div className="dialog-buttons">
        <span className="secondary break">{chosen?.fullPath ?? 'Choose a folder.'}</span>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          disabled={chosen === undefined}
          onClick={() => {
            if (chosen !== undefined) onChoose(chosen);
            onClose();
          }}
        >
          {action}
        </Button>
      </div>
    </>
  );
}
