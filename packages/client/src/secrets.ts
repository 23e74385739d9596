import type { Credentials } from './options.js';

/** The secrets of credentials, in every form in which an answer may repeat a request. */
export function secretsOf(credentials: Credentials): readonly string[] {
  const texts = Object.values(credentials).flatMap((value) => (typeof value === 'string' ? [value] : []));
  const { user, password } = 'basic' in credentials ? credentials.basic : { user: '', password: '' };
  const basic = password === '' ? [] : [password, Buffer.from(`${user}:${password}`).toString('base64')];
  const own = 'user' in credentials ? [credentials.password] : texts;
  return [...own, ...basic]
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, escaped(secret)]);
}

/** Shorter texts stand in other words, and hiding them would show where. */
const SHORTEST = 4;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A text without secrets that it repeats. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '[secret]'), text);
}
