import type { Credentials } from './options.js';

/** The secrets of credentials, in every form in which a response may echo them. */
export function secretsOf(credentials: Credentials): readonly string[] {
  const texts = Object.values(credentials).flatMap((value) => (typeof value === 'string' ? [value] : []));
  const { user, password } = 'basic' in credentials ? credentials.basic : { user: '', password: '' };
  const basic = password === '' ? [] : [password, Buffer.from(`${user}:${password}`).toString('base64')];
  const own = 'user' in credentials ? [credentials.password] : texts;
  return [...own, ...basic]
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, escaped(secret)]);
}

/** Shorter secrets occur inside other words, and replacing them would reveal them. */
const SHORTEST = 4;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Removes secrets from a text. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '[secret]'), text);
}
