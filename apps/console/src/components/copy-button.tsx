import { type ReactNode, useEffect, useState } from 'react';
import { Button, IconButton } from './button.tsx';
import { useToast } from './toast.tsx';

/** Puts a text on the clipboard. Without `children` it is an icon; `what` says what it copies. */
export function CopyButton({
  text,
  what,
  children,
}: {
  text: string | (() => string | Promise<string>);
  what: string;
  children?: ReactNode;
}): ReactNode {
  const [isCopied, setIsCopied] = useState(false);
  const toast = useToast();
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : await text());
      setIsCopied(true);
      toast.say(`copied ${what}`);
    } catch {
      toast.fail(`cannot copy ${what}: the browser refuses access to the clipboard`);
    }
  };

  const icon = isCopied ? 'check' : 'copy';
  if (children === undefined) {
    return <IconButton look="quiet" icon={icon} label={`Copy ${what}`} onClick={() => void copy()} />;
  }
  return (
    <Button icon={icon} onClick={() => void copy()}>
      {children}
    </Button>
  );
}
