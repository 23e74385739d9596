import { Popover } from '@base-ui/react/popover';
import type { ReactNode } from 'react';
import { isOnTrigger, type PopupState } from './popup-trigger.ts';
import './popup.css';

/** Places a popup at its trigger, and closes it with a click elsewhere. The content is a `Popover.Popup`. */
export function PopupFrame({
  state,
  align,
  children,
}: {
  state: PopupState;
  align: 'start' | 'end';
  children: ReactNode;
}): ReactNode {
  return (
    <Popover.Root
      open={state.isOpen}
      onOpenChange={(isOpen, details) => {
        if (!isOpen && isOnTrigger(details.event, state)) return details.cancel();
        state.setIsOpen(isOpen);
      }}
    >
      <Popover.Portal>
        <Popover.Positioner
          anchor={state.anchor}
          sideOffset={4}
          align={align}
          className="popup-place"
          collisionPadding={8}
        >
          {children}
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
