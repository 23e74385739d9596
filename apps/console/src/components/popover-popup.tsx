import { Popover } from '@base-ui/react/popover';
import type { ReactNode } from 'react';
import { isOnTrigger, type PopupState } from './popup-trigger.ts';
import './popup.css';

/** The part of a popover that is loaded on demand. */
export function PopoverPopup({
  state,
  label,
  align,
  children,
}: {
  state: PopupState;
  label: string;
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
          <Popover.Popup className="popup" aria-label={label} finalFocus={state.anchor}>
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
