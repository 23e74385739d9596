import { type ReactNode, useId } from 'react';
import './card.css';

/** A panel with a heading. */
export function Card({
  title,
  tools,
  isFlush = false,
  children,
}: {
  title?: ReactNode;
  /** Shown at the end of the heading's line. */
  tools?: ReactNode;
  /** The content reaches the border, as tables do. */
  isFlush?: boolean;
  children: ReactNode;
}): ReactNode {
  const heading = useId();
  return (
    <section className="card" aria-labelledby={title === undefined ? undefined : heading}>
      {(title !== undefined || tools !== undefined) && (
        <header className="card-head">
          {title !== undefined && <h2 id={heading}>{title}</h2>}
          {tools}
        </header>
      )}
      <div className={isFlush ? 'card-body flush' : 'card-body'}>{children}</div>
    </section>
  );
}

/** Names and values, one pair a line. */
export function FactList({
  facts,
}: {
  facts: readonly { readonly label: string; readonly value: ReactNode; readonly key?: string }[];
}): ReactNode {
  return (
    <dl className="facts">
      {facts.map(({ label, value, key }) => (
        <div key={key ?? label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
