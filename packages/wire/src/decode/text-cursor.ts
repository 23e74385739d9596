const LT = 60;
const GT = 62;
const SLASH = 47;

/** A position in a document whose elements have one prefix. */
export class TextCursor {
  position: number;
  protected readonly text: string;
  protected readonly prefix: string;
  /** Where the next reference is, at the position or behind it; the length of the text if there is none. */
  #nextReference = 0;

  constructor(text: string, position: number, prefix: string) {
    this.text = text;
    this.position = position;
    this.prefix = prefix;
    this.hasReference(position, position);
  }

  /** Whether a part of the text has a character reference. Takes parts from first to last. */
  protected hasReference(from: number, to: number): boolean {
    if (this.#nextReference < from) {
      const next = this.text.indexOf('&', from);
      this.#nextReference = next < 0 ? this.text.length : next;
    }
    return this.#nextReference < to;
  }

  /** Whether a start tag with this name comes next. */
  protected isStart(nameAt: number, name: string): boolean {
    const text = this.text;
    return (
      text.charCodeAt(this.position) === LT &&
      (this.prefix === '' || text.startsWith(this.prefix, this.position + 1)) &&
      text.startsWith(name, nameAt)
    );
  }

  protected skipSpace(): void {
    const text = this.text;
    let at = this.position;
    let code = text.charCodeAt(at);
    while (code === 32 || code === 10 || code === 9) {
      at += 1;
      code = text.charCodeAt(at);
    }
    this.position = at;
  }

  /** Reads white space and `</prefix:name>`. */
  protected endTag(name: string): boolean {
    this.skipSpace();
    const text = this.text;
    const at = this.position;
    if (text.charCodeAt(at) !== LT || text.charCodeAt(at + 1) !== SLASH) return false;
    if (this.prefix !== '' && !text.startsWith(this.prefix, at + 2)) return false;
    const nameAt = at + 2 + this.prefix.length;
    const end = nameAt + name.length;
    if (text.charCodeAt(end) !== GT || !text.startsWith(name, nameAt)) return false;
    this.position = end + 1;
    return true;
  }
}
