import type { ReactNode } from 'react';
import { Card } from './card.tsx';
import { CopyButton } from './copy-button.tsx';
import './shell-block.css';

/** The same from a shell, or in TypeScript. */
export function ShellBlock({
  title = 'The same from a shell',
  code,
}: {
  title?: string;
  code: string | readonly string[];
}): ReactNode {
  const text = typeof code === 'string' ? code : code.join('\n');
  return (
    <Card title={title} tools={<CopyButton text={text} what="the commands" />}>
      <CodeText text={text} />
    </Card>
  );
}

/** Text in the fixed font, wrapped rather than scrolled sideways. */
export function CodeText({
  text,
  label,
}: {
  text: string;
  /** Names a text so long that it scrolls: it takes the focus then, for the keys that scroll. */
  label?: string;
}): ReactNode {
  if (label === undefined) return <pre className="code-text">{text}</pre>;
  return (
    // biome-ignore lint/a11y/useSemanticElements: no other element keeps the lines of a text.
    <pre
      className="code-text long"
      role="region"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard.
      tabIndex={0}
    >
      {text}
    </pre>
  );
}

/** The same from a shell in one line, for the foot of a list. */
export function ShellLine({ code }: { code: string }): ReactNode {
  return (
    <p className="shell-line">
      <span>The same from a shell</span>
      <code className="break">{code}</code>
      <CopyButton text={code} what="the command" />
    </p>
  );
}
