import { useCallback, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
/** Values while storage is refused. */
const memory = new Map<string, string>();

/** Reads what the browser keeps for the viewer. Storage may be refused, and may contain anything. */
export function readStored(key: string): string | undefined {
  try {
    return localStorage.getItem(`console.${key}`) ?? memory.get(key);
  } catch {
    return memory.get(key);
  }
}

export function writeStored(key: string, value: string | undefined): void {
  memory.delete(key);
  try {
    if (value === undefined) localStorage.removeItem(`console.${key}`);
    else localStorage.setItem(`console.${key}`, value);
  } catch {
    if (value !== undefined) memory.set(key, value);
  }
  for (const listener of listeners) listener();
}

/** A text that the browser keeps, the same in all its tabs. */
export function useStored(
  key: string,
): [value: string | undefined, write: (value: string | undefined) => void] {
  const value = useSyncExternalStore(subscribe, () => readStored(key));
  return [value, useCallback((next: string | undefined) => writeStored(key, next), [key])];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}
