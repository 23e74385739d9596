import type { LinkProps } from '@tanstack/react-router';
import type { SessionInfo } from '../api/contract.ts';
import type { IconName } from '../components/icon.tsx';

/** An entry of the side navigation. */
export interface NavigationEntry {
  readonly to: NonNullable<LinkProps['to']>;
  readonly label: string;
  readonly icon: IconName;
  /** `g` and this key go there. */
  readonly key: string;
  /** Which number it shows. */
  readonly count?: 'active' | 'scheduled';
  /** Whether it has a place in the bar of a phone; the others are behind More. */
  readonly isInBar: boolean;
  readonly isShown?: (session: SessionInfo) => boolean;
}

/** In the order shown. */
export const NAVIGATION: readonly NavigationEntry[] = [
  { to: '/jobs', label: 'Jobs', icon: 'jobs', key: 'j', count: 'active', isInBar: true },
  { to: '/schedules', label: 'Schedules', icon: 'schedules', key: 's', count: 'scheduled', isInBar: true },
  { to: '/assets', label: 'Assets', icon: 'assets', key: 'a', isInBar: true },
  { to: '/publish', label: 'Publish', icon: 'publish', key: 'p', isInBar: false },
  { to: '/overview', label: 'Overview', icon: 'overview', key: 'o', isInBar: true },
  {
    to: '/test',
    label: 'Test panel',
    icon: 'test',
    key: 't',
    isInBar: false,
    isShown: ({ service, capabilities }) => service.hasTestPanel && capabilities?.testPanel === true,
  },
];
