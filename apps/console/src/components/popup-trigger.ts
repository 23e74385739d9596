import { type RefObject, useRef, useState } from 'react';

/** What the button of a menu or panel needs. Spread it over the button. */
export interface PopupTriggerProps {
  readonly ref: RefObject<HTMLButtonElement | null>;
  readonly 'aria-haspopup': 'menu' | 'dialog';
  readonly 'aria-expanded': boolean;
  readonly onClick: () => void;
  readonly onPointerEnter: () => void;
  readonly onFocus: () => void;
}

/** What the part that is loaded on demand needs. */
export interface PopupState {
  readonly isOpen: boolean;
  readonly setIsOpen: (isOpen: boolean) => void;
  readonly anchor: RefObject<HTMLButtonElement | null>;
}

/** A button whose popup is loaded when the pointer or the focus comes near. `wasOpened` says that it is needed. */
export function usePopup(
  kind: 'menu' | 'dialog',
  load: () => Promise<unknown>,
): { readonly trigger: PopupTriggerProps; readonly state: PopupState; readonly wasOpened: boolean } {
  const anchor = useRef<HTMLButtonElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);
  // The click requests a script again that did not load, and shows the failure.
  const preload = (): void => void load().catch(() => undefined);
  return {
    trigger: {
      ref: anchor,
      'aria-haspopup': kind,
      'aria-expanded': isOpen,
      onClick: () => {
        setWasOpened(true);
        setIsOpen((before) => !before);
      },
      onPointerEnter: preload,
      onFocus: preload,
    },
    state: { isOpen, setIsOpen, anchor },
    wasOpened,
  };
}

/** Whether a click outside was one on the button itself, which closes the popup by its own. */
export function isOnTrigger(event: Event, { anchor }: PopupState): boolean {
  return event.target instanceof Node && anchor.current?.contains(event.target) === true;
}
