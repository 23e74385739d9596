import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon, type IconName } from './icon.tsx';
import './button.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary`: the one thing that the page is for. `danger`: it stops or deletes. */
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly icon?: IconName;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = 'plain', icon, className = '', children, ...rest }: ButtonProps): ReactNode {
  return (
    <button type="button" className={`button ${look} ${className}`} {...rest}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button without words: `label` is read to who cannot see the icon, and shown on hover. */
export function IconButton({
  label,
  icon,
  className = '',
  ...rest
}: Omit<ButtonProps, 'children' | 'icon' | 'title' | 'aria-label'> & {
  label: string;
  icon: IconName;
}): ReactNode {
  return <Button icon={icon} aria-label={label} title={label} className={`square ${className}`} {...rest} />;
}
