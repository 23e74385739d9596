import { join } from 'node:path';
import { configFolder } from './folders.js';
import { readPrivate, writePrivate } from './private-file.js';

/** A secret that authenticates a user. */
export type Secret = { readonly password: string } | { readonly accessToken: string };

const SERVICE = 'ips-cli';

/** The store for the secrets of profiles. */
export class Secrets {
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** The file for secrets, used if the system has no keychain. */
  get path(): string {
    return join(configFolder(this.#env), 'secrets.json');
  }

  /** Stores a secret in the keychain if possible, otherwise in the file. Returns where it is stored. */
  async keep(profile: string, secret: Secret): Promise<'keychain' | 'file'> {
    const text = JSON.stringify(secret);
    const entry = await this.#entry(profile);
    if (entry !== undefined) {
      try {
        entry.setPassword(text);
        return 'keychain';
      } catch {
        // The keychain is locked and cannot be unlocked here. Fall back to the file.
      }
    }
    await writePrivate(this.path, { ...(await this.#file()), [profile]: secret });
    return 'file';
  }

  async read(profile: string, place: 'keychain' | 'file'): Promise<Secret | undefined> {
    if (place === 'file') return (await this.#file())[profile];
    const text = (await this.#entry(profile))?.getPassword();
    return text ? (JSON.parse(text) as Secret) : undefined;
  }

  async forget(profile: string, place: 'keychain' | 'file'): Promise<void> {
    if (place === 'keychain') {
      (await this.#entry(profile))?.deleteCredential();
      return;
    }
    const { [profile]: _, ...others } = await this.#file();
    await writePrivate(this.path, others);
  }

  async #file(): Promise<Readonly<Record<string, Secret>>> {
    return (readPrivate(this.path) ?? {}) as Record<string, Secret>;
  }

  /** The keychain entry; `undefined` without a keychain, or if IPS_KEYCHAIN is off. */
  async #entry(
    profile: string,
  ): Promise<
    { setPassword(text: string): void; getPassword(): string | null; deleteCredential(): boolean } | undefined
  > {
    if (/^(?:off|0|false|no)$/i.test(this.#env['IPS_KEYCHAIN'] ?? '')) return undefined;
    try {
      const { Entry } = await import('@napi-rs/keyring');
      // Not the Linux kernel keyring, which is lost on restart.
      return new Entry(SERVICE, `${configFolder(this.#env)}:${profile}`, {
        linux: { store: 'secret-service' },
      });
    } catch {
      return undefined;
    }
  }
}
