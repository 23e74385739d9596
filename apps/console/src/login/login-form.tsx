import { type FormEvent, type ReactNode, useId, useRef, useState } from 'react';
import type { ProfileInfo } from '../api/contract.ts';
import { Button } from '../components/button.tsx';
import { TextField } from '../components/fields.tsx';
import type { Gate } from '../session/session-context.tsx';

/** User, password and, where there are several, the profile. The browser keeps none of them. */
export function LoginForm({ gate }: { gate: Gate }): ReactNode {
  const { info } = gate;
  const [chosen, setChosen] = useState(info.profile);
  const profile = info.profiles.find(({ name }) => name === chosen) ?? info.profiles[0];
  return (
    <>
      {info.profiles.length > 1 && (
        <ProfileSelect profiles={info.profiles} chosen={profile?.name ?? ''} onChoose={setChosen} />
      )}
      {/* A profile has suggestions of its own, so its form starts over. */}
      <CredentialsForm key={profile?.name} gate={gate} profile={profile} />
    </>
  );
}

function ProfileSelect({
  profiles,
  chosen,
  onChoose,
}: {
  profiles: readonly ProfileInfo[];
  chosen: string;
  onChoose: (name: string) => void;
}): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>Profile</label>
      <select id={id} className="select" value={chosen} onChange={(event) => onChoose(event.target.value)}>
        {profiles.map(({ name, readOnly }) => (
          <option key={name} value={name}>
            {name}
            {readOnly ? ' (read-only)' : ''}
          </option>
        ))}
      </select>
    </div>
  );
}

function CredentialsForm({ gate, profile }: { gate: Gate; profile: ProfileInfo | undefined }): ReactNode {
  const [user, setUser] = useState(profile?.user ?? '');
  const [password, setPassword] = useState('');
  const [company, setCompany] = useState(profile?.company ?? '');
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const passwordField = useRef<HTMLInputElement>(null);
  const isKnown = profile?.hasCredentials === true;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    setProblem(undefined);
    try {
      await gate.login({
        ...(profile === undefined ? {} : { profile: profile.name }),
        ...(isKnown ? {} : { user, password }),
        ...(company.trim() === '' ? {} : { company: company.trim() }),
      });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setPassword('');
      passwordField.current?.focus();
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <form className="login-form" onSubmit={(event) => void submit(event)}>
      <p className="secondary break">{profile?.endpoint ?? gate.info.service.endpoint}</p>
      {isKnown ? (
        <p>
          The profile has a password for <b className="break">{profile.user ?? 'its user'}</b>.
        </p>
      ) : (
        <>
          <TextField
            label="E-mail address"
            type="email"
            name="username"
            autoComplete="username"
            required
            value={user}
            onChange={(event) => setUser(event.target.value)}
          />
          <TextField
            ref={passwordField}
            label="Password"
            type="password"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </>
      )}
      <TextField
        label="Company"
        hint="Its name or handle. Without one, the first that you belong to."
        name="organization"
        autoComplete="organization"
        value={company}
        onChange={(event) => setCompany(event.target.value)}
      />
      {problem !== undefined && (
        <p className="problem-line" role="alert">
          {problem}
        </p>
      )}
      <Button type="submit" look="primary" disabled={isBusy}>
        {isBusy ? 'Logging in…' : 'Log in'}
      </Button>
    </form>
  );
}
