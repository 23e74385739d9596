import defaultPaths, { type PlatformPath } from 'node:path';
import picomatch from 'picomatch';
import { ConfigError } from '../config-error.js';
import { slashed } from './dest-path.js';

/** Which files to upload. */
export interface FileRules {
  /**
   * Glob patterns of files to upload. `*` and `?` match within a name, `**` matches across folders, and `{a,b}` matches alternatives. A
   * pattern without a slash matches names. A pattern with a slash matches paths: relative to the uploaded folder, relative to the working
   * directory, or absolute. A matching folder is uploaded with all of its files. Default: all files.
   */
  readonly include?: string | readonly string[] | undefined;
  /** Glob patterns of files and folders to skip. They take precedence over `include`. */
  readonly exclude?: string | readonly string[] | undefined;
  /**
   * Whether to include hidden files, whose names begin with a dot, and files of the operating system, such as `.DS_Store`, `Thumbs.db` and
   * `desktop.ini`. Default: `false`.
   */
  readonly hidden?: boolean | undefined;
  /** Called with the path of each file that passes the other rules. Return `false` to skip the file. */
  readonly filter?: ((path: string) => boolean) | undefined;
}

/**
 * The reason for skipping a file: it belongs to the operating system, it is hidden, it matches `exclude`, it does not match `include`,
 * `filter` returned `false`, it is a link whose target is missing, or it is neither a file nor a folder, such as a socket.
 */
export type LeftOutRule = 'system' | 'hidden' | 'exclude' | 'include' | 'filter' | 'link' | 'special';

/** A skipped file or folder. The content of a skipped folder was not read. */
export interface LeftOut {
  /** Path of the file or folder. The path of a folder ends with a separator. */
  readonly path: string;
  readonly rule: LeftOutRule;
}

/** A file or folder that was found. */
export interface FoundPath {
  readonly path: string;
  /** Path relative to the uploaded folder, or the name if the file itself was given. */
  readonly below: string;
  readonly isFolder: boolean;
  /** Whether it was given by the caller. Such a file is uploaded even if it is hidden, unless it belongs to the operating system. */
  readonly isGiven: boolean;
}

/** Files of operating systems and file servers. Windows and macOS ignore case. */
const SYSTEM =
  /^(?:\.ds_store|\.apple(?:double|desktop)|\.lsoverride|\.localized|\.fseventsd|\.spotlight-v100|\.trashes|\.temporaryitems|\.directory|\._.*|__macosx|icon\r|(?:eh)?thumbs(?:_vista)?\.db|desktop\.ini|\$recycle\.bin|system volume information|@eadir|~\$.*)$/i;

/**
 * Applies the rules for files to upload.
 *
 * @internal
 */
export class FileSelection {
  readonly #include: readonly Pattern[];
  readonly #exclude: readonly Pattern[];
  readonly #rules: FileRules;
  readonly #paths: PlatformPath;

  /**
   * @param paths - The path rules of the machine with the files.
   * @throws ConfigError for an empty pattern.
   */
  constructor(rules: FileRules, paths: PlatformPath = defaultPaths) {
    this.#rules = rules;
    this.#paths = paths;
    this.#include = patterns('include', rules.include, paths);
    this.#exclude = patterns('exclude', rules.exclude, paths);
  }

  /** The rule that skips a file or a whole folder by its name. */
  leavesOut(found: FoundPath): LeftOutRule | undefined {
    const name = this.#paths.basename(found.below);
    if (this.#rules.hidden !== true) {
      if (SYSTEM.test(name)) return 'system';
      if (!found.isGiven && name.startsWith('.')) return 'hidden';
    }
    return this.#exclude.some((pattern) => pattern.matches(found)) ? 'exclude' : undefined;
  }

  /** Whether `include` matches. A matching folder is uploaded with all of its files. */
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
      throw new ConfigError(option, `expected a pattern such as "*.psd", found ${JSON.stringify(given)}`);
    this.#paths = paths;
    this.#onlyFolders = glob !== text;
    // A negated pattern such as !*.tif matches all other files, but must not match folders.
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
