import type { ReactNode } from 'react';
import { Icon } from '../components/icon.tsx';
import { type Theme, useTheme } from './theme.ts';

const THEMES = [
  { value: 'system', label: 'As the system', icon: 'system' },
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
] as const satisfies readonly { value: Theme; label: string; icon: string }[];

export function ThemeSwitch(): ReactNode {
  const [theme, setTheme] = useTheme();
  return (
    <fieldset className="theme-switch" aria-label="Theme">
      {THEMES.map(({ value, label, icon }) => (
        <button
          key={value}
          type="button"
          aria-label={label}
          title={label}
          aria-pressed={theme === value}
          onClick={() => setTheme(value)}
        >
          <Icon name={icon} size={14} />
        </button>
      ))}
    </fieldset>
  );
}
