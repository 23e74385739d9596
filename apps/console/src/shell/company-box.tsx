import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Menu } from '../components/menu.tsx';
import type { MenuEntry } from '../components/menu-entry.ts';
import { useToast } from '../components/toast.tsx';
import { formatCount } from '../format/number.ts';
import { useSession } from '../session/session-context.tsx';

/** Who is logged in, where, and in which company; switches the company. */
export function CompanyBox(): ReactNode {
  const { info, user, logout, switchCompany } = useSession();
  const toast = useToast();
  const navigate = useNavigate();
  const companies = info.companies ?? [];
  const attempt = (what: Promise<unknown>): void => {
    what.catch((error: unknown) => toast.fail(error instanceof Error ? error.message : String(error)));
  };
  const choose = async (handle: string): Promise<void> => {
    await switchCompany(handle);
    // Filters and handles of one company mean nothing in another.
    await navigate({ to: '/jobs', search: {} });
  };

  const companyChoices: MenuEntry = {
    kind: 'choices',
    label: 'Company',
    value: info.company?.companyHandle ?? '',
    choices: companies.map(({ companyHandle, name }) => ({ value: companyHandle, label: name })),
    onChange: (handle) => attempt(choose(handle)),
  };
  return (
    <Menu
      align="start"
      trigger={(props) => (
        <button type="button" className="company-box" {...props}>
          <b className="ellipsis">{info.company?.name ?? 'No company'}</b>
          <span className="break">
            {user.email}
            {user.role === undefined ? '' : ` · ${describeRole(user.role)}`}
          </span>
          <span className="break">{describeService(info)}</span>
        </button>
      )}
      entries={[
        ...(companies.length > 1 ? [companyChoices, { kind: 'separator' } as const] : []),
        { kind: 'item', label: 'Log out', onSelect: () => attempt(logout()) },
      ]}
    />
  );
}

/** `TrialCompanyAdmin` as `Trial company admin`. */
export function describeRole(role: string): string {
  const words = role
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/^ips /, 'IPS ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function describeService({ service, profile, profiles }: ReturnType<typeof useSession>['info']): string {
  if (service.kind === 'foreign')
    return profiles.length > 1 ? `${profile} · ${service.endpoint}` : service.endpoint;
  return service.workers === undefined
    ? 'local server'
    : `local server · ${formatCount(service.workers, 'worker')}`;
}
