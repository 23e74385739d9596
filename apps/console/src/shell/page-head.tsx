import type { ReactNode } from 'react';
import './page-head.css';

/** The first line of a page: where one is, what it shows, and the tools. It also names the tab of the browser. */
export function PageHead({
  title,
  before,
  after,
  tools,
}: {
  title: string;
  /** A link back. */
  before?: ReactNode;
  /** A pill or tabs. */
  after?: ReactNode;
  tools?: ReactNode;
}): ReactNode {
  return (
    <header className="page-head">
      <title>{`${title} · IPS console`}</title>
      {before}
      <h1>{title}</h1>
      {after}
      <div className="page-tools">{tools}</div>
    </header>
  );
}
