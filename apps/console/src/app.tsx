import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type ApiClient, createApiClient } from './api/api-client.ts';
import { ApiProvider, apiKey } from './api/api-context.tsx';
import type { SessionInfo } from './api/contract.ts';
import { Loaded, LoadingRows } from './components/states.tsx';
import { ToastProvider } from './components/toast.tsx';
import { ShortcutsProvider } from './keyboard/shortcuts.tsx';
import { LoginPage } from './login/login-page.tsx';
import { createConsoleRouter } from './routing/router.tsx';
import { SessionGate } from './session/session-context.tsx';

interface Services {
  readonly client: ApiClient;
  readonly queries: QueryClient;
  readonly router: ReturnType<typeof createConsoleRouter>;
}

/** The console. */
export function App(): ReactNode {
  const [{ client, queries, router }] = useState(createServices);
  return (
    <QueryClientProvider client={queries}>
      <ApiProvider client={client}>
        <ToastProvider>
          <ShortcutsProvider>
            <SessionGate
              waiting={(query) => (
                <main className="content">
                  <Loaded query={query} what="cannot open the console" loading={<LoadingRows />}>
                    {() => null}
                  </Loaded>
                </main>
              )}
              login={(gate) => <LoginPage gate={gate} />}
            >
              <RouterProvider router={router} />
            </SessionGate>
          </ShortcutsProvider>
        </ToastProvider>
      </ApiProvider>
    </QueryClientProvider>
  );
}

function createServices(): Services {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        // Events say when an answer is out of date; a paused console asks for nothing.
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
        // A failed query repeats itself where that makes sense: see apiQuery.
        retry: false,
      },
      mutations: { networkMode: 'always' },
    },
  });
  const client = createApiClient({
    onLoggedOut: () =>
      queries.setQueryData<SessionInfo>(apiKey('session', {}), (info) =>
        info === undefined ? undefined : { ...info, isLoggedIn: false },
      ),
  });
  return { client, queries, router: createConsoleRouter() };
}
