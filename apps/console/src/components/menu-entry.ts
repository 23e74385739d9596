/** A line of a menu. */
export type MenuEntry =
  | {
      readonly kind: 'item';
      readonly label: string;
      readonly onSelect: () => void;
      readonly isDisabled?: boolean;
      readonly isDangerous?: boolean;
    }
  /** One of several that exclude each other. */
  | {
      readonly kind: 'choices';
      readonly label: string;
      readonly value: string;
      readonly choices: readonly { readonly value: string; readonly label: string }[];
      readonly onChange: (value: string) => void;
    }
  /** Something that is on or off. The menu stays open. */
  | {
      readonly kind: 'check';
      readonly label: string;
      readonly isChecked: boolean;
      readonly onChange: (isChecked: boolean) => void;
      readonly isDisabled?: boolean;
    }
  | { readonly kind: 'separator' };
