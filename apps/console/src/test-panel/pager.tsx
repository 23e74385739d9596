import type { ReactNode } from 'react';
import type { PageInfo } from '../api/contract.ts';
import { Button } from '../components/button.tsx';
import { formatNumber } from '../format/number.ts';

/** Leads to the pages of a list. */
export function Pager({
  page: { page, pageSize, total },
  onChange,
}: {
  page: PageInfo;
  onChange: (page: number) => void;
}): ReactNode {
  const pages = Math.max(1, Math.ceil(total / pageSize));
  if (pages === 1) return null;
  return (
    <nav className="pager" aria-label="Pages of the list">
      <Button disabled={page <= 1} onClick={() => onChange(page - 1)}>
        Newer
      </Button>
      <span className="secondary">
        page {formatNumber(page)} of {formatNumber(pages)}
      </span>
      <Button disabled={page >= pages} onClick={() => onChange(page + 1)}>
        Older
      </Button>
    </nav>
  );
}
