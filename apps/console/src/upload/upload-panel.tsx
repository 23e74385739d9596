import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import type { UploadFileState } from '../api/contract.ts';
import { Button } from '../components/button.tsx';
import { Pill, type Tone } from '../components/pill.tsx';
import { Progress } from '../components/progress.tsx';
import { formatBytes, formatCount } from '../format/number.ts';
import { inputFiles } from './dropped-files.ts';
import { isOver, uploadPercent } from './upload-plan.ts';
import { type ShownUpload, uploadStore, useUploads } from './upload-store.ts';
import './upload.css';

/** The uploads under way and those that have ended, until they are dismissed. */
export function UploadPanel(): ReactNode {
  const uploads = useUploads();
  const isBusy = uploads.some(({ state }) => state.activity === 'sending' || state.activity === 'waiting');
  // Parts that have arrived stay, but somebody who closes the page should know.
  useEffect(() => {
    if (!isBusy) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isBusy]);
  if (uploads.length === 0) return null;
  return (
    <section className="upload-panel" aria-label="Uploads">
      {uploads.map((upload) => (
        <UploadItem key={upload.key} upload={upload} />
      ))}
    </section>
  );
}

function UploadItem({ upload: { key, folder, state, runner } }: { upload: ShownUpload }): ReactNode {
  const { upload, activity, problem } = state;
  const { word, tone } = verdictOf(state);
  const input = useRef<HTMLInputElement>(null);
  const name = upload?.jobName ?? folder;
  const isEnded = activity === 'over' || (upload !== undefined && isOver(upload));
  const canCancel = upload === undefined ? !isEnded : upload.phase === 'receiving' && !isEnded;
  return (
    <article className="upload-item">
      <div className="upload-head">
        <b className="break">{name}</b>
        <Pill tone={tone}>{word}</Pill>
        <span className="secondary break">
          to {folder}
          {upload !== undefined &&
            ` · ${formatCount(upload.files.length, 'file')} · ${formatBytes(upload.received)} of ${formatBytes(upload.total)}`}
        </span>
        <span className="upload-tools">
          {upload?.jobHandle !== undefined && (
            <Link className="button plain" to="/jobs/job" search={{ handle: upload.jobHandle }}>
              Show the job
            </Link>
          )}
          {activity === 'sending' && <Button onClick={() => runner.pause()}>Pause</Button>}
          {activity === 'paused' && <Button onClick={() => void runner.continue()}>Continue</Button>}
          {activity === 'needsFiles' && upload !== undefined && (
            <>
              <Button look="primary" onClick={() => input.current?.click()}>
                Choose the files again…
              </Button>
              <input
                ref={input}
                type="file"
                multiple
                hidden
                onChange={(event) => {
                  const { files } = event.currentTarget;
                  if (files !== null) void runner.resume(upload.id, inputFiles(files));
                }}
              />
            </>
          )}
          {canCancel && (
            <Button look="danger" onClick={() => void runner.cancel()}>
              Cancel
            </Button>
          )}
          {isEnded && <Button onClick={() => uploadStore.dismiss(key)}>Dismiss</Button>}
        </span>
      </div>
      {upload !== undefined && !isEnded && (
        <Progress percent={uploadPercent(upload)} label={`Progress of ${name}`} showsNumber />
      )}
      {activity === 'needsFiles' && (
        <p className="secondary">
          The page was loaded again. What has arrived is kept; choose or drop the same files to resume.
        </p>
      )}
      {problem !== undefined && (
        <p className={activity === 'waiting' ? 'caution' : 'problem'} role="status">
          {problem}
          {activity === 'waiting' && '; tries again by itself'}
        </p>
      )}
      {upload !== undefined && <UploadFiles files={upload.files} />}
    </article>
  );
}

function UploadFiles({ files }: { files: readonly UploadFileState[] }): ReactNode {
  const failed = files.filter(({ status }) => status === 'failed');
  const shown = [...failed, ...files.filter(({ status }) => status !== 'failed')].slice(0, 200);
  return (
    <details open={failed.length > 0 || undefined}>
      <summary>{failed.length > 0 ? `${formatCount(failed.length, 'file')} failed` : 'Files'}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard. */}
      <ul className="handles" tabIndex={0} aria-label="Files of the upload">
        {shown.map((file) => (
          <li key={file.path}>
            <span className="break">
              {file.assetHandle === undefined ? (
                file.path
              ) : (
                <Link to="/assets/asset" search={{ handle: file.assetHandle }}>
                  {file.path}
                </Link>
              )}{' '}
              <span className={file.status === 'failed' ? 'problem' : 'secondary'}>
                {file.status === 'receiving'
                  ? `${formatBytes(file.received)} of ${formatBytes(file.size)}`
                  : file.status}
                {file.reason !== undefined && `: ${file.reason}`}
              </span>
            </span>
            {file.warnings.map((warning) => (
              <span key={warning} className="caution break">
                {warning}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}

function verdictOf({ upload, activity }: ShownUpload['state']): { word: string; tone: Tone } {
  if (upload?.phase === 'done') {
    const failed = upload.files.filter(({ status }) => status === 'failed').length;
    return failed > 0 ? { word: `${failed} failed`, tone: 'bad' } : { word: 'Completed', tone: 'ok' };
  }
  if (upload?.phase === 'failed') return { word: 'Failed', tone: 'bad' };
  if (upload?.phase === 'cancelled') return { word: 'Cancelled', tone: 'wait' };
  switch (activity) {
    case 'over':
      return { word: 'Failed', tone: 'bad' };
    case 'waiting':
      return { word: 'Waiting', tone: 'warn' };
    case 'paused':
      return { word: 'Paused', tone: 'wait' };
    case 'needsFiles':
      return { word: 'Interrupted', tone: 'warn' };
    case 'following':
      return { word: upload?.phase === 'sending' ? 'Sending' : 'Processing', tone: 'accent' };
    default:
      return { word: 'Uploading', tone: 'accent' };
  }
}
