import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { isTemporary } from '../api/api-context.tsx';
import { formatExact, formatTime } from '../format/moment.ts';
import { Button } from './button.tsx';
import './states.css';

/** Nothing to show, and what to do about it: one command, one button. */
export function EmptyState({
  title,
  command,
  action,
  children,
}: {
  title: string;
  command?: string;
  action?: ReactNode;
  children?: ReactNode;
}): ReactNode {
  return (
    <div className="state">
      <p className="state-title">{title}</p>
      {children !== undefined && <p>{children}</p>}
      {command !== undefined && <code className="command">{command}</code>}
      {action}
    </div>
  );
}

/** Says what failed and since when. A failure that may pass repeats itself. */
export function ErrorState({
  what,
  error,
  since,
  onRetry,
}: {
  /** What could not be done: `cannot read the jobs`. */
  what: string;
  error: Error;
  since: number;
  onRetry: () => void;
}): ReactNode {
  const moment = new Date(since).toISOString();
  return (
    <div className="state" role="alert">
      <p className="state-title">{what}</p>
      <p className="break">{error.message}</p>
      <p className="secondary">
        since{' '}
        <time dateTime={moment} title={formatExact(moment)}>
          {/* The failure has a time of the viewer's clock, which that of the service need not follow. */}
          {formatTime(moment, Date.now())}
        </time>
        {isTemporary(error) ? '; tries again by itself' : ''}
      </p>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  );
}

/** Grey bars in the place of rows. */
export function LoadingRows({ rows = 6 }: { rows?: number }): ReactNode {
  return (
    <div className="loading" role="status">
      <span className="hidden-text">Loading</span>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars are all alike.
        <span key={index} className="bar" aria-hidden="true" />
      ))}
    </div>
  );
}

/**
 * Shows what a query read, or that it is on its way, or that it failed. Data that is there stays when a later reading fails, with a line
 * above it.
 */
export function Loaded<T>({
  query,
  what,
  loading = <LoadingRows />,
  children,
}: {
  query: UseQueryResult<T, Error>;
  /** What could not be done: `cannot read the jobs`. */
  what: string;
  loading?: ReactNode;
  children: (data: T) => ReactNode;
}): ReactNode {
  const failure = useFailure(query);
  const retry = (): void => void query.refetch();
  if (query.data !== undefined) {
    return (
      <>
        {failure !== undefined && (
          <p className="stale-line" role="status">
            {what}: {failure.error.message}. Shown is the state before.
          </p>
        )}
        {children(query.data)}
      </>
    );
  }
  if (failure !== undefined) {
    return <ErrorState what={what} error={failure.error} since={failure.since} onRetry={retry} />;
  }
  return loading;
}

/** The failure of a query, kept while it tries again; `since` is the first one in a row. */
export function useFailure(
  query: Pick<UseQueryResult<unknown, Error>, 'error' | 'isSuccess' | 'isFetching'>,
): { readonly error: Error; readonly since: number } | undefined {
  const since = useRef<number>(undefined);
  const [failure, setFailure] = useState<{ error: Error; since: number }>();
  const { error, isSuccess, isFetching } = query;
  useEffect(() => {
    if (error !== null) {
      since.current ??= Date.now();
      setFailure({ error, since: since.current });
    } else if (isSuccess && !isFetching) {
      since.current = undefined;
      setFailure(undefined);
    }
  }, [error, isSuccess, isFetching]);
  return failure;
}
