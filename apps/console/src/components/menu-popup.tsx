import { Popover } from '@base-ui/react/popover';
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import { Icon } from './icon.tsx';
import type { MenuEntry } from './menu-entry.ts';
import { PopupFrame } from './popup-frame.tsx';
import type { PopupState } from './popup-trigger.ts';

/**
 * The part of a menu that is loaded on demand. It is a popover whose content has the roles and keys of a menu: the library's own menu,
 * with submenus and hovering, is as large as all pages of assets.
 */
export function MenuPopup({
  state,
  entries,
  align,
}: {
  state: PopupState;
  entries: readonly MenuEntry[];
  align: 'start' | 'end';
}): ReactNode {
  const menu = useRef<HTMLDivElement>(null);
  const close = (): void => state.setIsOpen(false);
  return (
    <PopupFrame state={state} align={align}>
      <Popover.Popup
        ref={menu}
        role="menu"
        className="popup"
        initialFocus={() => itemsOf(menu.current)[0] ?? true}
        finalFocus={state.anchor}
        onKeyDown={(event) => moveFocus(event, menu.current, close)}
      >
        {entries.map((entry, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity but their place.
          <Entry key={index} entry={entry} close={close} />
        ))}
      </Popover.Popup>
    </PopupFrame>
  );
}

function Entry({ entry, close }: { entry: MenuEntry; close: () => void }): ReactNode {
  const label = useId();
  switch (entry.kind) {
    case 'separator':
      // biome-ignore lint/a11y/useSemanticElements: a menu may contain elements of these roles only.
      return <div role="separator" className="menu-separator" />;
    case 'item':
      return (
        <Item
          role="menuitem"
          isDisabled={entry.isDisabled}
          isDangerous={entry.isDangerous}
          onSelect={() => {
            close();
            entry.onSelect();
          }}
        >
          {entry.label}
        </Item>
      );
    case 'check':
      return (
        <Item
          role="menuitemcheckbox"
          isChecked={entry.isChecked}
          isDisabled={entry.isDisabled}
          onSelect={() => entry.onChange(!entry.isChecked)}
        >
          {entry.label}
        </Item>
      );
    case 'choices':
      return (
        // biome-ignore lint/a11y/useSemanticElements: a menu may contain elements of these roles only.
        <div role="group" aria-labelledby={label}>
          <div id={label} role="presentation" className="menu-label">
            {entry.label}
          </div>
          {entry.choices.map((choice) => (
            <Item
              key={choice.value}
              role="menuitemradio"
              isChecked={choice.value === entry.value}
              onSelect={() => {
                close();
                entry.onChange(choice.value);
              }}
            >
              {choice.label}
            </Item>
          ))}
        </div>
      );
  }
}

function Item({
  role,
  isChecked,
  isDisabled = false,
  isDangerous = false,
  onSelect,
  children,
}: {
  role: 'menuitem' | 'menuitemcheckbox' | 'menuitemradio';
  isChecked?: boolean | undefined;
  isDisabled?: boolean | undefined;
  isDangerous?: boolean | undefined;
  onSelect: () => void;
  children: ReactNode;
}): ReactNode {
  return (
    <button
      type="button"
      role={role}
      // The arrows lead from item to item; the tab key leaves the menu.
      tabIndex={-1}
      {...(isChecked === undefined ? {} : { 'aria-checked': isChecked })}
      aria-disabled={isDisabled || undefined}
      className={isDangerous ? 'menu-item bad' : 'menu-item'}
      onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
      onClick={() => !isDisabled && onSelect()}
    >
      {isChecked !== undefined && <span className="menu-mark">{isChecked && <Icon name="check" />}</span>}
      {children}
    </button>
  );
}

function itemsOf(menu: HTMLElement | null): readonly HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('.menu-item') ?? [])];
}

/** The keys of a menu, as the pattern of WAI-ARIA describes them. */
function moveFocus(event: KeyboardEvent, menu: HTMLElement | null, close: () => void): void {
  const items = itemsOf(menu);
  const at = items.findIndex((item) => item.matches(':focus'));
  const next = {
    ArrowDown: items[(at + 1) % items.length],
    ArrowUp: items.at(at <= 0 ? -1 : at - 1),
    Home: items[0],
    End: items.at(-1),
  }[event.key];
  if (event.key === 'Tab') close();
  else if (next !== undefined) next.focus();
  else if (/^\p{L}$/u.test(event.key)) {
    const named = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    named.find((item) => item.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
