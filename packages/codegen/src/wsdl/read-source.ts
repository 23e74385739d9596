import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { CodegenError, type SourcePosition } from '../diagnostic.js';
import { displayPath } from '../display-path.js';
import { decodeBytes } from '../xml/decode-bytes.js';
import { parseXml, type XmlElement } from '../xml/parse-xml.js';

/**
 * Reads the bytes or the text of a file. Tests and tools with documents in memory pass their own function.
 */
export type ReadFile = (path: string) => string | Uint8Array;

const MAX_BYTES = 64 * 1024 * 1024;

/** Reads documents from files. */
export class Sources {
  readonly #readFile: ReadFile;
  readonly #resolve: Readonly<Record<string, string>>;

  /** @param files - Local files by the location they replace, usually a URL. */
  constructor(
    readFile: ReadFile = (path) => readFileSync(path),
    files: Readonly<Record<string, string>> = {},
  ) {
    this.#readFile = readFile;
    this.#resolve = files;
  }

  /** The path of a location, relative to the folder of the document, or `undefined` if it is not on disk. */
  find(location: string, folder: string): string | undefined {
    if (Object.hasOwn(this.#resolve, location)) return resolve(this.#resolve[location] ?? '');
    if (/^[a-z][a-z0-9+.-]*:/i.test(location) || location.startsWith('//') || isAbsolute(location)) {
      return undefined;
    }
    return resolve(folder, location);
  }

  /** A location is a URI reference, so the file may have the unescaped name. */
  #open(path: string): string | Uint8Array {
    try {
      return this.#readFile(path);
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isMissing || !/^(?:[^%]|%[0-9a-f]{2})+$/i.test(path) || !path.includes('%')) throw error;
      return this.#readFile(
        path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      );
    }
  }

  /**
   * The document's root.
   *
   * @param unprefixed - The namespace of names without a prefix if the root declares none.
   */
  read(path: string, shown: string, from: SourcePosition | undefined, unprefixed?: string): XmlElement {
    const file = displayPath(path);
    const position = from ?? { file, line: 1, column: 1 };
    let source: string | Uint8Array;
    try {
      source = this.#open(path);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const reason =
        code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'it is a folder' : String(code ?? error);
      const advice = from === undefined ? '' : `; save it there, or give --resolve ${shown}=FILE`;
      stop('unreadable-file', `cannot read "${shown}": ${reason}${advice}`, position);
    }
    if (source.length > MAX_BYTES)
      stop('too-large', `"${shown}" is larger than ${MAX_BYTES} bytes`, position);
    return parseXml(typeof source === 'string' ? source : decodeBytes(source, file), file, unprefixed);
  }
}

/** Throws a single finding. */
export function stop(code: string, message: string, position: SourcePosition): never {
  throw new CodegenError([{ code, message, position }]);
}
