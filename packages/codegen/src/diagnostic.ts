/** A position in a source document. Lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One finding about an input document. */
export interface Diagnostic {
  /** A stable identifier, such as `unsupported-construct` or `unknown-overlay-name`. */
  readonly code: string;
  readonly message: string;
  readonly position: SourcePosition;
}

/** `file:line:column: message [code]`, the form that editors and terminals turn into links. */
export function formatDiagnostic({ code, message, position }: Diagnostic): string {
  return `${position.file}:${position.line}:${position.column}: ${message} [${code}]`;
}

/**
 * Thrown when an input cannot be used. It carries every finding of the phase that failed, not only the
 * first, and never leaves a half-read contract behind.
 */
export class CodegenError extends Error {
  override readonly name = 'CodegenError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join('\n'));
    this.diagnostics = diagnostics;
  }
}

/** Collects findings so that one run reports all of them. */
export class DiagnosticBag {
  readonly diagnostics: Diagnostic[] = [];

  add(code: string, message: string, position: SourcePosition): void {
    this.diagnostics.push({ code, message, position });
  }

  /** Takes out the findings that a test picks. */
  take(pick: (diagnostic: Diagnostic) => boolean): Diagnostic[] {
    const taken = this.diagnostics.filter(pick);
    const rest = this.diagnostics.filter((one) => !pick(one));
    this.diagnostics.splice(0, this.diagnostics.length, ...rest);
    return taken;
  }

  /** @throws CodegenError when anything was collected. */
  throwIfAny(): void {
    if (this.diagnostics.length > 0) throw new CodegenError(this.diagnostics);
  }
}
