/** A key, or two in a row such as `g j`. */
export interface Shortcut {
  readonly keys: string;
  readonly label: string;
  readonly run: () => void;
}

/** What a key map reads of a keyboard event. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Milliseconds in which the second key of a pair counts. */
const PAIR = 1500;

/** Finds the shortcut of a key. The latest registration of keys wins, so a page overrides the shell. */
export class KeyMap {
  readonly #shortcuts: Shortcut[] = [];
  #first: { readonly key: string; readonly at: number } | undefined;

  add(shortcut: Shortcut): () => void {
    this.#shortcuts.push(shortcut);
    return () => {
      const index = this.#shortcuts.indexOf(shortcut);
      if (index !== -1) this.#shortcuts.splice(index, 1);
    };
  }

  /** Those in force, for the help. */
  list(): readonly Shortcut[] {
    const byKeys = new Map<string, Shortcut>();
    for (const shortcut of this.#shortcuts) byKeys.set(shortcut.keys, shortcut);
    return [...byKeys.values()];
  }

  /** The shortcut that a key completes. */
  press({ key, ctrlKey, metaKey, altKey }: KeyPress, now: number): Shortcut | undefined {
    if (ctrlKey || metaKey || altKey) return undefined;
    const first = this.#first !== undefined && now - this.#first.at < PAIR ? this.#first.key : undefined;
    this.#first = undefined;
    const found = first === undefined ? undefined : this.#of(`${first} ${key}`);
    if (found !== undefined) return found;
    if (this.#shortcuts.some(({ keys }) => keys.startsWith(`${key} `))) this.#first = { key, at: now };
    return this.#of(key);
  }

  #of(keys: string): Shortcut | undefined {
    return this.#shortcuts.findLast((shortcut) => shortcut.keys === keys);
  }
}
