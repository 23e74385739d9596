import { Link, useLocation } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { CompanyBox } from './company-box.tsx';
import type { NavigationEntry } from './navigation.ts';
import { ThemeSwitch } from './theme-switch.tsx';

/** The navigation of a phone. */
export function PhoneBar({ entries }: { entries: readonly NavigationEntry[] }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const close = (): void => setIsOpen(false);
  const { pathname } = useLocation();
  const isBehind = entries.some(({ to, isInBar }) => !isInBar && pathname.startsWith(to));
  return (
    <nav className="phone-bar" aria-label="Pages">
      {entries
        .filter(({ isInBar }) => isInBar)
        .map(({ to, label }) => (
          <Link key={to} to={to} activeProps={{ 'aria-current': 'page' }}>
            {label}
          </Link>
        ))}
      <button type="button" data-current={isBehind || undefined} onClick={() => setIsOpen(true)}>
        More
      </button>
      <Dialog title="More" look="sheet" isOpen={isOpen} onClose={close}>
        <ul className="more-list">
          {entries
            .filter(({ isInBar }) => !isInBar)
            .map(({ to, label }) => (
              <li key={to}>
                <Link to={to} activeProps={{ 'aria-current': 'page' }} onClick={close}>
                  {label}
                </Link>
              </li>
            ))}
        </ul>
        <ThemeSwitch />
        <CompanyBox />
      </Dialog>
    </nav>
  );
}
