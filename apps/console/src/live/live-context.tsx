import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { apiKey } from '../api/api-context.tsx';
import type { ConsoleEvent, JobStage, OutageEvent } from '../api/contract.ts';
import type { GetPath } from '../api/endpoints.ts';
import { useStored } from '../components/storage.ts';
import { EventHub } from './event-hub.ts';
import { LiveConnection, type LiveState } from './live-connection.ts';

/** How often what arrives is shown: as it happens, or all at once every so many seconds. */
export type LiveInterval = 'now' | '5' | '30';

export interface Live {
  readonly state: LiveState;
  /** The host has lost the service behind it. */
  readonly outage: OutageEvent | undefined;
  readonly isPaused: boolean;
  pause(): void;
  resume(): void;
  readonly interval: LiveInterval;
  setInterval(interval: LiveInterval): void;
  /** Jobs by stage, from the latest event. */
  readonly stages: Readonly<Record<JobStage, number>> | undefined;
  readonly hub: EventHub;
  /** Adds the log of a job to the stream. */
  watchJob(handle: string | undefined): void;
}

const LiveContext = createContext<Live | undefined>(undefined);

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error('useLive needs a LiveProvider');
  return live;
}

/** Calls `handle` for every event of a type. It may change with every rendering. */
export function useLiveEvent<T extends ConsoleEvent['type']>(
  type: T,
  handle: (event: Extract<ConsoleEvent, { type: T }>) => void,
): void {
  const { hub } = useLive();
  const latest = useRef(handle);
  useEffect(() => {
    latest.current = handle;
  });
  useEffect(
    () =>
      hub.subscribe((event) => {
        // The type is that of the event, which TypeScript cannot see through a parameter.
        if (event.type === type) latest.current(event as Extract<ConsoleEvent, { type: T }>);
      }),
    [hub, type],
  );
}

/**
 * Holds the one stream of events, and keeps the cache of answers true. `isOn` while there is a session; `onSession` when it ended or
 * changed elsewhere.
 */
export function LiveProvider({
  isOn,
  onSession,
  children,
}: {
  isOn: boolean;
  onSession: () => void;
  children: ReactNode;
}): ReactNode {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('off');
  const [isPaused, setIsPaused] = useState(false);
  const [outage, setOutage] = useState<OutageEvent>();
  const [stages, setStages] = useState<Live['stages']>();
  const [stored, store] = useStored('live-interval');
  const interval: LiveInterval = stored === '5' || stored === '30' ? stored : 'now';
  const session = useRef(onSession);
  useEffect(() => {
    session.current = onSession;
  });

  const hub = useMemo(() => new EventHub(), []);
  const connection = useMemo(
    () =>
      new LiveConnection({
        onEvent: (event) => hub.push(event),
        onState: setState,
        onLoggedOut: () => session.current(),
      }),
    [hub],
  );

  useEffect(() => hub.setInterval(interval === 'now' ? 0 : Number(interval) * 1000), [hub, interval]);

  useEffect(() => {
    const refresh = (...paths: GetPath[]): void => {
      for (const path of paths) void queries.invalidateQueries({ queryKey: apiKey(path) });
    };
    let isFirst = true;
    return hub.subscribe((event) => {
      switch (event.type) {
        case 'hello':
          setOutage(undefined);
          // The first stream begins with the page, whose answers are fresh.
          if (!event.isComplete && !isFirst) void queries.invalidateQueries();
          isFirst = false;
          return;
        case 'jobs':
          return setStages(event.stages);
        case 'assets':
          return refresh('assets', 'asset', 'folders', 'permissions', 'publish');
        case 'upload':
          return void queries.setQueryData(apiKey('uploads', { id: event.state.id }), event.state);
        case 'test':
          return refresh('test', 'test/mails', 'test/notifications', 'test/journal');
        case 'outage':
          return setOutage(event);
        case 'recovered':
          setOutage(undefined);
          return void queries.invalidateQueries();
        case 'session':
          return session.current();
        default:
      }
    });
  }, [hub, queries]);

  useEffect(() => {
    if (!isOn) connection.stop();
    else if (isPaused) connection.pause();
    else connection.start();
  }, [connection, isOn, isPaused]);
  useEffect(() => () => connection.stop(), [connection]);

  // A network that comes back is the best moment to try again.
  useEffect(() => {
    const onOnline = (): void => connection.retryNow();
    addEventListener('online', onOnline);
    return () => removeEventListener('online', onOnline);
  }, [connection]);

  const watchJob = useCallback((handle: string | undefined) => connection.watchJob(handle), [connection]);
  const live = useMemo<Live>(
    () => ({
      state,
      outage,
      isPaused,
      pause: () => setIsPaused(true),
      resume: () => setIsPaused(false),
      interval,
      setInterval: (next) => store(next === 'now' ? undefined : next),
      stages,
      hub,
      watchJob,
    }),
    [state, outage, isPaused, interval, store, stages, hub, watchJob],
  );
  return <LiveContext value={live}>{children}</LiveContext>;
}
