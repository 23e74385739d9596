import { join } from 'node:path';
import type { Region, Stage } from '@ips-sdk/client';
import { nearest } from '@ips-sdk/types/nearest';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-code.js';
import { configFolder } from './folders.js';
import { readSettings, writePrivate } from './private-file.js';

/** The service, company and user of a profile, without the secret. */
export interface Profile {
  readonly endpoint?: string | undefined;
  readonly region?: Region | undefined;
  readonly stage?: Stage | undefined;
  readonly company?: string | undefined;
  readonly user?: string | undefined;
  /** Where the secret is stored: the system keychain, or a file next to the profiles; absent without a secret. */
  readonly secret?: 'keychain' | 'file' | undefined;
}

/** The fields that `ips profile set` can set. */
export const PROFILE_FIELDS = ['endpoint', 'region', 'stage', 'company', 'user'] as const;

interface Settings {
  readonly current?: string | undefined;
  readonly profiles: Readonly<Record<string, Profile>>;
}

/** The user's profiles, stored in a file. */
export class Profiles {
  readonly path: string;
  readonly #settings: Settings;

  private constructor(path: string, settings: Settings) {
    this.path = path;
    this.#settings = settings;
  }

  static async load(env: NodeJS.ProcessEnv): Promise<Profiles> {
    const path = join(configFolder(env), 'config.json');
    return new Profiles(path, checked(path, readSettings(path)));
  }

  /** The name of the current profile, used by default. */
  get current(): string | undefined {
    return this.#settings.current;
  }

  get names(): readonly string[] {
    return Object.keys(this.#settings.profiles).sort();
  }

  find(name: string): Profile | undefined {
    return Object.hasOwn(this.#settings.profiles, name) ? this.#settings.profiles[name] : undefined;
  }

  /** @throws CliError if the profile does not exist. */
  get(name: string): Profile {
    const profile = this.find(name);
    if (profile !== undefined) return profile;
    const meant = nearest(name, this.names);
    throw new CliError(
      EXIT.configuration,
      `unknown profile "${name}"${meant === undefined ? '' : `; did you mean ${meant}?`}`,
      this.names.length === 0
        ? 'ips login creates one'
        : `the profiles are ${this.names.join(', ')}; ips login --profile ${name} creates this one`,
    );
  }

  /** Saves a profile and, if there is no current profile, makes it the current one. */
  set(name: string, profile: Profile): Promise<Profiles> {
    checkName(name);
    const profiles = { ...this.#settings.profiles, [name]: profile };
    return this.#save({ current: this.current ?? name, profiles });
  }

  use(name: string): Promise<Profiles> {
    this.get(name);
    return this.#save({ ...this.#settings, current: name });
  }

  delete(name: string): Promise<Profiles> {
    this.get(name);
    const { [name]: _, ...profiles } = this.#settings.profiles;
    return this.#save({ current: this.current === name ? undefined : this.current, profiles });
  }

  async #save(settings: Settings): Promise<Profiles> {
    await writePrivate(this.path, settings);
    return new Profiles(this.path, settings);
  }
}

/** @throws CliError if the name is not allowed. */
export function checkName(name: string): void {
  if (/^[\w.@-]{1,64}$/.test(name) && name !== '__proto__') return;
  throw new CliError(
    EXIT.usage,
    `${JSON.stringify(name)} is not a valid profile name`,
    'use up to 64 letters, digits, . _ @ and -',
  );
}

function checked(path: string, value: unknown): Settings {
  if (value === undefined) return { profiles: {} };
  const settings = value as Partial<Settings>;
  const isObject = (one: unknown): boolean => typeof one === 'object' && one !== null && !Array.isArray(one);
  const good =
    isObject(value) &&
    isObject(settings.profiles) &&
    Object.values(settings.profiles ?? {}).every(isObject) &&
    (settings.current === undefined || typeof settings.current === 'string');
  if (good) return settings as Settings;
  throw new CliError(
    EXIT.configuration,
    `${path}: expected { "current": name, "profiles": { name: { … } } }`,
    'fix the file, or move it away and run ips login',
  );
}
