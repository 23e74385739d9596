import { Frame } from './frame.js';

/** The open elements of a document, and their paths for messages. */
export class ElementStack {
  protected readonly stack: Frame[] = [];
  /** The innermost open element. */
  protected top: Frame = new Frame('document');

  /** The path of the open element, for messages. */
  path(): string {
    return this.#pathAt(this.stack.length);
  }

  /**
   * The path of an open element from the document, with the index of its current item. Frames cache their paths, because a document can
   * have millions of deeply nested elements to report.
   */
  #pathAt(level: number): string {
    const frame = level === this.stack.length ? this.top : this.stack[level];
    if (frame === undefined) return '';
    if (frame.path === undefined) {
      const above = this.#pathAt(level - 1);
      const name = frame.message?.element ?? frame.field?.property;
      const inArray = this.stack[level - 1]?.kind === 'array';
      frame.path = name === undefined || inArray ? above : above === '' ? name : `${above}.${name}`;
    }
    return frame.kind === 'array' ? `${frame.path}[${frame.count}]` : frame.path;
  }

  /** The namespace of a prefix in the scope of the open element. */
  protected namespaceAround(prefix: string): string | undefined {
    for (let level = this.stack.length - 1; level >= 0; level -= 1) {
      const uri = this.stack[level]?.declared?.[prefix];
      if (uri !== undefined) return uri;
    }
    return undefined;
  }

  protected push(next: Frame): void {
    this.stack.push(this.top);
    this.top = next;
  }

  protected pop(): void {
    const below = this.stack.pop();
    if (below) this.top = below;
  }
}
