import type { ReactNode } from 'react';

export function Logo(): ReactNode {
  return (
    <span className="logo">
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <rect x="1" y="1" width="14" height="14" rx="3" fill="var(--accent)" />
        <path d="M1 12 12 5l3 2.5V12a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3Z" fill="var(--panel)" opacity="0.65" />
      </svg>
      IPS console
    </span>
  );
}
