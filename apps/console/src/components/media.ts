import { useSyncExternalStore } from 'react';

/** Below it, lists are cards and the navigation is a bar at the bottom. The style sheets use 719px. */
const PHONE = '(max-width: 719px)';

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = matchMedia(query);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    () => matchMedia(query).matches,
  );
}

export function useIsPhone(): boolean {
  return useMedia(PHONE);
}
