import { type ReactNode, useRef } from 'react';
import { Button } from '../components/button.tsx';
import { Menu } from '../components/menu.tsx';
import { GuardedButton, whyNot } from '../session/guarded-button.tsx';
import { useSession } from '../session/session-context.tsx';
import { inputFiles } from '../upload/dropped-files.ts';
import type { ChosenFile } from '../upload/upload-plan.ts';

/** Chooses files or a folder to upload: what a drop does, by keyboard. */
export function UploadButton({ onFiles }: { onFiles: (files: readonly ChosenFile[]) => void }): ReactNode {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  if (whyNot(useSession(), 'uploadAssets') !== undefined) {
    return (
      <GuardedButton needs="uploadAssets" look="primary">
        Upload
      </GuardedButton>
    );
  }
  const take = (input: HTMLInputElement): void => {
    if (input.files !== null && input.files.length > 0) onFiles(inputFiles(input.files));
    // The same files can be chosen again.
    input.value = '';
  };
  return (
    <>
      <Menu
        trigger={(props) => (
          <Button look="primary" {...props}>
            Upload
          </Button>
        )}
        entries={[
          { kind: 'item', label: 'Files…', onSelect: () => files.current?.click() },
          { kind: 'item', label: 'A folder…', onSelect: () => folder.current?.click() },
        ]}
      />
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={(element) => {
          folder.current = element;
          // React does not know the attribute.
          element?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        hidden
        aria-label="Folder to upload"
        onChange={(event) => take(event.currentTarget)}
      />
    </>
  );
}
