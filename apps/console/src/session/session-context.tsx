import { type Query, useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { apiKey, useApi, useApiClient } from '../api/api-context.tsx';
import type { Capabilities, LoginRequest, SessionInfo, UserInfo } from '../api/contract.ts';
import { ServiceClock } from '../format/service-clock.tsx';
import { LiveProvider } from '../live/live-context.tsx';

/** What the pages know of the viewer. */
export interface Session {
  readonly info: SessionInfo;
  readonly user: UserInfo;
  /** Why every change is refused. */
  readonly readOnly: string | undefined;
  /** Whether role and console allow something. */
  can(what: keyof Capabilities): boolean;
  logout(): Promise<void>;
  switchCompany(companyHandle: string): Promise<void>;
}

const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('useSession needs a session');
  return session;
}

/** The state of the gate: what the login page shows. */
export interface Gate {
  readonly info: SessionInfo;
  /** A session was there, and has ended. */
  readonly isExpired: boolean;
  login(request: LoginRequest): Promise<void>;
}

/**
 * Shows the pages to who is logged in, and the login page to everybody else. When a session ends the pages remain, and `login` appears above
 * them.
 */
export function SessionGate({
  waiting,
  login,
  children,
}: {
  /** Shown until the session is known. */
  waiting: (query: ReturnType<typeof useSessionQuery>) => ReactNode;
  login: (gate: Gate) => ReactNode;
  children: ReactNode;
}): ReactNode {
  const client = useApiClient();
  const queries = useQueryClient();
  const query = useSessionQuery();
  const info = query.data;
  const [latest, setLatest] = useState<SessionInfo>();
  // The session before this one, which the pages show while they wait for the next.
  const identity = useRef<string>(undefined);
  // Before anything is painted: nothing of one company or user is ever shown to another, whichever tab changed it.
  useLayoutEffect(() => {
    if (info?.isLoggedIn !== true) return;
    const next = identityOf(info);
    if (identity.current !== undefined && identity.current !== next) {
      void queries.resetQueries({ predicate: isNotSession });
    }
    identity.current = next;
    setLatest(info);
  }, [info, queries]);

  const enter = useCallback(
    async (next: SessionInfo) => {
      queries.setQueryData(apiKey('session', {}), next);
      await queries.invalidateQueries({ predicate: isNotSession });
    },
    [queries],
  );

  const login_ = useCallback(
    async (request: LoginRequest) => enter(await client.post('login', request)),
    [client, enter],
  );

  const shown = info?.isLoggedIn === true ? info : latest;
  const session = useMemo<Session | undefined>(() => {
    if (shown?.user === undefined) return undefined;
    return {
      info: shown,
      user: shown.user,
      readOnly: shown.readOnly,
      can: (what) => shown.readOnly === undefined && shown.capabilities?.[what] === true,
      logout: async () => {
        const next = await client.post('logout', {});
        setLatest(undefined);
        queries.setQueryData(apiKey('session', {}), next);
        queries.removeQueries({ predicate: isNotSession });
      },
      switchCompany: async (companyHandle) => enter(await client.post('company', { companyHandle })),
    };
  }, [shown, client, queries, enter]);

  const readSession = useCallback(() => {
    void queries.invalidateQueries({ queryKey: apiKey('session') });
  }, [queries]);

  if (info === undefined) return waiting(query);
  if (session === undefined) return login({ info, isExpired: false, login: login_ });
  return (
    <SessionContext value={session}>
      <ServiceClock serviceNow={session.info.service.now}>
        {/* Another identity starts over: selections and counts of one company mean nothing in another. */}
        <LiveProvider key={identityOf(session.info)} isOn={info.isLoggedIn} onSession={readSession}>
          {children}
          {!info.isLoggedIn && login({ info, isExpired: true, login: login_ })}
        </LiveProvider>
      </ServiceClock>
    </SessionContext>
  );
}

function isNotSession({ queryKey }: Query): boolean {
  return queryKey[0] !== 'session';
}

function useSessionQuery() {
  return useApi('session', {});
}

/** Who sees what: another identity must not see answers that were read for this one. */
function identityOf({ profile, user, company }: SessionInfo): string {
  return [profile, user?.email, company?.companyHandle].join('\n');
}
