import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { CodegenError, type DiagnosticBag, type SourcePosition } from '../diagnostic.js';
import type { OverlayValue } from './overlay.js';

/**
 * A node of a YAML document with its line, read as the expected kind of value. Values of another kind are
 * reported and treated as absent.
 */
export class YamlCursor {
  readonly #node: Node | null;
  readonly #file: YamlFile;
  readonly #keyPosition: SourcePosition | undefined;
  /** The keys from the top of the file to this node. */
  readonly #path: readonly string[];

  constructor(node: Node | null, file: YamlFile, keyPosition?: SourcePosition, path: readonly string[] = []) {
    this.#node = isAlias(node) ? (node.resolve(file.document) ?? null) : node;
    this.#file = file;
    this.#keyPosition = keyPosition;
    this.#path = path;
  }

  /** The position of the node's key, or of the node itself. */
  get position(): SourcePosition {
    return this.#keyPosition ?? this.#file.positionOf(this.#node);
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  get isList(): boolean {
    return isSeq(this.#node);
  }

  string(): string | undefined {
    if (isScalar(this.#node) && typeof this.#node.value === 'string') {
      const text = this.#node.value.trim();
      if (text !== '') return text;
      this.#report('an empty string');
      return undefined;
    }
    return this.#expected('a string');
  }

  number(): number | undefined {
    return isScalar(this.#node) && typeof this.#node.value === 'number'
      ? this.#node.value
      : this.#expected('a number');
  }

  boolean(): boolean | undefined {
    return isScalar(this.#node) && typeof this.#node.value === 'boolean'
      ? this.#node.value
      : this.#expected('true or false');
  }

  oneOf<T extends string>(values: readonly T[]): T | undefined {
    const text = this.string();
    const found = values.find((v) => v === text);
    if (text !== undefined && found === undefined) this.#report(`"${text}"; expected ${values.join(', ')}`);
    return found;
  }

  list(): YamlCursor[] {
    if (isSeq(this.#node)) {
      return this.#node.items.map(
        (item, index) => new YamlCursor(item as Node, this.#file, undefined, [...this.#path, `${index}`]),
      );
    }
    this.#expected('a list');
    return [];
  }

  strings(): string[] {
    return this.list().flatMap((item) => item.string() ?? []);
  }

  /** The entries of a map whose keys are data, in the order of the file. */
  entries(): (readonly [key: string, value: YamlCursor])[] {
    if (!isMap(this.#node)) {
      if (!(isScalar(this.#node) && this.#node.value === null)) this.#expected('a map');
      return [];
    }
    return this.#node.items.flatMap((pair) => {
      const { key, value } = pair as Pair<Node, Node | null>;
      if (!isScalar(key)) return [];
      const name = String(key.value);
      const path = [...this.#path, name];
      return [[name, new YamlCursor(value, this.#file, this.#file.positionOf(key), path)] as const];
    });
  }

  /** The entries of a map with a fixed set of keys; others are reported. */
  record<K extends string>(keys: readonly K[]): Partial<Record<K, YamlCursor>> {
    const result: Partial<Record<K, YamlCursor>> = {};
    for (const [key, value] of this.entries()) {
      const known = keys.find((k) => k === key);
      if (known !== undefined) result[known] = value;
      else if (key === 'inferred') {
        this.#file.bag.add(
          'derived-overlay-key',
          `${value.#path.join('/')}: remove "inferred"; entries without a "source" are inferred automatically`,
          value.position,
        );
      } else {
        this.#file.bag.add(
          'unknown-overlay-key',
          `unknown key "${key}"; expected one of ${keys.join(', ')}`,
          value.position,
        );
      }
    }
    return result;
  }

  /** Any value, as plain data. */
  value(): OverlayValue {
    return (this.#node?.toJS(this.#file.document) ?? null) as OverlayValue;
  }

  #expected(what: string): undefined {
    this.#report(`${describe(this.#node)}; expected ${what}`);
    return undefined;
  }

  #report(what: string): void {
    this.#file.bag.add('bad-overlay-value', `found ${what}`, this.position);
  }
}

/** One parsed overlay file. */
export class YamlFile {
  readonly file: string;
  readonly bag: DiagnosticBag;
  readonly document: ReturnType<typeof parseDocument>;
  readonly #lines = new LineCounter();

  /** @throws CodegenError when the text is not well-formed YAML. */
  constructor(text: string, file: string, bag: DiagnosticBag) {
    this.file = file;
    this.bag = bag;
    this.document = parseDocument(text, {
      lineCounter: this.#lines,
      strict: true,
      uniqueKeys: true,
      version: '1.2',
    });
    if (this.document.errors.length > 0) {
      throw new CodegenError(
        this.document.errors.map((error) => {
          const at = this.#lines.linePos(error.pos[0]);
          const message = error.message.split('\n', 1)[0]?.replace(/ at line \d+.*$/, '') ?? '';
          return { code: 'malformed-yaml', message, position: { file, line: at.line, column: at.col } };
        }),
      );
    }
  }

  root(): YamlCursor {
    return new YamlCursor(this.document.contents, this);
  }

  positionOf(node: Node | null): SourcePosition {
    const at = this.#lines.linePos(node?.range?.[0] ?? 0);
    return { file: this.file, line: Math.max(1, at.line), column: Math.max(1, at.col) };
  }
}

function describe(node: Node | null): string {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  if (isScalar(node) && node.value !== null) return JSON.stringify(node.value);
  return 'nothing';
}
