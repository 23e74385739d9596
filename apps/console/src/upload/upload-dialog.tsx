import { type ReactNode, useState } from 'react';
import { useApiClient } from '../api/api-context.tsx';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { CheckLine, TextField } from '../components/fields.tsx';
import { formatBytes, formatCount } from '../format/number.ts';
import { type ChosenFile, cleanFiles } from './upload-plan.ts';
import { uploadStore } from './upload-store.ts';

/** Files that were dropped or chosen, and where they go. */
export interface Offered {
  /** Path, with the name of the company. */
  readonly folder: string;
  readonly files: readonly ChosenFile[];
}

/** Asks how to upload before anything is sent. */
export function UploadDialog({
  offered,
  onClose,
}: {
  offered: Offered | undefined;
  onClose: () => void;
}): ReactNode {
  return (
    <Dialog title="Upload" isOpen={offered !== undefined} onClose={onClose}>
      {offered !== undefined && <UploadForm offered={offered} onClose={onClose} />}
    </Dialog>
  );
}

function UploadForm({ offered, onClose }: { offered: Offered; onClose: () => void }): ReactNode {
  const client = useApiClient();
  const files = cleanFiles(offered.files);
  const left = offered.files.length - files.length;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const [options, setOptions] = useState({ overwrite: true, readyForPublish: true, createMask: false });
  const [jobName, setJobName] = useState('');
  const check = (name: keyof typeof options, words: string): ReactNode => (
    <CheckLine
      checked={options[name]}
      onChange={(event) => setOptions({ ...options, [name]: event.target.checked })}
    >
      {words}
    </CheckLine>
  );
  const start = (): void => {
    const name = jobName.trim();
    uploadStore.start(
      client,
      { folder: offered.folder, options, ...(name === '' ? {} : { jobName: name }) },
      files,
    );
    onClose();
  };
  return (
    <>
      <p>
        <b>{formatCount(files.length, 'file')}</b>, {formatBytes(bytes)}, to{' '}
        <code className="break">{offered.folder}</code>
      </p>
      {left > 0 && (
        <p className="secondary">
          {formatCount(left, 'file')} of the system, such as .DS_Store, {left === 1 ? 'is' : 'are'} not
          uploaded.
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard. */}
      <ul className="handles" tabIndex={0} aria-label="Files">
        {files.slice(0, 200).map(({ path, size }) => (
          <li key={path}>
            <span className="break">
              {path} <span className="secondary">{formatBytes(size)}</span>
            </span>
          </li>
        ))}
        {files.length > 200 && (
          <li className="secondary">and {formatCount(files.length - 200, 'more file')}</li>
        )}
      </ul>
      <fieldset>
        <legend className="hidden-text">Options</legend>
        {check('overwrite', 'Replace assets of the same name')}
        {check('readyForPublish', 'Mark for publish')}
        {check('createMask', 'Create masks of images')}
      </fieldset>
      <TextField
        label="Name of the job"
        placeholder="made from the time"
        value={jobName}
        autoComplete="off"
        onChange={(event) => setJobName(event.target.value)}
      />
      <div className="dialog-buttons">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" disabled={files.length === 0} onClick={start}>
          Upload {formatCount(files.length, 'file')}
        </Button>
      </div>
    </>
  );
}
