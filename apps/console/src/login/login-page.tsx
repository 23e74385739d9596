import type { ReactNode } from 'react';
import { Dialog } from '../components/dialog.tsx';
import type { Gate } from '../session/session-context.tsx';
import { Logo } from '../shell/logo.tsx';
import { ThemeSwitch } from '../shell/theme-switch.tsx';
import { LoginForm } from './login-form.tsx';
import './login-page.css';

/** The page of who is not logged in. After the end of a session it is a dialog above what was shown. */
export function LoginPage({ gate }: { gate: Gate }): ReactNode {
  if (gate.isExpired) {
    return (
      <Dialog title="Your session has ended" isOpen isClosable={false} onClose={() => undefined}>
        <p>Log in again to continue on this page.</p>
        <LoginForm gate={gate} />
      </Dialog>
    );
  }
  return (
    <main className="login-page">
      <title>Log in · IPS console</title>
      <div className="login-box">
        <Logo />
        <h1>Log in</h1>
        {gate.info.readOnly !== undefined && <p className="secondary">{gate.info.readOnly}</p>}
        <LoginForm gate={gate} />
      </div>
      <footer className="secondary">
        <span>Version {gate.info.version}</span>
        <ThemeSwitch />
      </footer>
    </main>
  );
}
