import { lazy, type ReactNode, Suspense } from 'react';
import { type PopupTriggerProps, usePopup } from './popup-trigger.ts';

const load = () => import('./popover-popup.tsx');
const PopoverPopup = lazy(async () => ({ default: (await load()).PopoverPopup }));

/** A button that opens a panel, such as the choices of a filter. */
export function Popover({
  trigger,
  label,
  align = 'start',
  children,
}: {
  /** The button, such as `(props) => <Button {...props}>Filter</Button>`. */
  trigger: (props: PopupTriggerProps) => ReactNode;
  /** Names the panel for screen readers. */
  label: string;
  align?: 'start' | 'end';
  children: ReactNode;
}): ReactNode {
  const popup = usePopup('dialog', load);
  return (
    <>
      {trigger(popup.trigger)}
      {popup.wasOpened && (
        <Suspense>
          <PopoverPopup state={popup.state} label={label} align={align}>
            {children}
          </PopoverPopup>
        </Suspense>
      )}
    </>
  );
}
