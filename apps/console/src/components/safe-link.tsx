import type { ReactNode } from 'react';

/** A link to an address from outside. Only `http:` and `https:` become links; anything else is shown as text. */
export function SafeLink({ url, children }: { url: string; children?: ReactNode }): ReactNode {
  if (!isWebAddress(url)) return <span className="break">{children ?? url}</span>;
  return (
    <a className="break" href={url} target="_blank" rel="noopener noreferrer">
      {children ?? url}
    </a>
  );
}

export function isWebAddress(url: string): boolean {
  const { protocol } = URL.parse(url) ?? {};
  return protocol === 'http:' || protocol === 'https:';
}
