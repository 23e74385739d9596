import { isSecretName, KEPT_SECRET, withoutUrlSecrets } from '../redaction.js';

export { isSecretName, KEPT_SECRET, redactXml, withoutUrlSecrets } from '../redaction.js';

/** A value with every secret in it replaced. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return withoutUrlSecrets(value);
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      isSecretName(name) ? KEPT_SECRET : withoutSecrets(each),
    ]),
  );
}

/** An edited value with the secrets of the original, where they were left as they were shown. */
export function withSecretsOf(edited: unknown, original: unknown): unknown {
  if (edited === KEPT_SECRET) return original;
  if (typeof edited === 'string' && typeof original === 'string' && edited.includes(KEPT_SECRET))
    return withoutUrlSecrets(original) === edited ? original : restored(edited, original);
  if (Array.isArray(edited)) {
    const before = Array.isArray(original) ? original : [];
    return edited.map((each, index) => withSecretsOf(each, counterpart(each, before) ?? before[index]));
  }
  if (typeof edited !== 'object' || edited === null) return edited;
  const before = (typeof original === 'object' && original !== null ? original : {}) as Record<
    string,
    unknown
  >;
  return Object.fromEntries(
    Object.entries(edited).map(([name, each]) => [name, withSecretsOf(each, before[name])]),
  );
}

/** The item of the original that looks the same, wherever it was. */
function counterpart(edited: unknown, original: readonly unknown[]): unknown {
  const text = JSON.stringify(edited);
  if (!text.includes(KEPT_SECRET)) return undefined;
  return original.find((each) => JSON.stringify(withoutSecrets(each)) === text);
}

/** A URL whose path was edited keeps its credentials only for the same host: others must not get them. */
function restored(edited: string, original: string): string {
  const [, scheme, credentials, host] = /^([a-z][a-z\d+.-]*:\/\/)([^\s/@]+)@([^/?#]*)/i.exec(original) ?? [];
  const now = /^([a-z][a-z\d+.-]*:\/\/)([^\s/@]+)@([^/?#]*)/i.exec(edited);
  if (credentials === undefined || now === null || now[1] !== scheme || now[3] !== host) return edited;
  return edited.replace(`${KEPT_SECRET}@`, () => `${credentials}@`);
}
