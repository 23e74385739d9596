import defaultPaths, { type PlatformPath } from 'node:path';
import picomatch from 'picomatch';
import { slashed } from './dest-path.js';

/** Which files to upload. */
export interface FileRules {
  /**
   * Glob patterns of the files to upload; all by default. `*` and `?` match within a name, `**` across folders, `{a,b}` is a choice. A
   * pattern without a slash matches names, another one paths: below the folder that is uploaded, from the working directory, or
   * absolute. A folder that matches is uploaded whole.
   */
  readonly include?: string | readonly string[] | undefined;
  /** Glob patterns of files and folders to leave out. They win over `include`. */
  readonly exclude?: string | readonly string[] | undefined;
  /**
   * Whether to upload what is left out by default: files that operating systems leave in folders, such as `.DS_Store`, `Thumbs.db` and
   * `desktop.ini`, and files and folders below the given ones whose names begin with a dot.
   */
  readonly hidden?: boolean | undefined;
  /** Decides about each file that the other rules let through, by its path; all by default. */
  readonly filter?: ((path: string) => boolean) | undefined;
}

/**
 * The rule that left a file out: it belongs to the operating system, its name begins with a dot, a pattern of `exclude` matches it, no
 * pattern of `include` does, or `filter` refused it.
 */
export type LeftOutRule = 'system' | 'hidden' | 'exclude' | 'include' | 'filter';

/** A file or folder that was not uploaded because of a rule. Of a folder, nothing was read. */
export interface LeftOut {
  /** Its path; that of a folder ends with a separator. */
  readonly path: string;
  readonly rule: LeftOutRule;
}

/** Something that was found. */
export interface FoundPath {
  readonly path: string;
  /** Its path below the folder that is uploaded, or its name where it was given itself. */
  readonly below: string;
  readonly isFolder: boolean;
  /** Whether it was given itself. What is asked for by name is uploaded though it is hidden, unless it belongs to the system. */
  readonly isGiven: boolean;
}

/** What operating systems and file servers leave in folders. Windows and macOS do not mind the case. */
const SYSTEM =
  /^(?:\.ds_store|\.apple(?:double|desktop)|\.lsoverride|\.localized|\.fseventsd|\.spotlight-v100|\.trashes|\.temporaryitems|\.directory|\._.*|__macosx|icon\r|(?:eh)?thumbs(?:_vista)?\.db|desktop\.ini|\$recycle\.bin|system volume information|@eadir|~\$.*)$/i;

/**
 * Decides by rules which files are uploaded.
 *
 * @internal
 */
export class FileSelection {
  readonly #include: readonly Pattern[];
  readonly #exclude: readonly Pattern[];
  readonly #rules: FileRules;
  readonly #paths: PlatformPath;

  /**
   * @param paths - The rules of the machine where the files are.
   * @throws TypeError for a pattern that is empty.
   */
  constructor(rules: FileRules, paths: PlatformPath = defaultPaths) {
    this.#rules = rules;
    this.#paths = paths;
    this.#include = patterns('include', rules.include, paths);
    this.#exclude = patterns('exclude', rules.exclude, paths);
  }

  /** The rule that leaves something out before its content is looked at; for a folder, all that is in it. */
  leavesOut(found: FoundPath): LeftOutRule | undefined {
    const name = this.#paths.basename(found.below);
    if (this.#rules.hidden !== true) {
      if (SYSTEM.test(name)) return 'system';
      if (!found.isGiven && name.startsWith('.')) return 'hidden';
    }
    return this.#exclude.some((pattern) => pattern.matches(found)) ? 'exclude' : undefined;
  }

  /** Whether `include` names it; a folder, with all that is in it. */
  includes(found: FoundPath): boolean {
    if (this.#include.length === 0) return !found.isFolder;
    return this.#include.some((pattern) => pattern.matches(found));
  }

  passes(path: string): boolean {
    return this.#rules.filter?.(path) ?? true;
  }
}

class Pattern {
  readonly #matches: (text: string) => boolean;
  readonly #onlyFolders: boolean;
  readonly #onlyFiles: boolean;
  readonly #hasSlash: boolean;
  readonly #paths: PlatformPath;

  constructor(option: string, given: unknown, paths: PlatformPath) {
    const isWindows = paths.sep === '\\';
    const text = typeof given === 'string' ? slashed(given, paths).replace(/^(?:\.\/)+/, '') : '';
    const glob = text.replace(/(?<=.)\/+$/, '');
    if (glob === '' || glob === '.')
      throw new TypeError(`${option} is ${JSON.stringify(given)}; expected a pattern such as "*.psd"`);
    this.#paths = paths;
    this.#onlyFolders = glob !== text;
    // Of the pattern !*.tif, which matches all other files, folders must not be taken for files.
    this.#onlyFiles = picomatch.scan(glob).negated === true;
    this.#hasSlash = glob.includes('/');
    this.#matches = picomatch(glob, { dot: true, nocase: isWindows, windows: false });
  }

  matches({ path, below, isFolder }: FoundPath): boolean {
    if (isFolder ? this.#onlyFiles : this.#onlyFolders) return false;
    const paths = this.#paths;
    if (!this.#hasSlash) return this.#matches(paths.basename(below));
    const inside = slashed(below, paths);
    const absolute = paths.resolve(path);
    const candidates = [
      inside,
      `/${inside}`,
      slashed(paths.relative('', absolute), paths),
      slashed(absolute, paths),
    ];
    const matching = (text: string): boolean => this.#matches(text);
    return this.#onlyFiles ? candidates.every(matching) : candidates.some(matching);
  }
}

function patterns(
  option: string,
  given: string | readonly string[] | undefined,
  paths: PlatformPath,
): readonly Pattern[] {
  const list = given === undefined ? [] : typeof given === 'string' ? [given] : given;
  return list.map((one) => new Pattern(option, one, paths));
}
