import { Menu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { MenuEntry } from './menu-entry.ts';
import { isOnTrigger, type PopupState } from './popup-trigger.ts';
import './popup.css';

/** The part of a menu that is loaded on demand. */
export function MenuPopup({
  state,
  entries,
  align,
}: {
  state: PopupState;
  entries: readonly MenuEntry[];
  align: 'start' | 'end';
}): ReactNode {
  return (
    <Menu.Root
      modal={false}
      open={state.isOpen}
      onOpenChange={(isOpen, details) => {
        if (!isOpen && isOnTrigger(details.event, state)) return details.cancel();
        state.setIsOpen(isOpen);
      }}
    >
      <Menu.Portal>
        <Menu.Positioner
          anchor={state.anchor}
          sideOffset={4}
          align={align}
          className="popup-place"
          collisionPadding={8}
        >
          <Menu.Popup className="popup" finalFocus={state.anchor}>
            {entries.map((entry, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity but their place.
              <Entry key={index} entry={entry} />
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Entry({ entry }: { entry: MenuEntry }): ReactNode {
  switch (entry.kind) {
    case 'separator':
      return <Menu.Separator className="menu-separator" />;
    case 'item':
      return (
        <Menu.Item
          className={entry.isDangerous === true ? 'menu-item bad' : 'menu-item'}
          disabled={entry.isDisabled ?? false}
          onClick={entry.onSelect}
        >
          {entry.label}
        </Menu.Item>
      );
    case 'check':
      return (
        <Menu.CheckboxItem
          className="menu-item"
          checked={entry.isChecked}
          disabled={entry.isDisabled ?? false}
          onCheckedChange={(isChecked) => entry.onChange(isChecked)}
        >
          <span className="menu-mark">
            <Menu.CheckboxItemIndicator>
              <Icon name="check" />
            </Menu.CheckboxItemIndicator>
          </span>
          {entry.label}
        </Menu.CheckboxItem>
      );
    case 'choices':
      return (
        <Menu.Group>
          <Menu.GroupLabel className="menu-label">{entry.label}</Menu.GroupLabel>
          <Menu.RadioGroup value={entry.value} onValueChange={(value: string) => entry.onChange(value)}>
            {entry.choices.map(({ value, label }) => (
              <Menu.RadioItem key={value} value={value} className="menu-item" closeOnClick>
                <span className="menu-mark">
                  <Menu.RadioItemIndicator>
                    <Icon name="check" />
                  </Menu.RadioItemIndicator>
                </span>
                {label}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </Menu.Group>
      );
  }
}
