import { useEffect } from 'react';
import { useStored } from '../components/storage.ts';

/** `system` follows the settings of the system. */
export type Theme = 'system' | 'light' | 'dark';

/** The theme, which `public/console/theme.js` applies before the first paint. */
export function useTheme(): [theme: Theme, setTheme: (theme: Theme) => void] {
  const [stored, store] = useStored('theme');
  const theme: Theme = stored === 'light' || stored === 'dark' ? stored : 'system';
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return [theme, (next) => store(next === 'system' ? undefined : next)];
}
