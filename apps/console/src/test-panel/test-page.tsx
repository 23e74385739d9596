import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { TestState } from '../api/contract.ts';
import { ShellBlock } from '../components/shell-block.tsx';
import { EmptyState, Loaded } from '../components/states.tsx';
import { Tabs } from '../components/tabs.tsx';
import { formatNumber } from '../format/number.ts';
import { LiveControl } from '../live/live-control.tsx';
import { useSession } from '../session/session-context.tsx';
import { PageHead } from '../shell/page-head.tsx';
import { ChaosCard } from './chaos-card.tsx';
import { ClockCard } from './clock-card.tsx';
import { JournalTab } from './journal-tab.tsx';
import { MailsTab } from './mails-tab.tsx';
import { NotificationsTab } from './notifications-tab.tsx';
import { SeedCard } from './seed-card.tsx';
import { readTestSearch, type TestSearch, type TestTab } from './test-search.ts';
import './test-panel.css';

const route = getRouteApi('/test');

/** What only a server under test has: its clock, its failures, and what it sent. */
export function TestPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { info } = useSession();
  const isThere = info.service.hasTestPanel && info.capabilities?.testPanel === true;
  const query = useApi('test', {}, { enabled: isThere });
  if (!isThere) {
    return (
      <>
        <PageHead title="Test panel" />
        <EmptyState title="There is no test panel here" command="ips-server --data /tmp/ips --admin-api">
          It needs a server of one's own with its admin API, and a user who administers IPS.
        </EmptyState>
      </>
    );
  }
  const change = (part: Partial<Record<keyof TestSearch, unknown>>): void =>
    void navigate({ search: (before: TestSearch) => readTestSearch({ ...before, ...part }), replace: true });
  const tab = search.tab ?? 'controls';
  return (
    <>
      <PageHead
        title="Test panel"
        after={
          <Tabs<TestTab>
            label="Part"
            value={tab}
            tabs={tabsOf(query.data)}
            onChange={(next) => change({ tab: next === 'controls' ? undefined : next, entry: undefined })}
          />
        }
        tools={<LiveControl />}
      />
      {tab === 'controls' && (
        <Loaded query={query} what="cannot read the state of the server">
          {(state) => (
            <div className="test-grid">
              <ClockCard state={state} />
              <ChaosCard key={JSON.stringify(state.chaos)} state={state} />
              <SeedCard />
              <ShellBlock code={state.shell} />
            </div>
          )}
        </Loaded>
      )}
      {tab === 'mails' && <MailsTab />}
      {tab === 'notifications' && <NotificationsTab />}
      {tab === 'journal' && (
        <JournalTab operation={search.operation} entry={search.entry} onChange={change} />
      )}
    </>
  );
}

function tabsOf(state: TestState | undefined) {
  const count = (value: number | undefined): string | undefined =>
    value === undefined || value === 0 ? undefined : formatNumber(value);
  return [
    { value: 'controls', label: 'Controls' },
    { value: 'mails', label: 'Mails', count: count(state?.mails) },
    { value: 'notifications', label: 'Notifications', count: count(state?.notifications) },
    { value: 'journal', label: 'Journal', count: count(state?.journal) },
  ] as const;
}
