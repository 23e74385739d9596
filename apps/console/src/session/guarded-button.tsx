import type { ReactNode } from 'react';
import type { Capabilities } from '../api/contract.ts';
import { Button, type ButtonProps } from '../components/button.tsx';
import { describeRole } from '../shell/company-box.tsx';
import { type Session, useSession } from './session-context.tsx';

/** Why the viewer may not do something; `undefined` if nothing is in the way. */
export function whyNot({ info, user, readOnly, can }: Session, what: keyof Capabilities): string | undefined {
  if (readOnly !== undefined) return readOnly;
  if (can(what)) return undefined;
  const role = user.role === undefined ? 'your role' : `the role ${describeRole(user.role)}`;
  return `${role} does not allow it in ${info.company?.name ?? 'this company'}`;
}

/** A button that stays visible, and says why it does nothing, where console or role do not allow its change. */
export function GuardedButton({
  needs,
  obstacle,
  onClick,
  ...rest
}: ButtonProps & {
  needs: keyof Capabilities;
  /** Another reason not to, such as nothing to save. */
  obstacle?: string | undefined;
}): ReactNode {
  const reason = whyNot(useSession(), needs) ?? obstacle;
  // A disabled button could not be focused, and so never say why.
  return (
    <Button
      {...rest}
      aria-disabled={reason !== undefined}
      title={reason}
      onClick={(event) => {
        if (reason === undefined) onClick?.(event);
        else event.preventDefault();
      }}
    />
  );
}
