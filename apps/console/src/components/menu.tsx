import { lazy, type ReactNode, Suspense } from 'react';
import type { MenuEntry } from './menu-entry.ts';
import { type PopupTriggerProps, usePopup } from './popup-trigger.ts';

const load = () => import('./menu-popup.tsx');
const MenuPopup = lazy(async () => ({ default: (await load()).MenuPopup }));

/** A button that opens a menu. */
export function Menu({
  trigger,
  entries,
  align = 'end',
}: {
  /** The button, such as `(props) => <Button {...props}>More</Button>`. */
  trigger: (props: PopupTriggerProps) => ReactNode;
  entries: readonly MenuEntry[];
  align?: 'start' | 'end';
}): ReactNode {
  const popup = usePopup('menu', load);
  return (
    <>
      {trigger(popup.trigger)}
      {popup.wasOpened && (
        <Suspense>
          <MenuPopup state={popup.state} entries={entries} align={align} />
        </Suspense>
      )}
    </>
  );
}
