import { Popover } from '@base-ui/react/popover';
import type { ReactNode } from 'react';
import { PopupFrame } from './popup-frame.tsx';
import type { PopupState } from './popup-trigger.ts';

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
    <PopupFrame state={state} align={align}>
      <Popover.Popup className="popup" aria-label={label} finalFocus={state.anchor}>
        {children}
      </Popover.Popup>
    </PopupFrame>
  );
}
