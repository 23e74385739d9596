import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useApi } from '../api/api-context.tsx';
import type { JobStage } from '../api/contract.ts';
import { Icon } from '../components/icon.tsx';
import { formatNumber } from '../format/number.ts';
import { useShortcuts } from '../keyboard/shortcuts.tsx';
import { useLive } from '../live/live-context.tsx';
import { useSession } from '../session/session-context.tsx';
import { CompanyBox } from './company-box.tsx';
import { Logo } from './logo.tsx';
import { NAVIGATION, type NavigationEntry } from './navigation.ts';
import { PhoneBar } from './phone-bar.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import './app-shell.css';

/** Navigation beside the page; on a phone below it. */
export function AppShell(): ReactNode {
  const { info, readOnly } = useSession();
  const navigate = useNavigate();
  const entries = NAVIGATION.filter(({ isShown }) => isShown?.(info) ?? true);
  const counts = useStageCounts();
  useShortcuts(
    entries.map(({ to, label, key }) => ({
      keys: `g ${key}`,
      label: `Go to ${label}`,
      run: () => void navigate({ to }),
    })),
  );

  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <aside className="side">
        <Logo />
        <nav aria-label="Pages">
          <ul>
            {entries.map((entry) => (
              <li key={entry.to}>
                <Link to={entry.to} activeProps={{ 'aria-current': 'page' }}>
                  {entry.label}
                  <EntryCount entry={entry} counts={counts} />
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="side-foot">
          <ThemeSwitch />
          <CompanyBox />
        </div>
      </aside>
      <main id="content" className="content" tabIndex={-1}>
        <OutageLine />
        {readOnly !== undefined && (
          <p className="stale-line">
            <Icon name="warning" size={14} /> {readOnly}
          </p>
        )}
        <Outlet />
      </main>
      <PhoneBar entries={entries} />
    </div>
  );
}

function EntryCount({
  entry: { count },
  counts,
}: {
  entry: NavigationEntry;
  counts: Readonly<Record<JobStage, number>> | undefined;
}): ReactNode {
  if (count === undefined || counts === undefined || counts[count] === 0) return null;
  const number = formatNumber(counts[count]);
  return <span className="nav-count">{count === 'active' ? `${number} active` : number}</span>;
}

/** What the host says of the service, or that the host itself is gone. */
function OutageLine(): ReactNode {
  const { outage } = useLive();
  if (outage === undefined) return null;
  return (
    <p className="stale-line" role="status">
      The service cannot be reached: {outage.message}. The console tries again by itself.
    </p>
  );
}

/** Jobs by stage, whatever the page filters. */
export function useStageCounts(): Readonly<Record<JobStage, number>> | undefined {
  const { stages } = useLive();
  const { data } = useApi('jobs', { pageSize: 1 });
  return stages ?? data?.stages;
}
